import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { readAlerts } from '../../usecases/signing/alerts.ts'
import {
  activateCredential,
  listCredentials,
  readCredential,
  retireCredential,
} from '../../usecases/signing/credentials.ts'
import { refusals } from '../problem.ts'
import { Instant, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { importRoute } from './import.ts'
import { Owner, showSigner, SignerId, SignerView } from './view.ts'

const params = z.object({ id: SignerId.openapi({ param: { name: 'id', in: 'path' } }) })
const common = { tags: ['Operation'], security: [{ officer: [] }] }
const shown = (description: string) => ({
  200: { description, content: { 'application/json': { schema: SignerView } } },
})
const Page = pageOfItems(SignerView).openapi('SigningCredentialPage')

const Alerts = z
  .object({
    items: z
      .array(
        z.object({
          who: z.string().max(310).openapi({
            description: 'Whose certificate, or which service; `archive`: what keeps copies provable.',
          }),
          reason: z.string().max(500).openapi({ example: 'certificate-expired' }),
          since: Instant,
          waiting: z.int().openapi({ description: 'How many copies wait for it.' }),
          until: Instant.nullable().openapi({ description: 'When the certificate ends, or has ended.' }),
        }),
      )
      .max(1000),
  })
  .openapi('SigningAlerts')

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  ...common,
  method: 'get',
  path: '/v1/signing-credentials',
  operationId: 'listSigningCredentials',
  summary: 'List who may sign with what',
  description:
    'For operators. Certificates of officers and seals, newest first, with who imported, activated and retired them.',
  request: { query: PageQuery.extend({ owner: Owner.optional() }) },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noList.responses,
  },
})

const noRead = refusals('token-needed', 'not-allowed', 'no-such-signing-credential')
const read = createRoute({
  ...common,
  method: 'get',
  path: '/v1/signing-credentials/{id}',
  operationId: 'readSigningCredential',
  summary: 'Read a signing credential',
  description: 'For operators. Its certificate’s facts and where its key lies; never a key.',
  request: { params },
  responses: { ...shown('The credential'), ...noRead.responses },
})

const noStart = refusals(
  'token-needed',
  'not-allowed',
  'no-such-signing-credential',
  'signing-credential-retired',
  'signing-credential-unusable',
)
const activate = createRoute({
  ...common,
  method: 'post',
  path: '/v1/signing-credentials/{id}/activation',
  operationId: 'activateSigningCredential',
  summary: 'Let a credential sign',
  description:
    'For operators. Checks chain, validity and revocation and makes a trial signature; from then on it signs before those that were activated earlier, and copies that waited for its owner go on within a minute.',
  request: { params },
  responses: { ...shown('Active, now or before'), ...noStart.responses },
})

const retire = createRoute({
  ...common,
  method: 'post',
  path: '/v1/signing-credentials/{id}/retirement',
  operationId: 'retireSigningCredential',
  summary: 'Take a credential out of use',
  description: 'For operators. It signs nothing from now on, for good; what it signed stays valid.',
  request: { params },
  responses: { ...shown('Retired, now or before'), ...noRead.responses },
})

const alerts = createRoute({
  ...common,
  method: 'get',
  path: '/v1/signing-alerts',
  operationId: 'listSigningAlerts',
  summary: 'See what keeps copies from being signed, or soon will',
  description:
    'For operators. An expired or revoked certificate, a signing or time-stamp service that does not answer: copies wait, with their numbers, until it is mended. Also what soon will: the last certificate of a signer that is about to end, and archive time-stamps that could not be made. Empty when all is well.',
  responses: {
    200: { description: 'By cause', content: { 'application/json': { schema: Alerts } } },
    ...noList.responses,
  },
})

export function mountSigning(api: Api) {
  importRoute(api)
  api.openapi(list, async (c) => {
    const { limit, after, owner } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listCredentials(c.var.context, owner, after, limit))
    return c.json(Page.parse({ items: items.map(showSigner), next }), 200, linkNext(c, next))
  })
  api.openapi(read, async (c) =>
    c.json(showSigner(noRead.unwrap(await readCredential(c.var.context, c.req.valid('param').id))), 200),
  )
  api.openapi(activate, async (c) =>
    c.json(showSigner(noStart.unwrap(await activateCredential(c.var.context, c.req.valid('param').id))), 200),
  )
  api.openapi(retire, async (c) =>
    c.json(showSigner(noRead.unwrap(await retireCredential(c.var.context, c.req.valid('param').id))), 200),
  )
  api.openapi(alerts, async (c) => c.json(Alerts.parse({ items: noList.unwrap(await readAlerts(c.var.context)) }), 200))
}

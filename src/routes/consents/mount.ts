import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { endConsent, listConsents, listConsentUses, readConsent } from '../../usecases/consents/read.ts'
import { authorizeRoutes } from '../oauth/authorize.ts'
import { consentRoutes } from '../oauth/consent.ts'
import { revokeRoute } from '../oauth/revoke.ts'
import { refusals } from '../problem.ts'
import { contentTag } from '../public.ts'
import { alreadyHas, linkNext, PageQuery } from '../shapes.ts'
import { termsRoutes } from './terms.ts'
import { ConsentId, ConsentPage, ConsentUsePage, ConsentView, showConsent, showUse } from './view.ts'

const common = { tags: ['Consents'], security: [{ citizen: ['dossiers'] }] }
const one = { params: z.object({ id: ConsentId }) }
const linked = z.object({ link: z.string().optional() })

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  ...common,
  method: 'get',
  path: '/v1/consents',
  operationId: 'listConsents',
  summary: 'List the consents that I gave',
  description: 'Which apps may read what is yours, and those that ended; newest first.',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', headers: linked, content: { 'application/json': { schema: ConsentPage } } },
    ...noList.responses,
  },
})

const no = refusals('token-needed', 'not-allowed', 'no-such-consent')
const read = createRoute({
  ...common,
  method: 'get',
  path: '/v1/consents/{id}',
  operationId: 'readConsent',
  summary: 'Read a consent',
  description: 'For who gave it: which app may read what, for what purpose, until when, and when it last did.',
  request: { ...one, headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: {
      description: 'The consent',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: ConsentView } },
    },
    304: { description: 'You have it as it is.' },
    ...no.responses,
  },
})

const end = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/consents/{id}',
  operationId: 'endConsent',
  summary: 'Withdraw a consent',
  description:
    'From this moment the app reads nothing under it any more, whatever tokens it holds. What it has read stays listed.',
  request: one,
  responses: { 204: { description: 'Ended, now or before' }, ...no.responses },
})

const uses = createRoute({
  ...common,
  method: 'get',
  path: '/v1/consents/{id}/uses',
  operationId: 'listConsentUses',
  summary: 'List what was read under a consent',
  description:
    'For who gave it, the latest day first: each thing that the app read, when on that day it did first and last, and how often.',
  request: { ...one, query: PageQuery },
  responses: {
    200: { description: 'A page', headers: linked, content: { 'application/json': { schema: ConsentUsePage } } },
    ...no.responses,
  },
})

const privately = { 'cache-control': 'private, no-cache' }

/** What citizens let apps read: how apps ask for it, and how citizens see and withdraw it. */
export function mountConsents(api: Api) {
  authorizeRoutes(api)
  consentRoutes(api)
  revokeRoute(api)
  termsRoutes(api)
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listConsents(c.var.context, after, limit))
    const page = ConsentPage.parse({ items: items.map((kept) => showConsent(c, kept)), next })
    return c.json(page, 200, { ...privately, ...linkNext(c, next) })
  })
  api.openapi(read, async (c) => {
    const view = showConsent(c, no.unwrap(await readConsent(c.var.context, c.req.valid('param').id)))
    const headers = { etag: await contentTag(view), ...privately }
    return alreadyHas(c, headers.etag) ? c.body(null, 304, headers) : c.json(view, 200, headers)
  })
  api.openapi(end, async (c) => {
    no.unwrap(await endConsent(c.var.context, c.req.valid('param').id))
    return c.body(null, 204)
  })
  api.openapi(uses, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = no.unwrap(await listConsentUses(c.var.context, c.req.valid('param').id, after, limit))
    return c.json(ConsentUsePage.parse({ items: items.map(showUse), next }), 200, {
      ...privately,
      ...linkNext(c, next),
    })
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { openSharedCopy, readSharedCopy } from '../../usecases/copies/open-share.ts'
import { disclose, discloseWords, linkOf } from '../copies/share-view.ts'
import { attestationForm, pdfForm, sendAttestation, sendPdf, wantedForm } from '../copies/send.ts'
import { refusals } from '../problem.ts'
import { Instant } from '../shapes.ts'
import { Registered, showRegistered } from '../verifications/view.ts'
import { sharePage } from './page.ts'

const Token = z
  .string()
  .max(43)
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .openapi({
    param: { name: 'token', in: 'path' },
    description: 'What the owner of a copy handed on: 256 random bits.',
    example: '6Tn3mK0cJ2v9yQeXwL4hR8sUoZbA1dFgHiPjVkNtM5E',
  })

const SharedCopy = z
  .object({
    copy: Registered,
    purpose: z.string().max(500).nullable().openapi({ description: 'What the owner lent it for.' }),
    until: Instant,
    disclose: disclose.nullable().openapi({ description: discloseWords }),
    content: z.url().max(300).openapi({ description: 'Where the signed PDF and the SD-JWT are.' }),
  })
  .openapi('SharedCopy')

const ended = ['no-such-share', 'share-ended', 'share-used-up', 'share-revoked'] as const
const common = { tags: ['Public'], security: [], method: 'get' as const }

const no = refusals(...ended)
const look = createRoute({
  ...common,
  path: '/v1/shares/{token}',
  operationId: 'readSharedCopy',
  summary: 'Look at a copy that was lent',
  description:
    'For whoever holds the link: what was lent, for what, until when, and what the register says of it today. A page for people, JSON for machines (Accept). Looking counts as no opening.',
  request: { params: z.object({ token: Token }) },
  responses: {
    200: {
      description: 'What was lent',
      content: { 'application/json': { schema: SharedCopy }, 'text/html': { schema: z.string().max(100_000) } },
    },
    ...no.responses,
  },
})

const noContent = refusals(
  ...ended,
  'copy-revoked',
  'copy-not-valid',
  'not-acceptable',
  'seal-cannot-attest',
  'no-signing-certificate',
  'signing-not-possible',
)
const content = createRoute({
  ...common,
  path: '/v1/shares/{token}/content',
  operationId: 'downloadSharedCopy',
  summary: 'Open a copy that was lent',
  description:
    'The signed PDF, for whoever holds the link; with `Accept: application/dc+sd-jwt` the same facts for machines, as at the copy’s own `…/content`, as long as the copy is valid. Where the owner lent facts only (`disclose`), there is only the SD-JWT, and it discloses no more than they chose. The owner sees when it was opened; officials and apps that send their token are named by unit or name.',
  request: {
    params: z.object({ token: Token }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The signed PDF, or the SD-JWT',
      headers: z.object({ etag: z.string().optional().openapi({ description: 'Of the PDF.' }) }),
      content: {
        'application/pdf': { schema: { type: 'string', format: 'binary' } },
        'application/dc+sd-jwt': { schema: z.string().max(100_000) },
      },
    },
    304: { description: 'You have the PDF already.' },
    ...noContent.responses,
  },
})

export function mountShares(api: Api) {
  api.openapi(look, async (c) => {
    const { token } = c.req.valid('param')
    const found = no.unwrap(await readSharedCopy(c.var.context, token))
    const { share, words } = found.share
    const headers = { 'cache-control': 'private, no-store', vary: 'Accept' }
    const link = linkOf(c, token)
    const view = SharedCopy.parse({
      copy: showRegistered(found),
      purpose: words?.purpose ?? null,
      until: share.until,
      disclose: share.disclose ?? null,
      content: `${link}/content`,
    })
    const wantsPage = (c.req.header('accept') ?? '').includes('text/html')
    return wantsPage ? c.html(sharePage(view), 200, headers) : c.json(view, 200, headers)
  })
  api.openapi(content, async (c) => {
    const lent = noContent.unwrap(await openSharedCopy(c.var.context, c.req.valid('param').token))
    const form = wantedForm(c, lent.onlyFacts ? [attestationForm] : [pdfForm, attestationForm])
    return form === pdfForm
      ? sendPdf(c, lent, async () => noContent.unwrap(await lent.open()))
      : sendAttestation(c, async () => noContent.unwrap(await lent.attest()))
  })
}

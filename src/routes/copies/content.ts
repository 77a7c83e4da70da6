import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { accepts } from 'hono/accepts'
import type { Api, House } from '../../app.ts'
import { attestCopy } from '../../usecases/copies/attest.ts'
import { downloadCopy } from '../../usecases/copies/download.ts'
import { Refused, refusals } from '../problem.ts'
import { CopyId } from '../shapes.ts'
import { sendPdf } from './send.ts'

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-copy',
  'copy-not-ready',
  'copy-not-valid',
  'not-acceptable',
  'seal-cannot-attest',
  'no-signing-certificate',
  'signing-not-possible',
)

const route = createRoute({
  method: 'get',
  path: '/v1/copies/{id}/content',
  operationId: 'downloadCopy',
  tags: ['Copies'],
  summary: 'Download the signed PDF or its SD-JWT',
  description:
    'The certified copy itself, with both signatures. Anybody it is shown to can check it, also offline. With `Accept: application/dc+sd-jwt` the same facts for machines: an SD-JWT VC (RFC 9901) with the SHA-256 of the PDF, made anew and signed by the unit’s seal (ES256, `x5c`); title and owner (`title`, `ownerName`, `ownerPersonalId` or `ownerTaxCode`) are disclosed only as its holder chooses, and its status list says whether the copy is still valid. Of a copy that is not valid any more there is only the PDF. Each download is recorded for its owner.',
  security: [{ citizen: ['copies'] }, { officer: [] }],
  request: {
    params: z.object({ id: CopyId.openapi({ param: { name: 'id', in: 'path' } }) }),
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
    ...no.responses,
  },
})

const pdf = 'application/pdf'
const attested = 'application/dc+sd-jwt'

/** The form that is wanted most; the PDF where anything is welcome. */
function wanted(c: HonoContext<House>): string {
  const isOpen = /^$|\*\/\*/.test(c.req.header('accept') ?? '')
  return accepts(c, { header: 'Accept', supports: [pdf, attested], default: isOpen ? pdf : 'none' })
}

export function contentRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { context } = c.var
    const type = wanted(c)
    if (type === 'none') throw new Refused('not-acceptable')
    c.header('vary', 'Accept')
    if (type === pdf) {
      const download = no.unwrap(await downloadCopy(context, id))
      return sendPdf(c, download, async () => no.unwrap(await download.open()))
    }
    const attestation = no.unwrap(await attestCopy(context, id))
    const headers = { 'content-type': attested, 'cache-control': 'private, no-store' }
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    return c.body(no.unwrap(await attestation.open()), 200, headers)
  })
}

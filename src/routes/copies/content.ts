import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { attestCopy } from '../../usecases/copies/attest.ts'
import { downloadCopy } from '../../usecases/copies/download.ts'
import { refusals } from '../problem.ts'
import { CopyId } from '../shapes.ts'
import { attestationForm, pdfForm, sendAttestation, sendPdf, wantedForm } from './send.ts'

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
  security: [{ consent: ['citizen:copies:read'] }, { citizen: ['copies'] }, { officer: [] }],
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

export function contentRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { context } = c.var
    if (wantedForm(c, [pdfForm, attestationForm]) === pdfForm) {
      const download = no.unwrap(await downloadCopy(context, id))
      return sendPdf(c, download, async () => no.unwrap(await download.open()))
    }
    const attestation = no.unwrap(await attestCopy(context, id))
    return sendAttestation(c, async () => no.unwrap(await attestation.open()))
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import { accepts } from 'hono/accepts'
import type { Api } from '../../app.ts'
import { readSlip } from '../../usecases/dossiers/slips.ts'
import { sealSheet } from '../../usecases/signing/seal-sheet.ts'
import { refusals } from '../problem.ts'
import { contentTag } from '../public.ts'
import { alreadyHas, DossierCode } from '../shapes.ts'
import { slipPage } from './slip-page.ts'
import { Form, showSlip, slipData, SlipView } from './slip-view.ts'

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'no-such-slip',
  'erased',
  'no-signing-certificate',
  'signing-not-possible',
  'not-printable',
)

const route = createRoute({
  method: 'get',
  path: '/v1/dossiers/{code}/slips/{form}',
  operationId: 'readSlip',
  tags: ['Dossiers'],
  summary: 'Read an official form of a dossier',
  description:
    'The forms 01 to 06 of Circular 03/2025/TT-VPCP, annex I, in Vietnamese as the law has them: `receipt` when it was accepted, `supplement-request`, `refusal` (not accepted, unanswered, or refused in the end), `apology` with the new date, `stop-notice`, and `control-slip`, the hand-overs so far. `Accept` chooses JSON (the default), a page to print, or a PDF on A5 under the electronic seal of the unit (PAdES, time-stamped) that is PDF/A-3b with the same data attached as JSON, and that anybody can check at `/v1/verifications`. Made from the journal each time it is asked for: the words stay the same, the seal is of the moment.',
  security: [
    { app: ['dossiers:read'] },
    { consent: ['citizen:dossiers:read'] },
    { citizen: ['dossiers'] },
    { officer: [] },
  ],
  request: {
    params: z.object({ code: DossierCode, form: Form }),
    query: z.strictObject({
      sequence: z.coerce.number().int().min(1).max(1_000_000).optional().openapi({
        description: 'The event that the slip documents; without it, the newest slip of that form.',
        example: 4,
      }),
    }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The slip',
      headers: z.object({ etag: z.string() }),
      content: {
        'application/json': { schema: SlipView },
        'text/html': { schema: z.string().max(500_000) },
        'application/pdf': { schema: { type: 'string', format: 'binary' } },
      },
    },
    304: { description: 'You have this slip already.' },
    ...no.responses,
  },
})

const supports = ['application/json', 'text/html', 'application/pdf']

export function slipsRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { context } = c.var
    const { code, form } = c.req.valid('param')
    const read = no.unwrap(await readSlip(context, { code, form, sequence: c.req.valid('query').sequence }))
    const view = showSlip(read)
    const type = accepts(c, { header: 'Accept', supports, default: 'application/json' })
    const tag = await contentTag([type, view])
    // Each PDF is sealed anew: equal words, other bytes.
    const etag = type === 'application/pdf' ? `W/${tag}` : tag
    const headers = { etag, vary: 'Accept', 'cache-control': 'private, no-cache' }
    if (alreadyHas(c, tag)) return c.body(null, 304, headers)
    if (type === 'text/html') return c.html(slipPage(read.sheet), 200, headers)
    if (type === 'application/json') return c.json(view, 200, headers)
    const name = `${form}-${code}-${read.slip.sequence}`
    const data = {
      fileName: `${name}.json`,
      description: 'Nội dung của phiếu dưới dạng dữ liệu',
      value: slipData(view),
    }
    const bytes = no.unwrap(await sealSheet(context, read.slip.unit, read.sheet, data))
    return c.body(Uint8Array.from(bytes), 200, {
      ...headers,
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${name}.pdf"`,
    })
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { lateCauses } from '../../domain/dossier.ts'
import { correctLateCause } from '../../usecases/dossiers/correct-late-cause.ts'
import { refusals } from '../problem.ts'
import { commandOf, DossierCode, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch } from '../shapes.ts'
import { examples } from './examples.ts'
import { DossierView, showOutcome } from './view.ts'

const LateCauseCorrection = z
  .strictObject({
    cause: z.enum(lateCauses).openapi({ description: 'Whose doing it is, as the indices ask for it.' }),
    reason: z
      .string()
      .trim()
      .min(10)
      .max(2000)
      .openapi({ description: 'How you know. The applicant reads it. Sealed.' }),
  })
  .openapi('LateCauseCorrection', { example: examples.lateCause })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'file-taken',
  'erased',
  'not-late',
  'cause-in-apology',
  'too-many-events',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/late-cause-corrections',
  operationId: 'correctLateCause',
  tags: ['Dossiers'],
  summary: 'Correct the cause of lateness',
  description:
    'Of a dossier that is late, or was decided late, the service presumes a cause: whoever took at least half of the opening hours of its last day (an outage, the applicant who was asked and answered then, another agency that passed it on), and otherwise the unit. A handler or the supervisor of the competent unit who knows better names another one, with a reason. The cause in an apology stays.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: LateCauseCorrection } } },
  },
  responses: {
    200: {
      description: 'The dossier with the corrected cause',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...no.responses,
  },
})

export function correctLateCauseRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const correction = c.req.valid('json')
    const input = { code, version: ifMatch(c), correction, command: commandOf(c, correction) }
    const { value: kept, replayed } = no.unwrap(await correctLateCause(c.var.context, input))
    const headers = { etag: etagOf(kept.dossier.version), ...(replayed && { 'idempotent-replayed': 'true' }) }
    return c.json(await showOutcome(c, kept), 200, headers)
  })
}

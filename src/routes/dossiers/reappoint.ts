import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { lateCauses } from '../../domain/dossier.ts'
import { reappointDossier } from '../../usecases/dossiers/reappoint.ts'
import { refusals } from '../problem.ts'
import { CivilDate, commandOf, DossierCode, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch } from '../shapes.ts'
import { examples } from './examples.ts'
import { DossierView, showOutcome } from './view.ts'

export const Reappointment = z
  .strictObject({
    date: CivilDate.openapi({ description: 'The new date: a later working day. It ends at closing time.' }),
    cause: z.enum(lateCauses).openapi({ description: 'Whose doing it is, as the indices ask for it.' }),
    reason: z.string().trim().min(10).max(2000),
  })
  .openapi('Reappointment', { example: examples.reappointment })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'file-taken',
  'erased',
  'not-in-handling',
  'already-reappointed',
  'apology-too-late',
  'not-a-later-date',
  'not-a-working-day',
  'calendar-unknown',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/reappointments',
  operationId: 'reappointDossier',
  tags: ['Dossiers'],
  summary: 'Apologise and name a new date',
  description:
    'When the unit sees that it will be late: an apology with its cause, at least a day before the due date, and one new date at most (Decree 61/2018/NĐ-CP art. 19(9)). `originalDueAt` stays, and lateness counts against it.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Reappointment } } },
  },
  responses: {
    200: {
      description: 'The dossier with its new date',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...no.responses,
  },
})

export function reappointRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const reappointment = c.req.valid('json')
    const input = { code, version: ifMatch(c), reappointment, command: commandOf(c, reappointment) }
    const { value: kept, replayed } = no.unwrap(await reappointDossier(c.var.context, input))
    const headers = { etag: etagOf(kept.dossier.version), ...(replayed && { 'idempotent-replayed': 'true' }) }
    return c.json(await showOutcome(c, kept), 200, headers)
  })
}

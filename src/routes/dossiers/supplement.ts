import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { supplementDossier } from '../../usecases/dossiers/supplement.ts'
import { refusals } from '../problem.ts'
import {
  commandOf,
  DossierCode,
  etagOf,
  IdempotencyKeyHeader,
  IfMatchHeader,
  ifMatch,
  ScenarioHeader,
} from '../shapes.ts'
import { examples } from './examples.ts'
import { ComponentProof, DossierView, FilledForm, showOutcome } from './view.ts'

export const Supplement = z
  .strictObject({
    components: z.array(ComponentProof).max(50).default([]),
    form: FilledForm.optional().openapi({ description: 'The whole form again, when it had to be corrected.' }),
    note: z.string().max(2000).optional(),
  })
  .openapi('Supplement', { example: examples.supplement })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'step-not-possible',
  'idempotency-key-reused',
  'file-taken',
  'erased',
  'calendar-unknown',
  'form-too-large',
  'sandbox-only',
  'unknown-scenario',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/supplements',
  operationId: 'supplementDossier',
  tags: ['Dossiers'],
  summary: 'Answer a request for more',
  description:
    'The applicant, or the app that handed the dossier in, gives everything that was asked for, at once. The dossier goes back to where it was, and its time goes on as the procedure says.',
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }],
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({
      'if-match': IfMatchHeader.optional(),
      'idempotency-key': IdempotencyKeyHeader.optional(),
      'sandbox-scenario': ScenarioHeader.optional(),
    }),
    body: { required: true, content: { 'application/json': { schema: Supplement } } },
  },
  responses: {
    200: {
      description: 'The dossier with its supplement',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...no.responses,
  },
})

export function supplementRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const supplement = c.req.valid('json')
    const input = { code, version: ifMatch(c), supplement, command: commandOf(c, supplement) }
    const { value: kept, replayed } = no.unwrap(await supplementDossier(c.var.context, input))
    return c.json(await showOutcome(c, kept), 200, {
      etag: etagOf(kept.dossier.version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { moveDossier } from '../../usecases/dossiers/move.ts'
import { PaymentAsked } from '../payments/asked.ts'
import { refusals } from '../problem.ts'
import {
  commandOf,
  CopyId,
  DossierCode,
  etagOf,
  FileId,
  IdempotencyKeyHeader,
  IfMatchHeader,
  ifMatch,
} from '../shapes.ts'
import { examples } from './examples.ts'
import { ComponentIds, DossierView, ReturnBy, showOutcome } from './view.ts'

const reason = z
  .string()
  .trim()
  .min(10)
  .max(2000)
  .openapi({ description: 'In full, so that the applicant need not ask again.' })
const legalBasis = z.string().trim().min(5).max(1000).optional()
const note = z.string().max(2000).optional()

const Resolved = z.discriminatedUnion('outcome', [
  z.strictObject({
    to: z.literal('resolved'),
    outcome: z.literal('granted'),
    paper: z
      .strictObject({
        scan: FileId,
        paperSeen: z.literal(true).openapi({
          description: 'The certifier states that the signed paper lay before them. Nothing unseen is certified.',
        }),
        supersedes: CopyId.optional().openapi({
          description: 'A valid copy of the same person that the new one takes the place of once it is there.',
        }),
      })
      .optional()
      .openapi({
        description:
          'The paper result: its scan becomes a certified copy in the citizen’s account. Needs the role certifier.',
      }),
    note,
  }),
  z.strictObject({ to: z.literal('resolved'), outcome: z.literal('refused'), reason, legalBasis }),
  z.strictObject({ to: z.literal('resolved'), outcome: z.literal('recalled'), reason }),
])

export const Transition = z
  .discriminatedUnion('to', [
    z.strictObject({ to: z.literal('accepted'), note }),
    z.strictObject({ to: z.literal('not-accepted'), reason, legalBasis }),
    z.strictObject({ to: z.literal('processing'), note }),
    z.strictObject({ to: z.literal('withdrawn'), reason }),
    z.strictObject({ to: z.literal('stopped'), reason, legalBasis: z.string().trim().min(5).max(1000) }),
    z.strictObject({
      to: z.literal('awaiting-supplement'),
      components: ComponentIds,
      reason,
      whyAgain: reason.optional().openapi({
        description: 'Needed when a component was asked for before: everything that is missing is to be named once.',
      }),
    }),
    PaymentAsked,
    Resolved,
    z.strictObject({ to: z.literal('returned'), by: ReturnBy }),
  ])
  .openapi('Transition')

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'step-not-possible',
  'already-asked',
  'too-many-events',
  'idempotency-key-reused',
  'file-taken',
  'calendar-unknown',
  'no-signing-certificate',
  'conflict-of-interest',
  'erased',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/transitions',
  operationId: 'moveDossier',
  tags: ['Dossiers'],
  summary: 'Move a dossier one step',
  description:
    'An officer takes the dossier to another status; the applicant may call it back (`not-accepted` before it was accepted, `withdrawn` after). The body says which (`to`) and what that step needs. Two officers at once: one succeeds, the other is told that it changed meanwhile. Resolving with a paper result orders its certified copy. What is handled in the day is received and decided by one request: `resolved` from `submitted`, by an officer of the competent unit who may take both steps.',
  security: [{ officer: [] }, { citizen: ['dossiers'] }, { app: ['dossiers:submit'] }],
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Transition, examples: examples.transitions } } },
  },
  responses: {
    200: {
      description: 'The dossier after the step',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...no.responses,
  },
})

export function moveRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const move = c.req.valid('json')
    const input = { code, version: ifMatch(c), move, command: commandOf(c, move) }
    const { value: kept, replayed } = no.unwrap(await moveDossier(c.var.context, input))
    return c.json(await showOutcome(c, kept), 200, {
      etag: etagOf(kept.dossier.version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}

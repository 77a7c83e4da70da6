import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { completionOf } from '../../domain/completion.ts'
import { isOverdue } from '../../domain/lateness.ts'
import { readProgress } from '../../usecases/dossiers/read.ts'
import { refusals } from '../problem.ts'
import { DossierCode, Instant, UnitRef, unitRef, unitsNamed, Words } from '../shapes.ts'
import { Status } from './view.ts'

const Progress = z
  .object({
    code: DossierCode,
    completion: z.int().min(0).max(100).openapi({ description: 'In percent.' }),
    overdue: z.boolean(),
    details: z
      .object({
        procedure: z.object({ code: z.string().max(20), name: Words }),
        competentUnit: UnitRef,
        status: Status,
        submittedAt: Instant,
        dueAt: Instant.nullable(),
        steps: z
          .array(z.object({ type: z.string().max(64), time: Instant, unit: z.string().max(45).nullable() }))
          .max(200),
      })
      .nullable()
      .openapi({ description: 'Only with the look-up secret of the receipt.' }),
  })
  .openapi('Progress')

const no = refusals('no-such-dossier', 'lookup-secret-wrong')

const route = createRoute({
  method: 'get',
  path: '/v1/dossiers/{code}/progress',
  operationId: 'readProgress',
  tags: ['Public'],
  summary: 'Follow a dossier without an account',
  description:
    'For anybody: how far it is and whether it is late. With the four characters printed on the receipt also procedure, unit, steps and dates. Never anything about a person.',
  security: [],
  request: {
    params: z.object({ code: DossierCode }),
    query: z.strictObject({
      secret: z
        .string()
        .min(1)
        .max(16)
        .optional()
        .openapi({ example: 'K7QM', description: 'The four characters printed on the receipt.' }),
    }),
  },
  responses: {
    200: { description: 'How far it is', content: { 'application/json': { schema: Progress } } },
    ...no.responses,
  },
})

export function progressRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { context } = c.var
    const { kept, open, events } = no.unwrap(
      await readProgress(context, c.req.valid('param').code, c.req.valid('query').secret),
    )
    const { dossier, code } = kept
    const procedure = open
      ? await context.procedures.version(dossier.procedure.code, dossier.procedure.version)
      : undefined
    const units = await unitsNamed(c, open ? [dossier.competentUnit] : [])
    const details = procedure && {
      procedure: { code: procedure.code, name: procedure.name },
      competentUnit: unitRef(dossier.competentUnit, units),
      status: dossier.status,
      submittedAt: dossier.clock.submittedAt,
      dueAt: dossier.clock.dueAt,
      steps: events.map(({ event, at, actor }) => ({
        type: event.type,
        time: at,
        unit: actor.kind === 'officer' ? actor.unit : null,
      })),
    }
    const { limit, status, clock } = dossier
    const overdue = isOverdue(status, limit, clock.originalDueAt, context.now().getTime())
    return c.json(Progress.parse({ code, completion: completionOf(dossier), overdue, details: details ?? null }), 200)
  })
}

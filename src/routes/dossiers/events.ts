import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { type DossierEvent, lateCauses } from '../../domain/dossier.ts'
import type { JournalRow } from '../../store/journal.ts'
import { readEvents } from '../../usecases/dossiers/read.ts'
import { refusals } from '../problem.ts'
import { CivilDate, DossierCode, FileId, Instant, linkNext, pageOfItems, UnitId } from '../shapes.ts'

export const EventView = z
  .object({
    sequence: z.int().min(1),
    type: z.string().max(64).openapi({ example: 'dossier.accepted' }),
    time: Instant,
    actor: z
      .object({
        kind: z.enum(['app', 'citizen', 'officer', 'service']),
        name: z.string().max(200).optional(),
        unit: UnitId.optional(),
      })
      .openapi({ description: 'Who did it: an officer by name and unit, anybody else by kind only.' }),
    outage: z.uuid().optional().openapi({ description: 'The outage that moved the date.' }),
    dueAt: Instant.nullable().optional(),
    answerBy: Instant.nullable().optional(),
    from: UnitId.optional(),
    to: UnitId.optional(),
    on: CivilDate.optional().openapi({ description: 'When the former unit ceased.' }),
    clause: z.int().nullable().optional().openapi({ description: 'Of the law that named the successor.' }),
    components: z.array(z.string().max(80)).max(50).optional(),
    file: FileId.optional().openapi({ description: 'The file that was quarantined or released.' }),
    component: z.string().max(80).nullable().optional(),
    amount: z.int().min(1).optional().openapi({ description: 'VND, of a payment.' }),
    outcome: z.enum(['granted', 'refused']).optional(),
    cause: z.enum(lateCauses).optional().openapi({ description: 'Why the result is late, or will be.' }),
    lateCause: z.enum(lateCauses).optional().openapi({ description: 'Of what ended late, not called late before.' }),
    hash: z.string().length(64).openapi({
      description: 'Head of the dossier’s chain after this event: SHA-256 over the head before and the record.',
    }),
  })
  .openapi('DossierEvent')

/** parse() leaves only what the schema names; ids of persons stay inside. */
export function showEvent({ version, at, actor, event, hash }: JournalRow<DossierEvent>) {
  const { kind } = actor
  return EventView.parse({
    ...event,
    sequence: version,
    time: at,
    actor: actor.kind === 'officer' ? { kind, name: actor.name, unit: actor.unit } : { kind },
    components:
      'components' in event
        ? event.components.map((item) => (typeof item === 'string' ? item : item.component))
        : undefined,
    hash,
  })
}

const no = refusals('token-needed', 'not-allowed', 'no-such-dossier')
const Page = pageOfItems(EventView).openapi('EventPage')

const route = createRoute({
  method: 'get',
  path: '/v1/dossiers/{code}/events',
  operationId: 'listDossierEvents',
  tags: ['Dossiers'],
  summary: 'Read the journal of a dossier',
  description:
    'Every step, by sequence number: who, when, for which unit, with what outcome. `after` gives what came since; a gap in the numbers never occurs.',
  security: [
    { app: ['dossiers:read'] },
    { consent: ['citizen:dossiers:read'] },
    { citizen: ['dossiers'] },
    { officer: [] },
  ],
  request: {
    params: z.object({ code: DossierCode }),
    query: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .openapi({ description: 'The last sequence number that you have.' }),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...no.responses,
  },
})

export function eventsRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { after, limit } = c.req.valid('query')
    const page = no.unwrap(await readEvents(c.var.context, c.req.valid('param').code, after, limit))
    return c.json(Page.parse({ items: page.items.map(showEvent), next: page.next }), 200, linkNext(c, page.next))
  })
}

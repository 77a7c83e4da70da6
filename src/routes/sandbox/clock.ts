import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { durationOf } from '../../domain/sandbox-clock.ts'
import { localTime } from '../../platform/time.ts'
import { moveClock, readClock, type Times } from '../../usecases/sandbox/clock.ts'
import { refusals } from '../problem.ts'
import { Instant } from '../shapes.ts'

const Clock = z
  .object({
    now: Instant.openapi({ description: 'The time of this sandbox.' }),
    realNow: Instant.openapi({ description: 'The time outside, by which tokens live and webhooks are signed.' }),
  })
  .openapi('SandboxClock')

const showClock = ({ now, realNow }: Times) => Clock.parse({ now: localTime(now), realNow: localTime(realNow) })

const Duration = z
  .string()
  .max(40)
  .refine(
    (text) => durationOf(text) !== undefined,
    'Cần thời lượng ISO 8601, ví dụ P10D. An ISO 8601 duration is needed.',
  )
  .openapi({
    example: 'P10D',
    description: 'ISO 8601, in weeks (`P2W`) or in days, hours, minutes and seconds (`P1DT2H30M`).',
  })

const Move = z
  .union([z.strictObject({ now: Instant }), z.strictObject({ advance: Duration })])
  .openapi('SandboxClockMove', { example: { advance: 'P10D' } })

const content = { 'application/json': { schema: Clock } }
const security = [{ app: [] }]

const noRead = refusals('token-needed', 'not-allowed', 'sandbox-only')
const read = createRoute({
  method: 'get',
  path: '/v1/sandbox/clock',
  operationId: 'readSandboxClock',
  tags: ['Sandbox'],
  summary: 'Read the clock of the sandbox',
  description: 'By this time dossiers fall due, units open and reforms take effect in the sandbox.',
  security,
  responses: { 200: { description: 'The time', content }, ...noRead.responses },
})

const noMove = refusals(
  'token-needed',
  'not-allowed',
  'sandbox-only',
  'clock-goes-forwards',
  'clock-too-far',
  'wrong-media-type',
  'too-large',
)
const move = createRoute({
  method: 'post',
  path: '/v1/sandbox/clock',
  operationId: 'moveSandboxClock',
  tags: ['Sandbox'],
  summary: 'Let time pass in the sandbox',
  description:
    'To a moment (`now`) or by a duration (`advance`), forwards only and at most 366 days ahead of the real time. Everything that falls due on the way happens, in its order and at its time: warnings, lateness, officers of a scenario, retries of webhooks, ends of payments, the turn of the year. The reply comes when all of it is done.',
  security,
  request: { body: { required: true, content: { 'application/json': { schema: Move } } } },
  responses: { 200: { description: 'The time now', content }, ...noMove.responses },
})

export function clockRoutes(api: Api) {
  api.openapi(read, (c) => c.json(showClock(noRead.unwrap(readClock(c.var.context))), 200))
  api.openapi(move, async (c) => {
    const body = c.req.valid('json')
    const by = 'now' in body ? { now: new Date(body.now) } : { advance: durationOf(body.advance) ?? 0 }
    return c.json(showClock(noMove.unwrap(await moveClock(c.var.context, by))), 200)
  })
}

import type { Context as HonoContext } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import type { Actor } from '../../domain/actor.ts'
import { log } from '../../platform/log.ts'
import { listOfOne } from '../../platform/structured-fields.ts'
import { Refused } from '../problem.ts'

/** Seconds of a window: short, so that whoever has to wait does not wait long. */
const period = 10

/**
 * How many requests one caller may send in a window, by class of operation; wrangler.toml says the same to the runtime, which
 * counts in each of its locations by itself. Handing in has a bucket of its own: nothing else may eat a citizen's last day.
 */
export const rateLimits = {
  submit: { binding: 'LIMIT_SUBMIT', quota: 3_000 },
  change: { binding: 'LIMIT_CHANGE', quota: 3_000 },
  read: { binding: 'LIMIT_READ', quota: 6_000 },
  public: { binding: 'LIMIT_PUBLIC', quota: 2_000 },
  secret: { binding: 'LIMIT_SECRET', quota: 10 },
} as const

export type RateClass = keyof typeof rateLimits

const handsIn = /^\/v1\/(files|uploads|uploads\/[^/]+|dossiers|dossiers\/[^/]+\/supplements)$/
const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

const tellsSecret = ({ req }: HonoContext<House>) =>
  /^\/v1\/dossiers\/[^/]+\/progress$/.test(req.path) && req.query('secret') !== undefined

/** The bucket of a request: without a token it is the address's, with one the caller's for that kind of work. */
export function rateClassOf(actor: Actor, method: string, path: string): RateClass {
  if (actor.kind === 'public') return 'public'
  if (reads.has(method)) return 'read'
  return handsIn.test(path) ? 'submit' : 'change'
}

/** draft-ietf-httpapi-ratelimit-headers-10: what is allowed goes with every reply, what is left only when it is nothing. */
export const rateLimit = createMiddleware<House>(async (c, next) => {
  const actor: Actor = c.var.context?.actor ?? { kind: 'public' }
  const name = tellsSecret(c) ? 'secret' : rateClassOf(actor, c.req.method, c.req.path)
  const { binding, quota } = rateLimits[name]
  // Four characters are soon guessed by many together: tries are counted by dossier, whoever makes them.
  const key = name === 'secret' ? c.req.path : callerOf(c, actor)
  const policy = listOfOne(name, { q: quota, w: period })
  if (!(await allows(c.env[binding], key)))
    throw new Refused('too-many-requests', undefined, {
      'retry-after': String(period),
      'ratelimit-policy': policy,
      ratelimit: listOfOne(name, { r: 0, t: period }),
    })
  await next()
  c.res.headers.set('ratelimit-policy', policy)
})

const callerOf = (c: HonoContext<House>, actor: Actor) =>
  actor.kind === 'public' ? (c.req.header('cf-connecting-ip') ?? 'unknown') : `${actor.kind} ${actor.id}`

/** A counter that is down stops nobody. */
async function allows(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success
  } catch (error) {
    log('rate-limit.unavailable', { error })
    return true
  }
}

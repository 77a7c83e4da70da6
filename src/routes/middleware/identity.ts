import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { contextOf } from '../../wiring.ts'
import { Refused } from '../problem.ts'
import { challenge } from '../challenge.ts'
import { identify } from './authenticate.ts'

/** Knows who asks before anything else happens; a bad token is refused, never taken for the public. */
export const identity = createMiddleware<House>(async (c, next) => {
  const found = await identify(c.req.header('authorization') ?? null, c.var.config, new Date())
  if (!found.ok) {
    const headers: Record<string, string> =
      found.refusal === 'issuer-unreachable'
        ? { 'retry-after': '10' }
        : { 'www-authenticate': challenge(c.var.config.publicOrigin, found.refusal) }
    throw new Refused(found.refusal, found.because, headers)
  }
  c.set('context', contextOf(c.env, found.value))
  await next()
  if (c.res.status === 401 && !c.res.headers.has('www-authenticate'))
    c.res.headers.set('www-authenticate', challenge(c.var.config.publicOrigin))
})

import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { forwardedPrefix } from '../../platform/sandbox.ts'
import { contextOf } from '../../wiring.ts'
import { Refused } from '../problem.ts'
import { challenge } from '../challenge.ts'
import { identify } from './authenticate.ts'

/** Knows who asks before anything else happens; a bad token is refused, never taken for the public. */
export const identity = createMiddleware<House>(async (c, next) => {
  const { publicOrigin } = c.var.config
  const authorization = c.req.header('authorization')
  // A proof of possession names the address that its sender used, of the two that a sandbox has.
  const reached = c.env.BOX?.reachedAt(c.req.header(forwardedPrefix)) ?? publicOrigin
  const asked = { method: c.req.method, url: `${reached}${c.req.path}`, proof: c.req.header('dpop') }
  const found = await identify(authorization ?? null, c.var.config, new Date(), asked)
  if (!found.ok) {
    const headers: Record<string, string> =
      found.refusal === 'issuer-unreachable'
        ? { 'retry-after': '10' }
        : { 'www-authenticate': challenge(publicOrigin, authorization, found.refusal) }
    throw new Refused(found.refusal, found.because, headers)
  }
  const { actor, possession } = found.value
  c.set('context', contextOf(c.env, actor))
  if (possession) c.set('possession', possession)
  await next()
  if (c.res.status === 401 && !c.res.headers.has('www-authenticate'))
    c.res.headers.set('www-authenticate', challenge(publicOrigin, authorization))
})

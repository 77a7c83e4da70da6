import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { contextOf } from '../../wiring.ts'

/** For doors where nobody has to be known, or where the caller proves in the request itself who they are. */
export const asPublic = createMiddleware<House>(async (c, next) => {
  c.set('context', contextOf(c.env, { kind: 'public' }))
  await next()
})

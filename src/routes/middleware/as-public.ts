import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { contextOf } from '../../wiring.ts'

/** For doors where the caller proves who they are in the request itself: the use case finds out. */
export const asPublic = createMiddleware<House>(async (c, next) => {
  c.set('context', contextOf(c.env, { kind: 'public' }))
  await next()
})

import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { scenarios } from '../../domain/scenario.ts'
import { Refused } from '../problem.ts'

/** `Sandbox-Scenario` on what is handed in: what the officers of the sandbox do with it from then on. */
export const scenario = createMiddleware<House>(async (c, next) => {
  const named = c.req.header('sandbox-scenario')
  if (named === undefined) return next()
  const { box } = c.var.context
  if (!box) throw new Refused('sandbox-only')
  const known = scenarios.find((one) => one === named)
  if (!known) throw new Refused('unknown-scenario', { detail: { vi: offered, en: offered } })
  await next()
  // A new dossier is told by its address, one that is supplemented stands in the request's own.
  const at = c.res.headers.get('location') ?? new URL(c.req.url).pathname
  const code = /\/v1\/dossiers\/([^/]+)/.exec(at)?.[1]
  if (c.res.status < 300 && code !== undefined) box.script(decodeURIComponent(code), known)
})

const offered = scenarios.join(', ')

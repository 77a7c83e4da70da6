import { createMiddleware } from 'hono/factory'
import type { House } from '../app.ts'
import { dateItem } from '../platform/structured-fields.ts'

/** An operation that will end: since when it is better not used, and when it ends; civil dates, at 00:00 UTC. */
export type Deprecation = { since: string; ends: string }

/**
 * By `METHOD /path/:as/routed`. Nothing is on its way out. What is entered here stays for twelve months at least (a guard counts
 * them), and says so on every reply, in the description and in the changelog.
 */
export const deprecations: Readonly<Record<string, Deprecation>> = {}

/** RFC 9745 and RFC 8594: `Deprecation`, `Sunset`, and where to read what comes instead. */
export const deprecation = (table: Readonly<Record<string, Deprecation>>) =>
  createMiddleware<House>(async (c, next) => {
    await next()
    const known = table[`${c.req.method} ${c.req.routePath}`]
    if (!known) return
    const { headers } = c.res
    headers.set('deprecation', dateItem(new Date(known.since)))
    headers.set('sunset', new Date(known.ends).toUTCString())
    headers.append('link', `<${c.var.config.publicOrigin}/docs/guides/versioning>; rel="deprecation"; type="text/html"`)
  })

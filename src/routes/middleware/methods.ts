import { createMiddleware } from 'hono/factory'
import type { Api, House } from '../../app.ts'
import { sayNo } from '../problem.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * An address that is there but not for this method says which ones it has (RFC 9110 §15.5.6), and OPTIONS asks just that.
 * Preflights of browsers are for CORS; HEAD is what GET would say.
 */
export const knownMethods = (api: Api) => {
  const answers = (method: string, path: string) =>
    api.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL')
  return createMiddleware<House>(async (c, next) => {
    const { method, path } = c.req
    const isPreflight = method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
    if (isPreflight || answers(method === 'HEAD' ? 'GET' : method, path)) return next()
    const there = methods.filter((known) => answers(known, path))
    if (there.length === 0) return next()
    const allow = [...there, ...(there.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    return method === 'OPTIONS' ? c.body(null, 204, { allow }) : sayNo(c, 'method-not-allowed', {}, { allow })
  })
}

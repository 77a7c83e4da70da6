import { createMiddleware } from 'hono/factory'
import { uuidv7 } from 'uuidv7'
import type { House } from '../../app.ts'
import { configOf } from '../../config.ts'
import { log } from '../../platform/log.ts'
import { sandboxMark } from '../../platform/sandbox.ts'
import { traceOn, traceText } from '../../platform/trace.ts'
import { pagePolicy } from '../page.ts'
import { Refused } from '../problem.ts'
import { apiVersion } from '../version.ts'

const randomHex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')

/** Nobody takes a page of a sandbox for a real one. */
function markedAsSandbox(reply: Response): Response {
  const banner = `<p class="bad"><strong>${sandboxMark}</strong></p>`
  const rewriter = new HTMLRewriter().on('h1', { element: (heading) => void heading.before(banner, { html: true }) })
  return (reply.headers.get('content-type') ?? '').startsWith('text/html') ? rewriter.transform(reply) : reply
}

/** First in, last out: names the request, and puts on every reply what every reply carries. */
export const enter = createMiddleware<House>(async (c, next) => {
  const requestId = uuidv7()
  c.set('requestId', requestId)
  const trace = traceOn(c.req.header('traceparent'), randomHex)
  const began = Date.now()
  await next()
  if (c.env.BOX) c.res = markedAsSandbox(c.res)
  const { headers } = c.res
  headers.set('x-request-id', requestId)
  headers.set('traceresponse', traceText(trace))
  headers.set('api-version', apiVersion)
  if (c.env.BOX) headers.set('sandbox', 'true')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains')
  const isPage = (headers.get('content-type') ?? '').startsWith('text/html')
  if (isPage && !headers.has('content-security-policy')) headers.set('content-security-policy', pagePolicy)
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  const actor = c.var.context?.actor.kind ?? 'public'
  log('request.served', {
    requestId,
    trace: trace.traceId,
    method: c.req.method,
    route: c.req.routePath,
    status: c.res.status,
    ...(c.var.refused && { problem: c.var.refused }),
    ms: Date.now() - began,
    actor,
    ...(c.env.BOX && { sandbox: c.env.BOX.app }),
  })
})

/** Settings that are not in order are a fault like any other: answered, logged, and naming the request. */
export const configured = createMiddleware<House>(async (c, next) => {
  c.set('config', configOf(c.env))
  if (c.env.BOX?.isOpen === false) throw new Refused('no-such-sandbox')
  await next()
})

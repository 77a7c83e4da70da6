import type { Context as HonoContext } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { relay } from '../../outbox/relay.ts'
import { contextOf } from '../../wiring.ts'
import { Refused } from '../problem.ts'
import { challenge } from '../challenge.ts'
import { recordReading } from './consent.ts'
import { actorUnder } from './mandate.ts'

/** With 304, too: whoever has a thing already learns that it is still so. */
const isShown = (status: number) => status < 300 || status === 304

/** As RFC 6750 §3.1 has it for a token that was revoked; the app asks the citizen anew. */
const consentEnded = ({ req, var: { config } }: HonoContext<House>) =>
  new Refused(
    'token-invalid',
    { detail: endedWords },
    { 'www-authenticate': challenge(config.publicOrigin, req.header('authorization'), 'token-invalid') },
  )

const endedWords = {
  vi: 'Sự đồng ý của công dân đã chấm dứt; hãy xin lại.',
  en: 'The citizen’s consent has ended; ask for it anew.',
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * One D1 session per request. A read that sends back the `X-Bookmark` of a write sees at least that write, on whatever replica;
 * writes and officers at work always read the primary. After a change the outbox is emptied, when the reply is already out.
 */
export const session = createMiddleware<House>(async (c, next) => {
  const isRead = reads.has(c.req.method)
  const { actor } = c.var.context
  const sent = c.req.header('x-bookmark')
  const wanted = sent && /^[0-9a-f]{8}(-[0-9a-f]+)+$/.test(sent) && sent.length <= 100 ? sent : undefined
  const start = isRead && actor.kind !== 'officer' ? (wanted ?? 'first-unconstrained') : 'first-primary'
  const connection = c.env.DB.withSession(start)
  const acting = await actorUnder(c.var.context, c.req.header('mandate'))
  if (!acting.ok) throw acting.refusal === 'consent-ended' ? consentEnded(c) : new Refused(acting.refusal)
  c.set('context', contextOf(c.env, acting.value, connection))
  await next()
  if (acting.value.kind === 'consented-app' && isShown(c.res.status))
    await recordReading(c.var.context, acting.value, c.req.path)
  if (isRead) return
  const bookmark = connection.getBookmark()
  if (bookmark) c.res.headers.set('x-bookmark', bookmark)
  if (c.res.status < 300) c.executionCtx.waitUntil(relay(c.env))
})

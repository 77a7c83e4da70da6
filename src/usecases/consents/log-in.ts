import type { Context } from '../../context.ts'
import type { Actor } from '../../domain/actor.ts'
import { givable } from '../../domain/authorization.ts'
import { IssuerUnreachable } from '../../platform/issuers.ts'
import { log } from '../../platform/log.ts'
import { finishLogin } from '../../platform/login.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret } from '../../platform/secrets.ts'
import { type BackTo, loginIssuer, type SentBack } from './ask.ts'

type LoggedIn = { id: string } | (BackTo & SentBack)

/**
 * The browser is back from the login: whoever it is may now choose. It must be the browser that went there, so that nobody is led to
 * consent as somebody else (RFC 9700 §4.7). Where the login did not come to its end, the app is told so.
 */
export async function logIn(
  context: Context,
  { id, browser, url }: { id: string; browser: string; url: URL },
  whoIs: (token: string) => Promise<Result<Actor, string>>,
): Promise<Result<LoggedIn, 'no-such-authorization'>> {
  const found = await context.authorizations.find(id, await hashOfSecret(browser), context.now())
  if (found?.stage !== 'login') return refuse('no-such-authorization')
  const { request, login } = found
  const { redirectUri, state } = request
  const back = async (error: string, description: string) => {
    await context.authorizations.end(id)
    return ok({ redirectUri, state, error, description })
  }
  const at = loginIssuer(context)
  const [key] = context.config.tokenKeys
  if (at?.issuer !== login.issuer || !key) return back('server_error', 'The login is not available any more')
  try {
    const done = await finishLogin(at, key, { url, origin: context.config.publicOrigin, state: id, ...login })
    if (done === 'denied') return await back('access_denied', 'The citizen did not log in')
    const who = await whoIs(done.token)
    const citizen = who.ok && who.value.kind === 'citizen' ? who.value : undefined
    if (!citizen?.id.endsWith(`:${done.subject}`))
      return await back('server_error', 'The identity provider did not say who logged in')
    if (givable(citizen, request.scopes).length === 0)
      return await back('access_denied', 'The login of this citizen does not reach what was asked for')
    const proceeded = await context.authorizations.proceed(id, { stage: 'choice', request, citizen })
    return proceeded ? ok({ id }) : refuse('no-such-authorization')
  } catch (error) {
    log('login.failed', { issuer: login.issuer, error })
    if (error instanceof IssuerUnreachable)
      return back('temporarily_unavailable', 'The identity provider does not answer')
    return back('server_error', 'The login did not come to its end')
  }
}

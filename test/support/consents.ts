import { env, exports } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { type ConsentScope, consentScopes, type Selection } from '../../src/domain/consent.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, held, type Reply } from './api.ts'
import { origin, registered, send, strictClient } from './apps.ts'
import type { LoginCode } from './login-tokens.ts'

export const callback = 'https://app.example/callback'
export const bothScopes = 'citizen:dossiers:read citizen:copies:read'

const terms = {
  scopes: bothScopes.split(' '),
  redirectUris: [callback, 'https://app.example/other?from=city'],
  purposes: [{ id: 'open-account', vi: 'Mở tài khoản ngân hàng', en: 'Open a bank account' }],
}

export type AskingApp = { id: string; clientSecret: string; client: oidc.Configuration }

/** An app that may ask citizens for both scopes, unless the terms say otherwise. */
export async function askingApp(change: Record<string, unknown> = {}): Promise<AskingApp> {
  const { id, clientSecret } = await registered()
  const set = await send('operator', `/v1/apps/${id}/consent-terms`, { method: 'PUT', body: { ...terms, ...change } })
  if (set.status !== 200) throw new Error(await set.text())
  return { id, clientSecret, client: await strictClient(id, oidc.ClientSecretBasic(clientSecret)) }
}

/** A browser: keeps cookies of this service, follows nothing by itself. */
export function browser() {
  const cookies = new Map<string, string>()
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const visit = async (
    path: string,
    form?: Record<string, string> | URLSearchParams,
    headers: Record<string, string> = {},
  ) => {
    const cookie = cookieHeader()
    const request = new Request(new URL(path, origin), {
      method: form ? 'POST' : 'GET',
      headers: { accept: 'text/html', ...(cookie && { cookie }), ...headers },
      ...(form && { body: new URLSearchParams(form) }),
      redirect: 'manual',
    })
    const reply = await held(request, await exports.default.fetch(request))
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return reply
  }
  return Object.assign(visit, { cookieHeader })
}
export type Browser = ReturnType<typeof browser>

export const locationOf = (reply: Reply): URL => {
  const location = reply.headers.get('location')
  if (reply.status !== 303 || !location) throw new Error(`no way on: ${reply.status} ${reply.text}`)
  return new URL(location, origin)
}

export const mau: LoginCode['who'] = {
  sub: 'c-mau',
  personal_id: '001190000001',
  name: 'Nguyễn Thị Mẫu',
  scope: 'openid dossiers copies',
}

/** What an app asks, by a strict client; what goes with it is needed when the browser is back. */
export async function asked({ client }: AskingApp, change: Record<string, string> = {}) {
  const [verifier, state] = [oidc.randomPKCECodeVerifier(), oidc.randomState()]
  const parameters = {
    redirect_uri: callback,
    scope: bothScopes,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...change,
  }
  return { parameters, url: oidc.buildAuthorizationUrl(client, parameters), verifier, state }
}

/** Where the identity provider sends the browser back to once that person has logged in there. */
export function loggedIn(login: URL, who = mau, fault?: LoginCode['fault']): string {
  const asking = (name: string) => login.searchParams.get(name) ?? ''
  const said: LoginCode = {
    who,
    challenge: asking('code_challenge'),
    nonce: asking('nonce'),
    redirect: asking('redirect_uri'),
    ...(fault && { fault }),
  }
  const code = Buffer.from(JSON.stringify(said)).toString('base64url')
  const back = new URL(asking('redirect_uri'))
  back.search = new URLSearchParams({ code, state: asking('state'), iss: 'https://people.test' }).toString()
  return back.href
}

/** The browser on the page of consent, with what the page's form holds. */
export async function atPage(visit: Browser, url: URL, who = mau) {
  const login = locationOf(await visit(url.href))
  const page = locationOf(await visit(loggedIn(login, who))).pathname
  const shown = await visit(page)
  return { page, shown, form: formIn(shown) }
}

export const formIn = ({ text }: Reply): string => /name="form" value="([\w-]{43})"/.exec(text)?.[1] ?? ''

/** Everything there is of both kinds, for a day. */
export const everything = {
  decision: 'allow',
  side: 'person',
  days: '1',
  'citizen:dossiers:read': 'all',
  'citizen:copies:read': 'all',
}

/** An app with tokens under the consent of that person. */
export async function consented(
  app: AskingApp,
  {
    who = mau,
    answer = {},
    change = {},
  }: { who?: LoginCode['who']; answer?: Record<string, string>; change?: Record<string, string> } = {},
) {
  const visit = browser()
  const { url, verifier, state } = await asked(app, change)
  const { page, form } = await atPage(visit, url, who)
  const back = locationOf(await visit(page, { ...everything, form, ...answer }))
  const tokens = await oidc.authorizationCodeGrant(app.client, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
  })
  return { tokens, back, verifier, state }
}

/** A request of an app with such a token. */
export const withToken = async (token: string, path: string, headers: Record<string, string> = {}): Promise<Reply> => {
  const request = new Request(origin + path, { headers: { authorization: `Bearer ${token}`, ...headers } })
  return held(request, await exports.default.fetch(request))
}

/** A token under a consent of that person or organisation that is put into the database as it would have been given: everything in those scopes, for an hour. */
export async function underConsent(
  app: string,
  whose: string,
  scopes: readonly ConsentScope[],
  these: Selection = 'all',
) {
  const { consents, vault, newId } = contextOf(env, { kind: 'public' })
  const [id, at] = [`consent_${newId()}`, new Date()]
  const extent = Object.fromEntries(scopes.map((scope) => [scope, these]))
  const until = new Date(at.getTime() + 3_600_000).toISOString()
  const purpose = { id: 'test', vi: 'Thử', en: 'Test' }
  const event = { type: 'consent.given', id, app, purpose, extent, side: 'person', until } as const
  const actor = { kind: 'citizen', id: 'people:test' } as const
  await consents.setTerms(
    app,
    { scopes: consentScopes, redirectUris: [callback], purposes: [purpose] },
    { by: 'test', at },
  )
  await consents.give(event, await vault.personHash(whose.length === 12 ? { personalId: whose } : { taxCode: whose }), {
    at,
    actor,
    along: [],
  })
  return { kind: 'consented-app', id: app, consent: id, scopes } as const
}

/** A client's own request, where no browser is. */
export const browserless = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  browser()(path, fields, { accept: 'application/json', ...headers })

/** The consents of that citizen, newest first. */
export const consentsOf = async (personalId = '001190000001'): Promise<any[]> =>
  (await ask({ kind: 'citizen', personalId }, '/v1/consents')).body.items

// The browser in which a citizen goes through an authorization: what it is known by, and where it is sent.
import type { Context as HonoContext } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { newHandle } from '../../platform/secrets.ts'
import type { BackTo, SentBack } from '../../usecases/consents/ask.ts'
import { asPublic } from '../middleware/as-public.ts'
import { page } from '../page.ts'
import { languageOf } from '../problem.ts'
import { problems } from '../problems.ts'
import { html } from 'hono/html'

const name = 'motcua-browser'

/** The secret that only this browser holds; empty when it holds none. */
export const browserOf = (c: HonoContext<House>): string => getCookie(c, name, 'host') ?? ''

/** That secret, made when there is none: `__Host-`, so no other host can plant one, and never sent with another site's form. */
export function knownBrowser(c: HonoContext<House>): string {
  const known = browserOf(c)
  const browser = /^[\w-]{43}$/.test(known) ? known : newHandle()
  setCookie(c, name, browser, {
    prefix: 'host',
    secure: true,
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: 3600,
  })
  return browser
}

const unseen = { 'cache-control': 'no-store', 'x-frame-options': 'DENY' }

/** 303: whatever the browser sent, it asks there by GET, and sends no form on (RFC 9700 §4.12). */
export const sendOn = (c: HonoContext<House>, location: string): Response => c.body(null, 303, { location, ...unseen })

/** Back to the app, with a code or with what went wrong, and with who we are (RFC 6749 §4.1.2, RFC 9207). */
export function sendBack(c: HonoContext<House>, to: BackTo & (SentBack | { code: string })): Response {
  const url = new URL(to.redirectUri)
  if ('code' in to) url.searchParams.append('code', to.code)
  else {
    url.searchParams.append('error', to.error)
    url.searchParams.append('error_description', to.description)
  }
  if (to.state !== null) url.searchParams.append('state', to.state)
  url.searchParams.append('iss', c.var.config.publicOrigin)
  return sendOn(c, url.href)
}

/** For the doors that a browser comes to: nobody logs in here, nothing may frame or keep it, and what goes wrong is a page for people. */
export const forBrowsers = [
  createMiddleware<House>(async (c, next) => {
    await next()
    for (const [header, value] of Object.entries(unseen)) c.res.headers.set(header, value)
    const refused = c.var.refused
    if (!refused || !(c.req.header('accept') ?? '').includes('text/html')) return
    const { status, title, help } = problems[refused]
    const language = languageOf(c)
    const { headers } = c.res
    c.res = undefined
    c.res = await c.html(
      page(
        title[language],
        html`<h1>${title[language]}</h1>
          <p>${help[language]}</p>
          <p class="quiet"><code>${refused}</code> · ${c.var.requestId}</p>`,
        '',
        language,
      ),
      status,
    )
    for (const [header, value] of headers) if (!header.startsWith('content-')) c.res.headers.set(header, value)
    c.res.headers.set('content-language', language)
  }),
  asPublic,
] as const

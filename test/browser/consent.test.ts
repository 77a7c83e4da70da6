import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDemoApp } from '../../src/local/demo-app.ts'
import type { Services } from '../../src/local/services.ts'
import { personToken } from '../../src/local/token.ts'
import { openBrowser, openServices, pictures, places } from './setting.ts'

const { service } = places

let services: Services
let browser: Browser
/** The app's own page, to which the browser comes back. */
let app: Server
let callback = ''
let client: oidc.Configuration

beforeAll(async () => {
  services = await openServices()
  app = createServer((_, response) => response.setHeader('content-type', 'text/plain').end('back at the app'))
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const address = app.address()
  callback = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/callback`
  const demo = await readDemoApp()
  if (!demo) throw new Error('there is no demo app')
  const set = await fetch(`${service}/v1/apps/${demo.clientId}/consent-terms`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await personToken(places.identity, 'operator')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      scopes: ['citizen:dossiers:read', 'citizen:copies:read'],
      redirectUris: [callback],
      purposes: [{ id: 'loan', vi: 'Xét hồ sơ vay mua nhà', en: 'Decide on a home loan' }],
    }),
  })
  expect(set.status).toBe(200)
  client = await oidc.discovery(new URL(service), demo.clientId, undefined, oidc.ClientSecretBasic(demo.clientSecret), {
    algorithm: 'oauth2',
    execute: [oidc.allowInsecureRequests],
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  app?.close()
  await services?.close()
})

async function begun(language: string) {
  const [pkceCodeVerifier, expectedState] = [oidc.randomPKCECodeVerifier(), oidc.randomState()]
  const url = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callback,
    scope: 'citizen:dossiers:read citizen:copies:read',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ui_locales: language,
    state: expectedState,
  })
  return { url, checks: { pkceCodeVerifier, expectedState } }
}

const isWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test.each([
  ['vi', { viewport: { width: 390, height: 844 }, colorScheme: 'light' as const }, 'Xét hồ sơ vay mua nhà', 'Đồng ý'],
  [
    'en',
    { viewport: { width: 1000, height: 900 }, colorScheme: 'dark' as const },
    'Decide on a home loan',
    'I consent',
  ],
])('login, page of consent and back to the app, in %s', async (language, options, purpose, allow) => {
  const context = await browser.newContext({ locale: language === 'vi' ? 'vi-VN' : 'en-GB', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  // The identity provider has no picture for a tab; what counts is this service.
  const isOurs = (url: string) => url.startsWith(service) && !url.endsWith('/favicon.ico')
  page.on('console', (message) => {
    if (message.type() === 'error' && isOurs(message.location().url)) complaints.push(message.text())
  })
  const { url, checks } = await begun(language)
  await page.goto(url.href)
  await page.getByRole('button', { name: 'Nguyễn Thị Mẫu' }).click()
  await page.waitForURL(/\/oauth\/authorizations\//)
  expect(await page.locator('main').innerText()).toContain(purpose)
  await page.screenshot({ path: join(pictures, `consent-${language}.png`), fullPage: true })
  // Nothing is chosen beforehand: the browser itself does not let an empty answer pass.
  await page.getByRole('button', { name: allow, exact: true }).click()
  expect(page.url()).toContain('/oauth/authorizations/')
  for (const scope of ['citizen:dossiers:read', 'citizen:copies:read'])
    await page.locator(`input[name="${scope}"][value="all"]`).check()
  expect(await isWide(page)).toBe(false)
  await page.getByRole('button', { name: allow, exact: true }).click()
  await page.getByText('back at the app').waitFor()
  const tokens = await oidc.authorizationCodeGrant(client, new URL(page.url()), checks)
  const read = await fetch(`${service}/v1/copies`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
  expect(read.status).toBe(200)
  expect((await oidc.refreshTokenGrant(client, tokens.refresh_token ?? '')).scope).toBe(tokens.scope)
  expect(complaints).toEqual([])
  await context.close()
})

test('who does not consent is back at the app, and the page cannot be framed or opened elsewhere', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const { url, checks } = await begun('vi')
  await page.goto(url.href)
  await page.getByRole('button', { name: 'Trần Văn Thử' }).click()
  await page.waitForURL(/\/oauth\/authorizations\//)
  const consentPage = page.url()

  const framing = await context.newPage()
  await framing.goto(callback)
  await framing.setContent(`<iframe src="${consentPage}"></iframe>`)
  await framing.waitForTimeout(500)
  const inside = framing.frames()[1]
  expect(await inside?.evaluate('document.body?.innerText ?? ""').catch(() => '')).not.toContain('Đồng ý')

  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  expect((await other.goto(consentPage))?.status()).toBe(404)
  await other.screenshot({ path: join(pictures, 'consent-none.png'), fullPage: true })

  await page.getByRole('button', { name: 'Không đồng ý' }).click()
  await page.getByText('back at the app').waitFor()
  await expect(oidc.authorizationCodeGrant(client, new URL(page.url()), checks)).rejects.toMatchObject({
    error: 'access_denied',
  })
  await Promise.all([context.close(), elsewhere.close()])
})

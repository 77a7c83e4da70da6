import { parseArgs } from 'node:util'
import * as oidc from 'openid-client'
import { type DemoApp, demoAppFile, readDemoApp } from './demo-app.ts'
import { localClient } from './identity-provider.ts'
import { personaNamed, personas } from './personas.ts'
import { placesOf } from './settings.ts'

const callback = 'http://127.0.0.1/callback'
/** Everything here is on this machine, in clear; the library insists on https otherwise. */
const insecure = { execute: [oidc.allowInsecureRequests] }

/** An access token for an app, by client credentials. */
export async function appToken({ origin, clientId, clientSecret }: DemoApp): Promise<string> {
  const authentication = oidc.ClientSecretBasic(clientSecret)
  const server = await oidc.discovery(new URL(origin), clientId, undefined, authentication, {
    ...insecure,
    algorithm: 'oauth2',
  })
  return (await oidc.clientCredentialsGrant(server)).access_token
}

/** An access token for a demo persona (`citizen`, `handler@HN-STC-2025`), by authorization code and PKCE, as a browser would get it. */
export async function personToken(identityOrigin: string, name: string): Promise<string> {
  const persona = personaNamed(name)
  if (!persona)
    throw new Error(`There is no persona ${name}. There are: app, ${personas.map((one) => one.persona).join(', ')}.`)
  const issuer = new URL(`${identityOrigin}/${persona.kind}s`)
  const server = await oidc.discovery(issuer, localClient, undefined, oidc.None(), insecure)
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const start = oidc.buildAuthorizationUrl(server, {
    redirect_uri: callback,
    scope: persona.kind === 'citizen' ? 'openid dossiers copies' : 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    login_hint: name,
    state,
  })
  const end = await walk(start)
  const tokens = await oidc.authorizationCodeGrant(server, end, { pkceCodeVerifier: verifier, expectedState: state })
  return tokens.access_token
}

/** Follows redirects with cookies, as a browser does, until the one that leads back to the client. */
async function walk(start: URL): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = start
  for (let step = 0; step < 10; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name && value !== undefined) cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`The identity provider answered ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
    url = new URL(location, url)
    if (url.href.startsWith(callback)) return url
  }
  throw new Error('The identity provider redirects for ever')
}

async function demoAppToken(): Promise<string> {
  const app = await readDemoApp()
  if (!app) throw new Error(`${demoAppFile} is missing: run "npm run setup" first.`)
  return appToken(app)
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { unit: { type: 'string' } } })
  const [name] = positionals
  if (!name) throw new Error('Usage: npm run --silent token -- <persona> [--unit <unit id>]')
  const identityOrigin = placesOf().identity
  const person = values.unit ? `${name}@${values.unit}` : name
  console.log(name === 'app' ? await demoAppToken() : await personToken(identityOrigin, person))
}

if (import.meta.main)
  main().catch((error: unknown) => {
    const fault = error instanceof Error ? error : new Error(String(error))
    const refused = fault.cause instanceof Error && 'code' in fault.cause && fault.cause.code === 'ECONNREFUSED'
    console.error(refused ? 'The services are not running: "npm start" starts them.' : fault.message)
    process.exitCode = 1
  })

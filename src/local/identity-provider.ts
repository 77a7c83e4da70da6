import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { dirname } from 'node:path'
import { randomBytes } from 'node:crypto'
import {
  type ClientMetadata,
  type Configuration,
  errors,
  interactionPolicy,
  Provider,
  type ResourceServer,
} from 'oidc-provider'
import { z } from 'zod'
import type { TrustedIssuer } from '../config.ts'
import { newTokenKey, publicKeys, type TokenKey } from '../platform/jwt.ts'
import { loginPage } from './login-page.ts'
import { memoryAdapter } from './oidc-memory.ts'
import { claimsOf, type Persona, personaNamed, personas, personaWithSubject } from './personas.ts'

/** The public client (PKCE, no secret) that gets tokens for people on this machine. */
export const localClient = 'motcua-local'

const kinds = { citizens: 'citizen', officers: 'officer' } as const
type Realm = keyof typeof kinds
const realms: readonly Realm[] = ['citizens', 'officers']

/** The confidential client as which the service itself sends citizens here, before they consent to something. */
export const serviceClient = 'motcua'

/** What the service must trust (`ISSUERS`) to accept the tokens of the local provider. */
export const localIssuers = (identityOrigin: string, audience: string): TrustedIssuer[] =>
  realms.map((realm) => ({
    key: realm,
    issuer: `${identityOrigin}/${realm}`,
    audience,
    algorithms: ['ES256'],
    kind: kinds[realm],
    ...(realm === 'citizens' && { client: serviceClient }),
  }))

export type IdentityProvider = {
  origin: string
  /** Signs with a new key from now on; the keys before stay published, so tokens in use stay valid. */
  rotateKeys(): Promise<void>
  close(): Promise<void>
}

type Options = {
  /** 0 lets the system choose. */
  port?: number
  /** The service that the tokens are for: its PUBLIC_ORIGIN. */
  audience: string
  /** The service's own keys, with which it proves itself as a client; without them it is none. */
  serviceKeys?: readonly TokenKey[]
  /** Where the keys live, so that a restart keeps tokens valid. */
  keysFile?: string
}

/** Two standard OpenID providers on this machine, one for citizens and one for officers, both knowing the demo personas only. */
export async function startIdentityProvider(options: Options): Promise<IdentityProvider> {
  const { port = 8788, audience, serviceKeys = [], keysFile = '.local/identity-keys.json' } = options
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the identity provider has no port')
  const origin = `http://127.0.0.1:${address.port}`

  const keys = await readKeys(keysFile)
  const memories = { citizens: memoryAdapter(), officers: memoryAdapter() }
  const open = (realm: Realm) =>
    new Provider(
      `${origin}/${realm}`,
      settings(realm, { audience, serviceKeys, keys: keys[realm], adapter: memories[realm] }),
    )
  let providers = { citizens: open('citizens'), officers: open('officers') }

  server.on('request', (request, response) => {
    answer(providers, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' })
      response.end(String(error))
    })
  })
  return {
    origin,
    async rotateKeys() {
      for (const realm of realms) keys[realm].unshift(await newTokenKey())
      await writeKeys(keysFile, keys)
      providers = { citizens: open('citizens'), officers: open('officers') }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const part = z.string()
const Key = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: part, y: part, d: part, kid: part })
/** The service's own signing keys, as its settings have them. */
export const serviceKeysIn = (text: string): TokenKey[] => z.array(Key).parse(JSON.parse(text))

const Keys = z.object({ citizens: z.array(Key).min(1), officers: z.array(Key).min(1) })
type Keys = z.infer<typeof Keys>

async function readKeys(file: string): Promise<Keys> {
  try {
    return Keys.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const keys = { citizens: [await newTokenKey()], officers: [await newTokenKey()] }
  await writeKeys(file, keys)
  return keys
}

async function writeKeys(file: string, keys: Keys): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify(keys, null, 2), { mode: 0o600 })
}

type Inside = {
  audience: string
  serviceKeys: readonly TokenKey[]
  keys: TokenKey[]
  adapter: NonNullable<Configuration['adapter']>
}

function settings(realm: Realm, { audience, serviceKeys, keys, adapter }: Inside): Configuration {
  const scope = realm === 'citizens' ? 'dossiers copies' : ''
  const always = new interactionPolicy.Check(
    'choose',
    'a persona is chosen each time',
    (ctx) => !ctx.oidc.result?.login,
  )
  const policy = interactionPolicy.base()
  policy.get('login')?.checks.add(always)
  // Both parties are ours and nobody is real: nothing to consent to.
  policy.remove('consent')
  return {
    adapter,
    jwks: { keys: keys.map((key) => ({ ...key, alg: 'ES256', use: 'sig' })) },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: ['openid', 'profile', ...scope.split(' ').filter(Boolean)],
    claims: { openid: ['sub'], profile: ['name'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [
      {
        client_id: localClient,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/callback', ...docsCallback(audience)],
      },
      ...(realm === 'citizens' && serviceKeys.length > 0 ? [asClient(audience, serviceKeys)] : []),
    ],
    clientBasedCORS: () => true,
    interactions: { policy, url: (_, interaction) => `/${realm}/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: resources(audience, scope),
    },
    ttl: { AccessToken: hour, AuthorizationCode: 60, IdToken: hour, Interaction: hour, Session: hour, Grant: hour },
    extraTokenClaims: (_, token) => {
      const persona = 'accountId' in token ? personaWithSubject(token.accountId) : undefined
      return persona && claimsOf(persona)
    },
    renderError(ctx, { error, error_description: description }) {
      ctx.type = 'text'
      ctx.body = `${error}: ${description ?? ''}\n`
    },
    findAccount: (_, sub) => {
      const persona = personaWithSubject(sub)
      return persona && { accountId: sub, claims: () => ({ sub, name: persona.name }) }
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc
      if (!client || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile')
      grant.addResourceScope(audience, scope)
      await grant.save()
      return grant
    },
  }
}

const hour = 3600

/** The service as a client of its own (`private_key_jwt`), where a citizen logs in before they consent. */
const asClient = (audience: string, keys: readonly TokenKey[]): ClientMetadata => ({
  client_id: serviceClient,
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: publicKeys(keys),
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [`${audience}/oauth/callback`],
})

/** Tokens are for the one service and in its form (RFC 8707, RFC 9068), whether or not the client names it. */
const resources = (audience: string, scope: string) => ({
  enabled: true,
  defaultResource: () => audience,
  useGrantedResource: () => true,
  getResourceServerInfo: (_: unknown, resource: string): ResourceServer => {
    if (resource !== audience) throw new errors.InvalidTarget()
    return { scope, audience, accessTokenFormat: 'jwt', accessTokenTTL: hour, jwt: { sign: { alg: 'ES256' } } }
  },
})

/** The interactive documentation signs people in too, where it is served from this machine. */
const docsCallback = (audience: string): string[] =>
  /^http:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(audience) ? [`${audience}/docs/oauth2-redirect.html`] : []

async function answer(
  providers: Record<Realm, Provider>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/'
  const realm = realms.find((name) => url.startsWith(`/${name}/`))
  if (!realm) {
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end('Nothing here: see /citizens/ and /officers/.well-known/openid-configuration\n')
    return
  }
  const provider = providers[realm]
  if (url.startsWith(`/${realm}/interaction/`)) return signIn(provider, kinds[realm], request, response)
  // How a provider learns that it is mounted below a path: as Express does it.
  Object.assign(request, { originalUrl: url, url: url.slice(realm.length + 1) })
  await provider.callback()(request, response)
}

/** Signs in whom `login_hint` names; otherwise asks. */
async function signIn(
  provider: Provider,
  kind: Persona['kind'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  const picked = request.method === 'POST' ? pickedIn(await text(request)) : params.login_hint
  const name = typeof picked === 'string' ? picked : undefined
  const persona = name ? personaNamed(name) : undefined
  if (persona?.kind === kind) {
    await provider.interactionFinished(request, response, { login: { accountId: persona.sub, remember: false } })
    return
  }
  const choices = personas.filter((one) => one.kind === kind)
  const fault = name ? `Không có / no such persona: ${name}` : undefined
  response.writeHead(fault ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(loginPage(kind, choices, fault))
}

function pickedIn(form: string): string {
  const fields = new URLSearchParams(form)
  const unit = fields.get('unit')
  return unit ? `${fields.get('persona')}@${unit}` : (fields.get('persona') ?? '')
}

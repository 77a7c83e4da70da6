import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { TrustedIssuer } from '../../src/config.ts'
import { SignJWT } from 'jose'
import { newTokenKey, publicKeys, type TokenKey } from '../../src/platform/jwt.ts'

/** One issuer on a real server of this machine, which a test can make do anything. */
export type Issuer = {
  trusted: TrustedIssuer
  keys: TokenKey[]
  /** How often its key set was asked for. */
  readings: number
  /** In place of the ordinary answers, when set. */
  discovery?: (response: ServerResponse) => void
  jwks?: (response: ServerResponse) => void
}

export type IssuerServer = {
  origin: string
  open(name: string, settings?: Partial<TrustedIssuer>): Promise<Issuer>
  close(): Promise<void>
}

/** Serves any number of issuers, each below a path of its own. */
export async function issuerServer(audience: string): Promise<IssuerServer> {
  const issuers = new Map<string, Issuer>()
  const server = createServer((request, response) => {
    const [, name = '', ...path] = (request.url ?? '').split('/')
    const issuer = issuers.get(name)
    const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (!issuer) return response.writeHead(404).end()
    const { issuer: iss } = issuer.trusted
    if (path.join('/') === '.well-known/openid-configuration')
      return issuer.discovery ? issuer.discovery(response) : json({ issuer: iss, jwks_uri: `${iss}/jwks` })
    issuer.readings++
    return issuer.jwks ? issuer.jwks(response) : json(publicKeys(issuer.keys))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    origin,
    async open(name, settings = {}) {
      const trusted = {
        key: name,
        issuer: `${origin}/${name}`,
        audience,
        algorithms: ['ES256' as const],
        kind: 'citizen' as const,
        ...settings,
      }
      const issuer = { trusted, keys: [await newTokenKey()], readings: 0 }
      issuers.set(name, issuer)
      return issuer
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The moment of these tests, and `at` seconds after it. */
export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 9) + seconds * 1000)
export const seconds = (date: Date) => Math.floor(date.getTime() / 1000)

export const citizen = { sub: 'c-1', personal_id: '001190000001', name: 'Nguyễn Thị Mẫu', scope: 'dossiers copies' }
const officer = { sub: 'o-1', unit: '00082-2025', roles: ['handler', 'mail-admin'], name: 'Lê Văn Thử' }

type Change = { claims?: Record<string, unknown>; header?: Record<string, unknown>; key?: TokenKey }

/** A token of the issuer, valid for ten minutes from `at(0)` unless changed. */
export function tokenOf(
  issuer: Issuer,
  { claims = {}, header = {}, key = issuer.keys[0] }: Change = {},
): Promise<string> {
  if (!key) throw new Error('an issuer has a key')
  const about = issuer.trusted.kind === 'citizen' ? citizen : officer
  const times = { iat: seconds(at(0)), exp: seconds(at(0)) + 600 }
  return new SignJWT({ iss: issuer.trusted.issuer, aud: issuer.trusted.audience, ...times, ...about, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(key, { crit: { future: true } })
}

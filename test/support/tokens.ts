import { env } from 'cloudflare:workers'
import { SignJWT } from 'jose'
import type { Role } from '../../src/domain/actor.ts'
import type { Scope } from '../../src/domain/scope.ts'
import { personaNamed } from '../../src/local/personas.ts'
import { type TokenKey } from '../../src/platform/jwt.ts'
import { sha256, toHex } from '../../src/platform/crypto.ts'

/** Whom a token speaks of: a demo persona (`'citizen'`, `'handler@HN-STC-2025'`), or somebody made up for the test. */
export type Who =
  | string
  | { kind: 'citizen'; personalId?: string; taxCode?: string; name?: string; scopes?: string[]; sub?: string }
  | { kind: 'officer'; unit: string; roles: Role[]; name?: string; sub?: string; title?: string; personalId?: string }
  | { kind: 'app'; id: string; scopes: Scope[] }
  | { kind: 'consented-app'; id: string; consent: string; scopes: readonly string[] }

export type Change = { header?: Record<string, unknown>; claims?: Record<string, unknown>; key?: TokenKey }

const origin = 'https://api.test'

/** A valid access token of that person or app, unless `change` makes it another one. */
export async function tokenOf(who: Who, change: Change = {}): Promise<string> {
  const { issuer, key, claims } = await told(who)
  const now = Math.floor(Date.now() / 1000)
  const payload = { iss: issuer, aud: origin, iat: now, exp: now + 600, ...claims, ...change.claims }
  const signer = change.key ?? key
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signer.kid, ...change.header })
    .sign(signer)
}

/** Signed lately: the same person asks many times. */
const known = new Map<string, { token: Promise<string>; at: number }>()

/** The header that makes a request that person's, or nobody's (`null`: the public). */
export async function bearer(who: Who | null): Promise<Record<string, string>> {
  if (who === null) return {}
  const name = JSON.stringify(who)
  const before = known.get(name)
  const age = Date.now() - (before?.at ?? 0)
  const { token } = before && age >= 0 && age < 120_000 ? before : { token: tokenOf(who) }
  if (token !== before?.token) known.set(name, { token, at: Date.now() })
  return { authorization: `Bearer ${await token}` }
}

/** The keys of the test's issuers by name, oldest first. */
export const issuerKeys = (issuer: 'people' | 'city' | 'turning'): TokenKey[] =>
  (JSON.parse((env as unknown as { TEST_ISSUER_KEYS: string }).TEST_ISSUER_KEYS) as Record<string, TokenKey[]>)[
    issuer
  ] ?? []

async function told(who: Who): Promise<{ issuer: string; key: TokenKey; claims: Record<string, unknown> }> {
  const person = typeof who === 'string' ? personaNamed(who) : who
  if (!person) throw new Error(`no persona ${JSON.stringify(who)}`)
  if (person.kind === 'app' || person.kind === 'consented-app') {
    const sub = person.kind === 'app' ? person.id : person.consent
    const claims = { sub, client_id: person.id, scope: person.scopes.join(' '), jti: crypto.randomUUID() }
    return { issuer: origin, key: first(JSON.parse(env.TOKEN_KEYS) as TokenKey[]), claims }
  }
  if (person.kind === 'citizen') {
    const { personalId, taxCode, name = 'Nguyễn Văn Mẫu', scopes = ['dossiers', 'copies'] } = person
    const sub = person.sub ?? (await subOf('c', personalId ?? taxCode ?? ''))
    const claims = { sub, name, personal_id: personalId, tax_code: taxCode, scope: scopes.join(' ') }
    return { issuer: 'https://people.test', key: first(issuerKeys('people')), claims }
  }
  const { unit, roles, name = 'Lê Văn Thử', title } = person
  const personal_id = 'personalId' in person ? person.personalId : undefined
  const sub = person.sub ?? (await subOf('o', `${unit} ${roles.join()} ${name}`))
  return {
    issuer: 'https://city.test',
    key: first(issuerKeys('city')),
    claims: { sub, name, unit, roles, title, personal_id },
  }
}

/** The same person always has the same subject, and it tells nothing about them. */
const subOf = async (kind: string, who: string) => `${kind}-${toHex(await sha256(who)).slice(0, 8)}`

function first(keys: TokenKey[]): TokenKey {
  const [key] = keys
  if (!key) throw new Error('the test has no such issuer')
  return key
}

import { createLocalJWKSet, errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose'
import { z } from 'zod'

const minute = 60_000
/** Keys are read again after this time, so that a key the issuer has withdrawn stops being accepted. */
const freshFor = 10 * minute
/** While the issuer cannot be reached, keys read earlier serve on for this long. */
const staleFor = 60 * minute
/** An unknown key id makes us ask the issuer again, but only this often: garbage must not become a flood. */
const cooldown = 30_000
/** After a failed attempt nobody waits for the issuer again for this long. */
const restAfterFailure = 5_000
const timeout = 5_000

/** The issuer, or the keys it must publish, could not be read: nothing can be said about its tokens. */
export class IssuerUnreachable extends Error {}

type Memory = { keys?: LocalJWKSet; readAt: number; missedAt: number; failedAt: number; pending?: Promise<LocalJWKSet> }

/** Per isolate. Public keys only, found again at any time. */
const memories = new Map<string, Memory>()

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

/**
 * Finds the issuer's key for a token by OpenID Connect Discovery 1.0 §4 and its JWKS; for use as the key of `jwtVerify`.
 * Throws {@link IssuerUnreachable}, or jose's `JWKSNoMatchingKey` when the issuer publishes no such key.
 */
export function keysOf(issuer: string, now: Date): JWTVerifyGetKey {
  const at = now.getTime()
  return async (header, token) => {
    const memory = memoryOf(issuer)
    const keys = await currentKeys(issuer, memory, at)
    try {
      return await keys(header, token)
    } catch (error) {
      const newer = error instanceof errors.JWKSNoMatchingKey && (await keysAfter(keys, issuer, memory, at))
      if (newer) return newer(header, token)
      throw error
    }
  }
}

/** The keys that the issuer published since `keys` were read, or undefined when it was asked a moment ago. */
async function keysAfter(
  keys: LocalJWKSet,
  issuer: string,
  memory: Memory,
  at: number,
): Promise<LocalJWKSet | undefined> {
  if (memory.keys !== keys) return memory.keys
  if (!memory.pending && at - memory.missedAt < cooldown) return undefined
  const newer = await readAgain(issuer, memory, at)
  memory.missedAt = at
  return newer
}

function memoryOf(issuer: string): Memory {
  const known = memories.get(issuer)
  if (known) return known
  const fresh: Memory = { readAt: -Infinity, missedAt: -Infinity, failedAt: -Infinity }
  memories.set(issuer, fresh)
  return fresh
}

async function currentKeys(issuer: string, memory: Memory, at: number): Promise<LocalJWKSet> {
  const { keys, readAt } = memory
  if (keys && at - readAt < freshFor) return keys
  try {
    return await readAgain(issuer, memory, at)
  } catch (error) {
    if (keys && at - readAt < staleFor && error instanceof IssuerUnreachable) return keys
    throw error
  }
}

/** One reading at a time; requests that need it meanwhile wait for the same one. */
async function readAgain(issuer: string, memory: Memory, at: number): Promise<LocalJWKSet> {
  if (at - memory.failedAt < restAfterFailure) throw new IssuerUnreachable(`${issuer} failed a moment ago`)
  const pending = (memory.pending ??= read(issuer))
  try {
    // The request that began the reading may be cancelled, and its promise then never settles (workerd).
    const keys = await within(2 * timeout + 500, pending)
    Object.assign(memory, { keys, readAt: Math.max(at, memory.readAt), failedAt: -Infinity })
    return keys
  } catch (cause) {
    memory.failedAt = at
    throw cause instanceof IssuerUnreachable ? cause : new IssuerUnreachable(`${issuer}: ${String(cause)}`, { cause })
  } finally {
    if (memory.pending === pending) delete memory.pending
  }
}

async function read(issuer: string): Promise<LocalJWKSet> {
  const discovery = Discovery.parse(await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`))
  if (discovery.issuer !== issuer) throw new IssuerUnreachable(`${issuer} calls itself ${discovery.issuer}`)
  return createLocalJWKSet(KeySet.parse(await get(discovery.jwks_uri)))
}

async function get(address: string): Promise<unknown> {
  const url = new URL(address)
  // A key read in clear could be anybody's; only the developer's own machine is excepted.
  if (url.protocol !== 'https:' && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    throw new IssuerUnreachable(`${address} is not https`)
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  })
  if (response.status === 200) return response.json()
  await response.body?.cancel()
  throw new IssuerUnreachable(`${address} answered ${response.status}`)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new IssuerUnreachable(`no answer within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

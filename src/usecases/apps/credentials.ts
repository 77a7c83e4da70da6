import type { Context } from '../../context.ts'
import type { UnnamedKey } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret, newSecret } from '../../platform/secrets.ts'
import type { AppKey, AppSecret, RegisteredApp } from '../../store/apps.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, ownerName } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { existing, usableKeys } from './register.ts'

/** Live secrets, and live keys, that an app may hold: room for a change-over, no room for a heap of forgotten ones. */
const mostLive = 5

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-app'
type AddRefusal = Refusal | 'too-many-credentials'

/** `value` is the secret itself, shown this once; null when the same command is sent again. */
export type AddedSecret = { secret: AppSecret; value: string | null }

/** Gives an app another secret; the old ones stay good until they are revoked, so the app changes over without a gap. */
export async function addSecret(
  context: Context,
  appId: string,
  command: Command | undefined,
): Promise<Result<Replayable<AddedSecret>, AddRefusal | 'idempotency-key-reused'>> {
  const found = await managed(context, appId)
  if (!found.ok) return found
  const again = async (id: string) => ok({ secret: await secretOf(context, appId, id), value: null })
  return onceForKey<AddedSecret, AddRefusal>(context, command, again, async () => {
    if (isFull(found.value.secrets)) return refuse('too-many-credentials')
    const id = `secret_${context.newId()}`
    const value = newSecret()
    const at = context.now()
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    const act = { by: ownerName(context.actor), at }
    const written = await context.apps.addSecret(appId, { id, hash: await hashOfSecret(value) }, act, along)
    if (written.ok) return ok({ secret: await secretOf(context, appId, id), value })
    if (written.refusal === 'key-in-use') return refuse('key-in-use')
    throw new Error('a secret has no key id')
  })
}

/** Gives an app another key to sign its assertions with. */
export async function addKey(
  context: Context,
  appId: string,
  key: UnnamedKey,
  command: Command | undefined,
): Promise<Result<Replayable<AppKey>, AddRefusal | 'invalid-request' | 'key-id-in-use' | 'idempotency-key-reused'>> {
  const found = await managed(context, appId)
  if (!found.ok) return found
  const again = async (id: string) => ok(await keyOf(context, appId, id))
  return onceForKey<AppKey, AddRefusal | 'invalid-request' | 'key-id-in-use'>(context, command, again, async () => {
    if (isFull(found.value.keys)) return refuse('too-many-credentials')
    const usable = await usableKeys([key], () => '')
    if (!usable.ok) return usable
    const id = `key_${context.newId()}`
    const at = context.now()
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    for (const jwk of usable.value) {
      const written = await context.apps.addKey(appId, { id, jwk }, { by: ownerName(context.actor), at }, along)
      if (!written.ok) return written
    }
    return ok(await keyOf(context, appId, id))
  })
}

/** Ends a secret or key at once; tokens got with it run out within ten minutes. What was revoked stays on record. */
export async function revokeCredential(
  context: Context,
  appId: string,
  id: string,
): Promise<Result<void, Refusal | 'no-such-credential'>> {
  const found = await managed(context, appId)
  if (!found.ok) return found
  const act = { by: ownerName(context.actor), at: context.now() }
  if (found.value.secrets.some((secret) => secret.id === id)) return ok(await context.apps.revokeSecret(appId, id, act))
  if (found.value.keys.some((key) => key.id === id)) return ok(await context.apps.revokeKey(appId, id, act))
  return refuse('no-such-credential')
}

async function managed(context: Context, appId: string): Promise<Result<RegisteredApp, Refusal>> {
  const may = allowed(context, 'manageApps')
  if (!may.ok) return may
  const app = await context.apps.find(appId)
  return app ? ok(app) : refuse('no-such-app')
}

const isFull = (credentials: { revokedAt: string | null }[]) =>
  credentials.filter(({ revokedAt }) => revokedAt === null).length >= mostLive

const secretOf = async (context: Context, appId: string, id: string) =>
  present((await existing(context, appId)).secrets, id)
const keyOf = async (context: Context, appId: string, id: string) => present((await existing(context, appId)).keys, id)

function present<T extends { id: string }>(credentials: T[], id: string): T {
  const found = credentials.find((credential) => credential.id === id)
  if (!found) throw new Error(`credential ${id} was written and is gone`)
  return found
}

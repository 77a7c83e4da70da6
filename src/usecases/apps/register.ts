import type { Context } from '../../context.ts'
import type { AppKind } from '../../domain/actor.ts'
import { inOrder, proceduresIn, type Scope } from '../../domain/scope.ts'
import { type PublicKey, type UnnamedKey, usableKey } from '../../platform/jwt.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { hashOfSecret, newSecret } from '../../platform/secrets.ts'
import type { AppSettings, RegisteredApp } from '../../store/apps.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, ownerName } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

export type Registration = AppSettings & { kind: AppKind; keys: UnnamedKey[] }

/** `secret` is shown this once; null where the app signs with a key of its own, and when the same command is sent again. */
export type Registered = { app: RegisteredApp; secret: string | null }

type RegisterRefusal = 'token-needed' | 'not-allowed' | 'invalid-request' | 'key-id-in-use'

/** Registers an app. One that brings keys needs no secret (`private_key_jwt`); any other gets one. */
export async function registerApp(
  context: Context,
  { keys, ...settings }: Registration,
  command: Command | undefined,
): Promise<Result<Replayable<Registered>, RegisterRefusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'manageApps')
  if (!may.ok) return may
  const usable = await usableKeys(keys, (index) => `/jwks/keys/${index}`)
  const errors = [
    ...(await scopeErrors(context, settings.scopes)),
    ...(usable.ok ? [] : (usable.because?.errors ?? [])),
  ]
  if (!usable.ok || errors.length > 0) return refuse('invalid-request', { errors })
  const again = async (id: string) => ok({ app: await existing(context, id), secret: null })
  return onceForKey<Registered, RegisterRefusal>(context, command, again, async () => {
    const id = `app_${context.newId()}`
    const at = context.now()
    const secret = keys.length === 0 ? newSecret() : null
    const written = await context.apps.register(
      { id, ...settings, scopes: inOrder(settings.scopes) },
      {
        secrets: secret ? [{ id: `secret_${context.newId()}`, hash: await hashOfSecret(secret) }] : [],
        keys: usable.value.map((jwk) => ({ id: `key_${context.newId()}`, jwk })),
      },
      { by: ownerName(context.actor), at },
      command ? [context.idempotency.remember(command, id, 1, at)] : [],
    )
    return written.ok ? ok({ app: await existing(context, id), secret }) : written
  })
}

/** Every scope of a procedure that the catalogue does not know: it would open nothing. */
export async function scopeErrors({ procedures, now }: Context, scopes: Scope[]): Promise<InputError[]> {
  const named = proceduresIn(scopes)
  if (named.length === 0) return []
  const known = await procedures.levels(localDate(now()), named)
  return scopes.flatMap((scope, index) =>
    proceduresIn([scope]).some((code) => !known.has(code))
      ? [{ ...unknownProcedure, pointer: `/scopes/${index}` }]
      : [],
  )
}

const unknownProcedure = {
  code: 'unknown-procedure',
  detail: { vi: 'Không có thủ tục này trong danh mục.', en: 'There is no such procedure in the catalogue.' },
}

/** Keys that the runtime can really verify with, or every key that it cannot, by pointer. */
export async function usableKeys(
  keys: UnnamedKey[],
  pointer: (index: number) => string,
): Promise<Result<PublicKey[], 'invalid-request'>> {
  const usable = await Promise.all(keys.map(usableKey))
  const errors = usable.flatMap((key, index) => (key ? [] : [{ ...unusable, pointer: pointer(index) }]))
  return errors.length > 0 ? refuse('invalid-request', { errors }) : ok(usable.filter((key) => key !== undefined))
}

const unusable = {
  code: 'unusable-key',
  detail: { vi: 'Không dùng được khóa công khai này.', en: 'This public key cannot be used.' },
}

/** The app that a command has just written or had written before. */
export async function existing(context: Context, id: string): Promise<RegisteredApp> {
  const app = await context.apps.find(id)
  if (!app) throw new Error(`app ${id} was registered and is gone`)
  return app
}

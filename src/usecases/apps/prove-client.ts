import type { Context } from '../../context.ts'
import { clientNamedBy, verifyAssertion } from '../../platform/client-assertions.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { isSecretOf } from '../../platform/secrets.ts'
import type { RegisteredApp } from '../../store/apps.ts'

/** How a client proves who it is: `client_secret_basic` or `private_key_jwt`. */
export type Proof = { secret: string; client: string } | { assertion: string; client?: string }

type Proved = Result<RegisteredApp, 'invalid_client'>

/** The app that proved who it is; `audiences` are those that an assertion may be made for. */
export const proveClient = (context: Context, proof: Proof, audiences: string[]): Promise<Proved> =>
  'secret' in proof ? appWithSecret(context, proof) : appWithAssertion(context, proof, audiences)

async function appWithSecret(
  context: Context,
  { client, secret }: { client: string; secret: string },
): Promise<Proved> {
  const app = await context.apps.find(client)
  const live = app?.secrets.filter(({ revokedAt }) => revokedAt === null) ?? []
  const matches = await Promise.all(live.map(({ hash }) => isSecretOf(secret, hash)))
  return app && matches.includes(true) ? ok(app) : refuse('invalid_client')
}

async function appWithAssertion(
  context: Context,
  { assertion, client }: { assertion: string; client?: string },
  audiences: string[],
): Promise<Proved> {
  const named = clientNamedBy(assertion)
  if (!named || (client !== undefined && client !== named)) return refuse('invalid_client')
  const app = await context.apps.find(named)
  if (!app) return refuse('invalid_client')
  const keys = app.keys.filter(({ revokedAt }) => revokedAt === null).map(({ jwk }) => jwk)
  const now = context.now()
  const verified = await verifyAssertion(assertion, { client: named, audiences, keys, now })
  if (!verified.ok) return refuse('invalid_client', verified.because)
  const { jti, expiresAt } = verified.value
  const first = await context.apps.useAssertion(app.id, jti, expiresAt, now)
  const replayed = 'the assertion was used before (jti)'
  return first ? ok(app) : refuse('invalid_client', { detail: { vi: replayed, en: replayed } })
}

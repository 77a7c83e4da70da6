import type { Context } from '../../context.ts'
import { mostSecrets } from '../../domain/webhook.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { newSigningKeys, secretText } from '../../platform/webhook-signature.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptWebhook, WebhookSecret } from '../../store/webhooks.ts'
import { inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { existing, own, type Seen } from './manage.ts'

type AddRefusal = Seen | 'too-many-credentials'

/** `value` is shown this once; null when the same command is sent again. */
export type AddedSecret = { secret: WebhookSecret; value: string | null }

/** Another secret and key: messages are signed with all live ones, so the receiver changes over without a gap. */
export async function addWebhookSecret(
  context: Context,
  id: string,
  command: Command | undefined,
): Promise<Result<Replayable<AddedSecret>, AddRefusal | 'idempotency-key-reused'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  const again = async (secret: string) => ok({ secret: secretIn(await existing(context, id), secret), value: null })
  return onceForKey<AddedSecret, AddRefusal>(context, command, again, () =>
    unlessChanged(async () => {
      const before = await existing(context, id)
      if (before.secrets.length >= mostSecrets) return refuse('too-many-credentials')
      const add = { id: `whsec_${context.newId()}`, ...(await newSigningKeys()) }
      const at = context.now()
      const along = command ? [context.idempotency.remember(command, add.id, 1, at)] : []
      const event = { type: 'webhook.secret-added', secret: add.id } as const
      const act = { at, actor: inJournal(context.actor), along }
      const written = await context.webhooks.append(before, event, { add }, act)
      if (!written.ok) return written
      return ok({ secret: secretIn(await existing(context, id), add.id), value: secretText(add.secret) })
    }),
  )
}

/** Nothing is signed with it from now on. The last one stays: unsigned messages are never sent. */
export async function revokeWebhookSecret(
  context: Context,
  id: string,
  secret: string,
): Promise<Result<void, Seen | 'no-such-credential' | 'last-credential'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  return unlessChanged(async () => {
    const before = await existing(context, id)
    if (!before.secrets.some((one) => one.id === secret)) return refuse('no-such-credential')
    if (before.secrets.length === 1) return refuse('last-credential')
    const event = { type: 'webhook.secret-revoked', secret } as const
    const act = { at: context.now(), actor: inJournal(context.actor) }
    const written = await context.webhooks.append(before, event, { remove: secret }, act)
    if (written.ok) return ok(undefined)
    return refuse('changed-meanwhile')
  })
}

/** Neither names a version, so whoever comes second does it to what the first has left. */
async function unlessChanged<T, R extends string>(
  run: () => Promise<Result<T, R | 'changed-meanwhile'>>,
): Promise<Result<T, Exclude<R, 'changed-meanwhile'>>> {
  for (let tries = 0; tries < 5; tries++) {
    const result = await run()
    if (result.ok) return result
    const { refusal, because } = result
    if (isOther(refusal)) return refuse(refusal, because)
  }
  throw new Error('a webhook changed five times while it was changed')
}

const isOther = <R extends string>(refusal: R): refusal is Exclude<R, 'changed-meanwhile'> =>
  refusal !== 'changed-meanwhile'

function secretIn({ secrets }: KeptWebhook, id: string): WebhookSecret {
  const found = secrets.find((one) => one.id === id)
  if (!found) throw new Error(`secret ${id} was written and is gone`)
  return found
}

import type { Context } from '../../context.ts'
import { mostSecrets } from '../../domain/webhook.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { newSigningKeys, secretText } from '../../platform/webhook-signature.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptWebhook, WebhookSecret } from '../../store/webhooks.ts'
import { inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { existing, own, type Seen } from './manage.ts'

type AddRefusal = Seen | 'too-many-credentials' | 'changed-meanwhile'

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
  return onceForKey<AddedSecret, AddRefusal>(context, command, again, async () => {
    if (found.value.secrets.length >= mostSecrets) return refuse('too-many-credentials')
    const add = { id: `whsec_${context.newId()}`, ...(await newSigningKeys()) }
    const at = context.now()
    const along = command ? [context.idempotency.remember(command, add.id, 1, at)] : []
    const event = { type: 'webhook.secret-added', secret: add.id } as const
    const act = { at, actor: inJournal(context.actor), along }
    const written = await context.webhooks.append(found.value, event, { add }, act)
    if (!written.ok) return written
    return ok({ secret: secretIn(await existing(context, id), add.id), value: secretText(add.secret) })
  })
}

/** Nothing is signed with it from now on. The last one stays: unsigned messages are never sent. */
export async function revokeWebhookSecret(
  context: Context,
  id: string,
  secret: string,
): Promise<Result<void, Seen | 'no-such-credential' | 'last-credential' | 'changed-meanwhile'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  const { secrets } = found.value
  if (!secrets.some((one) => one.id === secret)) return refuse('no-such-credential')
  if (secrets.length === 1) return refuse('last-credential')
  const event = { type: 'webhook.secret-revoked', secret } as const
  const act = { at: context.now(), actor: inJournal(context.actor) }
  const written = await context.webhooks.append(found.value, event, { remove: secret }, act)
  return written.ok ? ok(undefined) : refuse('changed-meanwhile')
}

function secretIn({ secrets }: KeptWebhook, id: string): WebhookSecret {
  const found = secrets.find((one) => one.id === id)
  if (!found) throw new Error(`secret ${id} was written and is gone`)
  return found
}

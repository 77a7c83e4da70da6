import type { Context } from '../../context.ts'
import { mostWebhooks, type Wishes } from '../../domain/webhook.ts'
import { ok, refuse, type InputError, type Result } from '../../platform/result.ts'
import { newSigningKeys, secretText } from '../../platform/webhook-signature.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptWebhook } from '../../store/webhooks.ts'
import { allowed, inJournal, ownerName } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

type Refusal = 'token-needed' | 'not-allowed'
export type Seen = Refusal | 'no-such-webhook'

/** `secret` is shown this once; null when the same command is sent again. */
export type Created = { kept: KeptWebhook; secret: string | null }

/** Tells an app's receiver of what happens to the app's dossiers, from now on. */
export async function createWebhook(
  context: Context,
  wishes: Wishes,
  command: Command | undefined,
): Promise<Result<Replayable<Created>, Refusal | 'invalid-request' | 'too-many-webhooks' | 'idempotency-key-reused'>> {
  const may = allowed(context, 'manageWebhooks')
  if (!may.ok) return may
  const errors = urlErrors(context, wishes.url)
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const again = async (id: string) => ok({ kept: await existing(context, id), secret: null })
  return onceForKey<Created, Refusal | 'invalid-request' | 'too-many-webhooks'>(context, command, again, async () => {
    const owner = ownerName(context.actor)
    if ((await context.webhooks.list(owner, undefined, mostWebhooks)).length >= mostWebhooks)
      return refuse('too-many-webhooks')
    const id = `webhook_${context.newId()}`
    const secret = { id: `whsec_${context.newId()}`, ...(await newSigningKeys()) }
    const at = context.now()
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    const act = { at, actor: inJournal(context.actor), along }
    const written = await context.webhooks.create({ id, owner, ...wishes }, secret, act)
    return written.ok ? ok({ kept: await existing(context, id), secret: secretText(secret.secret) }) : written
  })
}

/** The app's own webhooks, newest first. */
export async function listWebhooks(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<KeptWebhook>, Refusal>> {
  const may = allowed(context, 'readWebhooks')
  if (!may.ok) return may
  const rows = await context.webhooks.list(ownerName(context.actor), before, limit)
  return ok(pageOf(rows, limit, ({ webhook }) => webhook.id))
}

export async function readWebhook(context: Context, id: string): Promise<Result<KeptWebhook, Seen>> {
  return own(context, 'readWebhooks', id)
}

/** Replaces what a webhook wants; `active` also takes one up again that was given up, and `false` rests it. */
export async function changeWebhook(
  context: Context,
  input: { id: string; version: number; wishes: Wishes; active: boolean },
): Promise<Result<KeptWebhook, Seen | 'invalid-request' | 'changed-meanwhile'>> {
  const found = await own(context, 'manageWebhooks', input.id)
  if (!found.ok) return found
  const errors = urlErrors(context, input.wishes.url)
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const { webhook } = found.value
  if (webhook.version !== input.version) return refuse('changed-meanwhile')
  const rests = !input.active && webhook.status === 'active'
  const event = rests
    ? ({ type: 'webhook.disabled', because: 'owner' } as const)
    : ({ type: 'webhook.changed' } as const)
  const change = {
    ...input.wishes,
    ...(input.active && { status: 'active' as const, disabledBecause: null, failingSince: null }),
    ...(rests && { status: 'disabled' as const, disabledBecause: 'owner' as const }),
  }
  return changed(context, found.value, event, change)
}

/** Ends a webhook and destroys its keys; what it was sent stays on record. */
export async function deleteWebhook(
  context: Context,
  id: string,
  version: number | undefined,
): Promise<Result<void, Seen | 'changed-meanwhile'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  if (version !== undefined && version !== found.value.webhook.version) return refuse('changed-meanwhile')
  const act = { at: context.now(), actor: inJournal(context.actor) }
  const change = { status: 'deleted', disabledBecause: null } as const
  const written = await context.webhooks.append(found.value, { type: 'webhook.deleted' }, change, act)
  return written.ok ? ok(undefined) : refuse('changed-meanwhile')
}

type Append = Parameters<Context['webhooks']['append']>

async function changed(
  context: Context,
  before: KeptWebhook,
  event: Append[1],
  change: Append[2],
): Promise<Result<KeptWebhook, 'changed-meanwhile'>> {
  const act = { at: context.now(), actor: inJournal(context.actor) }
  const written = await context.webhooks.append(before, event, change, act)
  return written.ok ? ok(await existing(context, before.webhook.id)) : refuse('changed-meanwhile')
}

/** The webhook if it is this app's; for anybody else it does not exist. */
export async function own(
  context: Context,
  verb: 'readWebhooks' | 'manageWebhooks',
  id: string,
): Promise<Result<KeptWebhook, Seen>> {
  const may = allowed(context, verb)
  if (!may.ok) return may
  const kept = await context.webhooks.find(id)
  return kept && kept.webhook.owner === ownerName(context.actor) ? ok(kept) : refuse('no-such-webhook')
}

/** The webhook that a command has just written, or had written before. */
export async function existing(context: Context, id: string): Promise<KeptWebhook> {
  const kept = await context.webhooks.find(id)
  if (!kept) throw new Error(`webhook ${id} was written and is gone`)
  return kept
}

const urlWords = {
  'not-https': { vi: 'Chỉ nhận địa chỉ https.', en: 'Only https is spoken to.' },
  'has-credentials': { vi: 'Địa chỉ không được chứa tên và mật khẩu.', en: 'No name and password in the address.' },
  'port-not-allowed': { vi: 'Chỉ dùng cổng 443 hoặc 8443.', en: 'Only the ports 443 and 8443.' },
  'address-not-public': {
    vi: 'Máy nhận phải có tên công khai trên internet.',
    en: 'The receiver needs a public name.',
  },
}

function urlErrors({ receivers }: Context, url: string): InputError[] {
  const code = receivers.faultOf(url)
  return code === null ? [] : [{ pointer: '/url', code, detail: urlWords[code] }]
}

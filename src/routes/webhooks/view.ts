import { z } from '@hono/zod-openapi'
import { eventId, feedTypes } from '../../domain/feed.ts'
import { receiverFaults } from '../../platform/receivers.ts'
import type { Attempt } from '../../store/deliveries.ts'
import type { KeptWebhook, WebhookSecret } from '../../store/webhooks.ts'
import type { ShownDelivery } from '../../usecases/webhooks/deliveries.ts'
import { EventId } from '../events/types.ts'
import { Instant } from '../shapes.ts'
import { WebhookId, WebhookSecretId } from './shapes.ts'

const Type = z.enum(feedTypes).openapi({ example: 'dossier.accepted' })

const wishes = {
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .openapi({
      description: 'Where messages are posted to: https, a public name, port 443 or 8443, no name and password.',
      example: 'https://receiver.example.vn/motcua',
    }),
  types: z
    .array(Type)
    .min(1)
    .max(100)
    .nullable()
    .openapi({ description: 'Only events of these types; null: of all, also of types to come.' }),
  procedures: z
    .array(z.string().min(1).max(20))
    .min(1)
    .max(100)
    .nullable()
    .openapi({ description: 'Only of dossiers for these procedures; null: for all.' }),
}

/** Where nothing is said, everything is wanted. */
export const WebhookWishes = z
  .strictObject({ ...wishes, types: wishes.types.default(null), procedures: wishes.procedures.default(null) })
  .openapi('WebhookWishes', {
    example: {
      url: 'https://receiver.example.vn/motcua',
      types: ['dossier.resolved', 'copy.issued'],
      procedures: null,
    },
  })

export const WebhookChange = z
  .strictObject({
    ...wishes,
    active: z.boolean().openapi({ description: '`false` rests it; `true` takes it up again.' }),
  })
  .openapi('WebhookChange', {
    example: { url: 'https://receiver.example.vn/motcua', types: null, procedures: ['1.001193'], active: true },
  })

export const SecretView = z
  .object({
    id: WebhookSecretId,
    publicKey: z.string().max(100).openapi({
      description: 'Verifies the `v1a` signatures (Ed25519); it is no secret.',
      example: 'whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqo=',
    }),
    createdAt: Instant,
  })
  .openapi('WebhookSecret')

const secretValue = z.string().max(100).nullable().openapi({
  example: 'whsec_Zm9yIGRvY3VtZW50YXRpb24gb25seSwgbm90IHJlYWw=',
  description: 'Verifies the `v1` signatures. Shown this once; null when the same command is sent again.',
})

export const WebhookView = z
  .object({
    id: WebhookId,
    ...wishes,
    types: z.array(z.string().max(64)).max(100).nullable(),
    status: z.enum(['active', 'disabled']),
    disabledBecause: z.enum(['owner', 'gone', 'failing']).nullable().openapi({
      description: '`gone`: the receiver answered 410. `failing`: it took nothing for five days.',
    }),
    failingSince: Instant.nullable().openapi({
      description: 'The first of the attempts that failed since it last took something.',
    }),
    secrets: z.array(SecretView).max(10),
    createdAt: Instant,
  })
  .openapi('Webhook')

export const CreatedWebhookView = WebhookView.extend({ secret: secretValue }).openapi('CreatedWebhook')
export const AddedSecretView = SecretView.extend({ secret: secretValue }).openapi('AddedWebhookSecret')

export const AttemptView = z
  .object({
    number: z.int().min(1),
    at: Instant,
    status: z
      .int()
      .min(100)
      .max(599)
      .nullable()
      .openapi({ description: 'What the receiver answered; null if it did not.' }),
    fault: z.enum(receiverFaults).nullable().openapi({ description: 'Why there was no answer.' }),
    milliseconds: z.int().min(0),
    reply: z.string().max(1000).nullable().openapi({ description: 'How the reply began.' }),
  })
  .openapi('WebhookAttempt')

export const DeliveryStatus = z.enum(['pending', 'delivered', 'failed', 'cancelled'])

export const DeliveryView = z
  .object({
    event: EventId,
    type: z.string().max(64),
    status: DeliveryStatus.openapi({
      description: '`failed`: no attempt is left. `cancelled`: the webhook was disabled meanwhile.',
    }),
    nextAttemptAt: Instant.nullable().openapi({
      description: 'Not before this moment; null when there is nothing to do.',
    }),
    createdAt: Instant,
    attempts: z.array(AttemptView).max(1000),
  })
  .openapi('WebhookDelivery')

export const showWebhook = ({ webhook, secrets }: KeptWebhook) => WebhookView.parse({ ...webhook, secrets })
export const showCreated = (kept: KeptWebhook, secret: string | null) =>
  CreatedWebhookView.parse({ ...kept.webhook, secrets: kept.secrets, secret })
export const showAdded = (secret: WebhookSecret, value: string | null) =>
  AddedSecretView.parse({ ...secret, secret: value })
export const showAttempt = (attempt: Attempt) => AttemptView.parse(attempt)
export const showDelivery = ({ delivery, attempts }: ShownDelivery) =>
  DeliveryView.parse({ ...delivery, event: eventId(delivery.position), attempts })

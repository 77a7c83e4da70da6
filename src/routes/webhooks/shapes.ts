import { z } from '@hono/zod-openapi'

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const example = '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'

export const WebhookId = z
  .string()
  .max(64)
  .regex(new RegExp(`^webhook_${uuid}$`))
  .openapi({ example: `webhook_${example}` })

export const WebhookSecretId = z
  .string()
  .max(64)
  .regex(new RegExp(`^whsec_${uuid}$`))
  .openapi({ example: `whsec_${example}` })

export const WebhookParam = z.object({ id: WebhookId })

export const common = { tags: ['Webhooks'], security: [{ app: ['webhooks'] }] }

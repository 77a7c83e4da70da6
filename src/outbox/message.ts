import { z } from 'zod'
import type { OutboxMessage } from '../store/journal.ts'

/** What goes through the queue: the id and type of a committed event, never its content. The consumer reads the rest. */
export const Message: z.ZodType<OutboxMessage> = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  version: z.number().int(),
})

export type Message = OutboxMessage

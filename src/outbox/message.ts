import { z } from 'zod'
import type { OutboxMessage } from '../store/journal.ts'

/** An id of ours: whatever else comes was not sent by this house. */
const Name = z.string().regex(/^[A-Za-z0-9:_-]{1,100}$/)

/** What goes through the queue: the id and type of a committed event, never its content. The consumer reads the rest. */
export const Message: z.ZodType<OutboxMessage> = z.object({
  id: Name,
  type: z.string().regex(/^[a-z.-]{1,64}$/),
  subject: Name,
  version: z.int().min(1),
})

export type Message = OutboxMessage

import { z } from 'zod'

/** What goes through the queue: the id and type of a committed event, never its content. The consumer reads the rest. */
export const Message = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  version: z.number().int(),
})

export type Message = z.infer<typeof Message>

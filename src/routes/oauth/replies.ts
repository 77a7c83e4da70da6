import { z } from '@hono/zod-openapi'
import { problemReplies } from '../problem.ts'
import type { Refusal } from '../problems.ts'

/** Where a browser is sent on. */
export const toApp = (description: string) => ({
  description,
  headers: z.object({ location: z.string().max(8000).openapi({ description: 'Where the browser goes on.' }) }),
})

const page = { 'text/html': { schema: z.string().max(200_000) } }
export const htmlReply = (description: string) => ({ description, content: page })

/** Of doors that only ever send a browser on: generators of clients demand that success, or everything, is described. */
export const whateverElse = {
  description: 'Whatever else has to be said: a page for the person, or a problem document',
  content: { ...problemReplies('internal')[500]?.content, ...page },
}

/** How a door for browsers refuses: a page for people, a problem document for whoever does not ask for one. */
export function pageReplies(...codes: Refusal[]) {
  const replies = problemReplies(...codes, 'too-many-requests', 'internal')
  return Object.fromEntries(
    Object.entries(replies).map(([status, reply]) => [
      status,
      ['429', '500'].includes(status) ? reply : { ...reply, content: { ...reply.content, ...page } },
    ]),
  )
}

import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'
import { localDate } from '../../platform/time.ts'

/** Closes the books of the years that are over, each once: nothing can be entered any more (Decree 23/2015 art. 13). */
export async function closeRegisters(context: Context): Promise<void> {
  const at = context.now()
  const year = localDate(at).slice(0, 4)
  for (const book of await context.copies.closeBefore(year, at)) log('register.closed', book)
}

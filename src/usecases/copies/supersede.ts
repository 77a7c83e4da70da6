import type { Context } from '../../context.ts'

const service = { kind: 'service', id: 'supersede-copy' } as const

/**
 * When a copy is there that was ordered in place of an older one, the older one is superseded: never before, for the newer could
 * fail. A second delivery finds it done; what changed meanwhile is tried again by the queue.
 */
export async function supersedeOlder(context: Context, id: string): Promise<void> {
  const newer = await context.copies.find(id)
  if (!newer?.copy.supersedes) return
  const older = await context.copies.find(newer.copy.supersedes)
  if (older?.copy.status !== 'valid') return
  const event = { type: 'copy.superseded', copy: id, number: newer.number } as const
  const done = await context.copies.append(older, event, context.now(), service)
  if (!done.ok) throw new Error(`copy ${older.copy.id} changed while it was superseded`)
}

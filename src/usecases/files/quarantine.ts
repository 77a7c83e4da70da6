import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Command } from '../../store/idempotency.ts'
import type { ScannedFile } from '../../store/scans.ts'
import { allowed, inJournal } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

type Refusal = 'token-needed' | 'not-allowed'

/** Files with that verdict, the latest first. */
export async function listQuarantine(
  context: Context,
  scan: 'infected' | 'failed' | 'released',
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ScannedFile>, Refusal>> {
  const may = allowed(context, 'readQuarantine')
  if (!may.ok) return may
  return ok(pageOf(await context.scans.list(scan, before, limit), limit, ({ id }) => id))
}

/** An operator says that it was a false alarm, and why: the file is as good as any other from then on. */
export async function releaseFile(
  context: Context,
  input: { id: string; reason: string },
  command: Command | undefined,
): Promise<
  Result<
    Replayable<ScannedFile>,
    Refusal | 'no-such-file' | 'not-quarantined' | 'changed-meanwhile' | 'idempotency-key-reused'
  >
> {
  const may = allowed(context, 'releaseFile')
  if (!may.ok) return may
  const existing = async (id: string) => {
    const file = await context.scans.find(id)
    return file ? ok(file) : refuse('no-such-file')
  }
  return onceForKey<ScannedFile, 'no-such-file' | 'not-quarantined' | 'changed-meanwhile'>(
    context,
    command,
    existing,
    async () => {
      const found = await existing(input.id)
      if (!found.ok) return found
      if (found.value.scan !== 'infected') return refuse('not-quarantined')
      const at = context.now()
      const along = command ? [context.idempotency.remember(command, input.id, 2, at)] : []
      const released = await context.scans.release(found.value, input.reason, at, inJournal(context.actor), along)
      return released.ok ? existing(input.id) : released
    },
  )
}

import type { Context } from '../../context.ts'
import { fileKey } from '../../domain/file.ts'
import { isQuarantined } from '../../domain/scan.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { StoredFile } from '../../store/files.ts'
import { allowed, keeps, ownerName, seen, withinReach } from '../access.ts'

/** In bytes. */
export type Range = { offset: number; length?: number } | { suffix: number }

export type Download = { file: StoredFile; open: () => Promise<R2ObjectBody> }

/** A file's bytes, to be opened by who does not have them yet: for who uploaded it, for those who may see the
 * dossier that took it, and for the unit that certified it. */
export async function downloadFile(
  context: Context,
  id: string,
  range: Range | undefined,
): Promise<Result<Download, ReadRefusal | 'file-quarantined' | 'range-not-satisfiable'>> {
  const found = await readFile(context, id)
  if (!found.ok) return found
  const file = found.value
  if (isQuarantined(file)) return refuse('file-quarantined')
  if (range && (('offset' in range && range.offset >= file.size) || ('suffix' in range && range.suffix === 0)))
    return refuse('range-not-satisfiable')
  const open = async () => {
    const object = await context.files.getBytes(fileKey(id), range)
    if (!object) throw new Error(`the bytes of ${id} are gone`)
    return object
  }
  return ok({ file, open })
}

type ReadRefusal = 'token-needed' | 'not-allowed' | 'no-such-file'

/** What is known of a file, for the same people; also of one that nobody can download. */
export async function readFile(context: Context, id: string): Promise<Result<StoredFile, ReadRefusal>> {
  const may = allowed(context, 'downloadFile')
  if (!may.ok) return may
  const file = await context.files.find(id)
  if (!file) return refuse('no-such-file')
  const sees = await maySee(context, file)
  return sees.ok ? ok(file) : sees
}

async function maySee(context: Context, file: StoredFile): Promise<Result<true, 'not-allowed' | 'no-such-file'>> {
  const isOwn = file.owner === ownerName(context.actor)
  // What an app has handed in is of that dossier's procedure from then on, also for itself.
  if (isOwn && !(file.dossierId && context.actor.kind === 'app')) return ok(true)
  const copy = file.copyId ? await context.copies.find(file.copyId) : undefined
  if (copy) return (await keeps(context, copy.copy.unit)) ? ok(true) : refuse('no-such-file')
  const kept = file.dossierId ? await context.dossiers.byId(file.dossierId) : undefined
  if (!kept || !(isOwn || (await seen(context, kept)))) return refuse('no-such-file')
  return withinReach(context, 'downloadFile', kept.dossier.procedure.code)
}

import type { Context } from '../../context.ts'
import type { IssuedFile } from '../../domain/copy.ts'
import type { Opener } from '../../domain/lending.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { JournalActor } from '../../store/journal.ts'
import { inJournal } from '../access.ts'
import { type ReadRefusal, visibleCopy } from './read.ts'

export type CopyDownload<Refusal extends string = never> = {
  kept: KeptCopy
  file: IssuedFile
  /** Records the opening, and only then gives the bytes: nobody looks without a trace. */
  open: () => Promise<Result<R2ObjectBody, Refusal>>
}

/** The signed file, to be opened by who does not have it yet. A revoked copy's file stays readable: its verification says that it is revoked. */
export async function downloadCopy(
  context: Context,
  id: string,
): Promise<Result<CopyDownload, ReadRefusal | 'copy-not-ready'>> {
  const found = await visibleCopy(context, id)
  if (!found.ok) return found
  const { kept, through } = found.value
  const { copy } = kept
  if (!('file' in copy)) return refuse('copy-not-ready')
  const open = async () => {
    await recordOpening(context, id, openerOf(context, through), inJournal(context.actor))
    return ok(await bytesOf(context, copy))
  }
  return ok({ kept, file: copy.file, open })
}

/** An officer of another unit sees a copy `through` a dossier. */
export function openerOf({ actor }: Context, through: string | null): Opener {
  if (actor.kind === 'officer')
    return { as: 'officer', unit: actor.unit, ...(through !== null && { dossier: through }) }
  if (actor.kind === 'consented-app') return { as: 'app', app: actor.id, consent: actor.consent }
  return { as: 'owner', ...(actor.kind === 'citizen' && actor.mandate && { mandate: actor.mandate.id }) }
}

export const recordOpening = (context: Context, copy: string, by: Opener, actor: JournalActor) =>
  context.lending.opened(
    { type: 'copy.opened', id: `opening_${context.newId()}`, copy, by },
    { at: context.now(), actor },
  )

export async function bytesOf(context: Context, { id, file }: { id: string; file: IssuedFile }): Promise<R2ObjectBody> {
  const object = await context.files.getBytes(file.key)
  if (!object) throw new Error(`the file of ${id} is gone`)
  return object
}

import type { Context } from '../../context.ts'

import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate, localTime } from '../../platform/time.ts'
import type { Kept, Write } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { type Checked, checkSubmission } from './check-submission.ts'
import type { Submission } from './submission.ts'

export type FilingRefusal = 'token-needed' | 'not-allowed' | 'invalid-request' | 'file-taken' | 'idempotency-key-reused'

/** Takes a dossier in: everything about it is checked, then all of it is written in one batch, or nothing. */
export async function fileDossier(
  context: Context,
  submission: Submission,
  command: Command,
): Promise<Result<Replayable<Kept>, FilingRefusal>> {
  const may = allowed(context, submission.takenOver ? 'takeOverDossier' : 'fileDossier')
  if (!may.ok) return may
  const again = async (id: string, version: number) => {
    const kept = await context.dossiers.asOf(id, version)
    if (!kept) throw new Error(`dossier ${id} of an accepted command is gone`)
    return ok(kept)
  }
  return onceForKey<Kept, 'invalid-request' | 'file-taken'>(context, command, again, async () => {
    const checked = await checkSubmission(context, submission)
    return checked.ok ? write(context, submission, checked.value, command) : checked
  })
}

async function write(context: Context, submission: Submission, checked: Checked, command: Command) {
  const at = context.now()
  const id = context.newId()
  const { applicant, representative, form, takenOver } = submission
  const { actor } = context
  if (actor.kind === 'public') return refuse('invalid-request')
  const formerly = takenOver &&
    checked.formerUnit && {
      ...takenOver,
      unit: checked.formerUnit,
      receivedAt: localTime(new Date(takenOver.receivedAt)),
    }
  const writes: Write[] = [
    {
      event: {
        type: 'dossier.submitted',
        id,
        procedure: { code: checked.procedure.code, version: checked.procedure.version },
        limit: checked.procedure.time,
        competentUnit: checked.unit,
        place: checked.place,
        receivingPoint: submission.receivingPoint,
        channel: submission.channel,
        submittedBy: { kind: actor.kind, id: actor.id },
        returnBy: submission.returnBy,
        components: submission.components,
        submittedAt: formerly?.receivedAt ?? localTime(at),
        receivedAt: null,
        takenOver: formerly,
      },
      sealed: { applicant, representative, form },
    },
    ...checked.reroutes.map((event): Write => ({ event })),
  ]
  const files = submission.components.flatMap((proof) => ('file' in proof ? [proof.file] : []))
  const competent = checked.reroutes.at(-1)?.to ?? checked.unit
  const unit = await context.units.find(competent)
  if (!unit) throw new Error(`unit ${competent} is gone`)
  return context.dossiers.file({
    writes,
    at,
    actor: inJournal(actor),
    command: command.key,
    code: { prefix: unit.identifier, day: localDate(at).replaceAll('-', '').slice(2) },
    parties: await parties(context, submission),
    along: [context.idempotency.remember(command, id, writes.length, at), ...context.files.takeStatements(files, id)],
  })
}

/** Whose dossier it is: the applicant, and who stands in for them. */
async function parties(context: Context, { applicant, representative }: Submission): Promise<string[]> {
  const subjects = [
    applicant.type === 'citizen' ? { personalId: applicant.personalId } : { taxCode: applicant.taxCode },
    ...(representative ? [{ personalId: representative.personalId }] : []),
  ]
  return [...new Set(await Promise.all(subjects.map((subject) => context.vault.personHash(subject))))]
}

import type { Context } from '../../context.ts'

import { isFormTooLarge } from '../../domain/room.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate, localTime } from '../../platform/time.ts'
import type { Kept, Write } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal, seen, withinReach } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { type Checked, checkSubmission } from './check-submission.ts'
import { useStatements } from './verify-copies.ts'
import type { Submission } from './submission.ts'
import { appliesTooEarly } from './too-early.ts'

/** `isNew`: false when the same matter was open already and nothing was written. */
export type Filed = { kept: Kept; isNew: boolean }

export type FilingRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'invalid-request'
  | 'file-taken'
  | 'form-too-large'
  | 'idempotency-key-reused'

/**
 * Takes a dossier in: everything about it is checked, then all of it is written in one batch, or nothing. Where the sender may see
 * an open dossier about the same matter, that one is the answer, unless they insist.
 */
export async function fileDossier(
  context: Context,
  submission: Submission,
  command: Command,
): Promise<Result<Replayable<Filed>, FilingRefusal>> {
  const verb = submission.takenOver ? 'takeOverDossier' : 'fileDossier'
  const may = allowed(context, verb)
  if (!may.ok) return may
  const reached = await withinReach(context, verb, submission.procedure)
  if (!reached.ok) return reached
  if (isFormTooLarge(submission.form)) return refuse('form-too-large')
  const again = (id: string, version: number) => answeredThen(context, command, id, version)
  return onceForKey<Filed, 'invalid-request' | 'file-taken'>(context, command, again, async () => {
    const matter = await matterOf(context, submission)
    const open = submission.force ? undefined : await openAbout(context, matter)
    // Before all else: its files belong to the open dossier already, and would be refused.
    if (open) return pointTo(context, open, command)
    const checked = await checkSubmission(context, submission)
    if (!checked.ok) return checked
    const written = await write(context, submission, checked.value, command, matter)
    if (written.ok) return ok({ kept: written.value, isNew: true })
    if (written.refusal !== 'same-matter') return refuse(written.refusal)
    const first = await openAbout(context, matter)
    if (!first) throw new Error('the matter is open, but nobody has it')
    return pointTo(context, first, command)
  })
}

/** What was answered to the command then: the dossier that it made, or the one that it was pointed to. */
async function answeredThen(context: Context, command: Command, id: string, version: number) {
  const [kept, [first]] = await Promise.all([context.dossiers.asOf(id, version), context.dossiers.events(id, 0, 1)])
  if (!kept || !first) throw new Error(`dossier ${id} of an accepted command is gone`)
  const { actor } = first
  return ok({ kept, isNew: first.command === command.key && `${actor.kind}:${actor.id}` === command.actor })
}

/** Whose, which procedure, where and with what form: the same again is taken for the same matter. */
function matterOf({ vault }: Context, { applicant, procedure, place, form, takenOver }: Submission): Promise<string> {
  const owner = applicant.type === 'citizen' ? applicant.personalId : applicant.taxCode
  const former = takenOver && [takenOver.system, takenOver.code]
  return vault.matterHash([owner, procedure, place?.unit ?? null, form, former])
}

/** Only what this sender may see: nobody learns of a stranger's dossier by handing in the same. */
async function openAbout(context: Context, matter: string): Promise<Kept | undefined> {
  for (const kept of await context.dossiers.ofMatter(matter)) if (await seen(context, kept)) return kept
  return undefined
}

/** The key is remembered, so that the answer stays the same when the dossier has closed since. */
async function pointTo(context: Context, kept: Kept, command: Command): Promise<Result<Filed, 'key-in-use'>> {
  const { id, version } = kept.dossier
  const remembered = await context.idempotency.keep(command, id, version, context.now())
  return remembered.ok ? ok({ kept, isNew: false }) : remembered
}

async function write(context: Context, submission: Submission, checked: Checked, command: Command, matter: string) {
  const at = context.now()
  const id = context.newId()
  const { applicant, representative, form, takenOver, force, assistance } = submission
  const { actor } = context
  if (actor.kind === 'public' || actor.kind === 'consented-app') return refuse('invalid-request')
  const early = takenOver ? null : await appliesTooEarly(context, checked.procedure, submission)
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
        components: checked.components,
        submittedAt: formerly?.receivedAt ?? localTime(at),
        receivedAt: null,
        takenOver: formerly,
        ...(assistance && { assisted: { helper: assistance.helper, identity: assistance.identity } }),
        ...(force && { insisted: true as const }),
        ...(early && { early }),
      },
      sealed: {
        applicant,
        representative,
        form,
        ...(force && { insistReason: force.reason }),
        ...(assistance?.note && { assistanceNote: assistance.note }),
      },
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
    matter,
    along: [
      context.idempotency.remember(command, id, writes.length, at),
      ...context.files.takeStatements(files, id),
      ...useStatements(context, checked.components, id),
    ],
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

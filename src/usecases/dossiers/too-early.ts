import type { Context } from '../../context.ts'
import { computeDue } from '../../domain/deadline.ts'
import type { TooEarly } from '../../domain/dossier.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { ownerOf } from '../../domain/slips.ts'
import { tooEarly, validUntil } from '../../domain/validity.ts'
import { officeHours } from '../../domain/working-time.ts'
import { localDate } from '../../platform/time.ts'
import { seen } from '../access.ts'
import type { Applicant, Submission } from './submission.ts'

const identifierOf = (applicant: Applicant) =>
  applicant.type === 'citizen' ? { personalId: applicant.personalId } : { taxCode: applicant.taxCode }

/** Whether the applicant has a result of the procedure that is still valid, as far as the sender may know of it. */
export async function appliesTooEarly(
  context: Context,
  procedure: ProcedureVersion,
  { applicant }: Submission,
): Promise<TooEarly | null> {
  const { validity } = procedure.result
  if (validity === null) return null
  const today = localDate(context.now())
  const until = await lastDay(context, procedure.code, validity, applicant)
  if (until === undefined || until < today) return null
  const calendar = await context.calendar.calendar()
  const { time: limit, cutoff } = procedure
  return tooEarly(today, until, (date) => {
    const startedAt = `${date}T08:00:00+07:00`
    const due = computeDue({ limit, cutoff, startedAt, pauses: [], outages: [], calendar, hours: officeHours })
    return due.ok && due.value.dueAt ? due.value.dueAt.slice(0, 10) : null
  })
}

/** The last day of the applicant's latest granted result; a representative's own dossiers do not count. */
async function lastDay(context: Context, procedure: string, validity: string, applicant: Applicant) {
  const person = await context.vault.personHash(identifierOf(applicant))
  const decided = await context.dossiers.decidedFor(person, procedure)
  const owners = await context.vault.submissions(decided.map(({ dossier }) => dossier.id))
  const identifier = applicant.type === 'citizen' ? applicant.personalId : applicant.taxCode
  const days: string[] = []
  for (const kept of decided) {
    const { dossier } = kept
    const owner = ownerOf(owners.get(dossier.id)?.['applicant'])
    const isTheirs = owner?.type === applicant.type && owner.identifier === identifier
    if (!('result' in dossier) || dossier.result.outcome !== 'granted' || !isTheirs) continue
    if (await seen(context, kept)) days.push(validUntil(dossier.result.resolvedAt.slice(0, 10), validity))
  }
  return days.toSorted((a, b) => (a < b ? 1 : -1))[0]
}

import type { Context } from '../../context.ts'
import type { Actor, OfficerActor, PublicActor } from '../../domain/actor.ts'
import type { Dossier, DossierEvent } from '../../domain/dossier.ts'
import { lateness } from '../../domain/lateness.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Statement } from '../../store/database.ts'
import type { Kept, Write } from '../../store/dossiers.ts'
import { inJournal } from '../access.ts'
import { type CertifyRefusal, faultsOfScan, orderCopies } from '../copies/request.ts'
import { askForPayment, type PaymentRequest } from '../payments/request.ts'
import { cancelStatements } from '../payments/settle.ts'
import { answerBy, procedureOf, startClock, startOrGoOn } from './due.ts'
import { causesIn } from './late-cause.ts'

/** What is said when a dossier is moved, one shape for each target status. */
export type Move =
  | { to: 'accepted'; note?: string | undefined }
  | { to: 'not-accepted'; reason: string; legalBasis?: string | undefined }
  | { to: 'processing'; note?: string | undefined }
  | { to: 'withdrawn'; reason: string }
  | { to: 'stopped'; reason: string; legalBasis: string }
  | { to: 'awaiting-supplement'; components: string[]; reason: string; whyAgain?: string | undefined }
  | PaymentRequest
  | {
      to: 'resolved'
      outcome: 'granted'
      paper?: { scan: string; paperSeen: true; supersedes?: string | undefined } | undefined
      note?: string | undefined
    }
  | { to: 'resolved'; outcome: 'refused'; reason: string; legalBasis?: string | undefined }
  | { to: 'resolved'; outcome: 'recalled'; reason: string }
  | { to: 'returned'; by: 'account' | 'counter' | 'post' }

export type StepRefusal = 'already-asked' | 'invalid-request' | 'calendar-unknown' | CertifyRefusal

export type Step = { write: Write; along?: Statement[] }

/** The event of one step and what is said in words beside it; the words are sealed, the event is not. */
export async function stepFor(
  context: Context,
  kept: Kept,
  actor: Exclude<Actor, PublicActor>,
  move: Move,
): Promise<Result<Step, StepRefusal>> {
  switch (move.to) {
    case 'accepted':
      return start(context, kept, actor, move)
    case 'processing':
      return kept.dossier.status === 'stopped' ? resume(context, kept, move) : start(context, kept, actor, move)
    case 'not-accepted': {
      const because = actor.kind === 'officer' ? 'unit' : 'applicant'
      return said({ type: 'dossier.not-accepted', because }, closing(move))
    }
    case 'withdrawn':
      return ok({
        write: withWords({ type: 'dossier.withdrawn' }, closing(move)),
        along: await cancelStatements(context, kept.dossier.id, inJournal(actor)),
      })
    case 'awaiting-payment':
      return askForPayment(context, kept, move)
    case 'stopped':
      return said({ type: 'dossier.stopped' }, closing(move))
    case 'awaiting-supplement':
      return askForMore(context, kept, move)
    case 'resolved':
      if (move.outcome === 'recalled') return said({ type: 'dossier.recalled' }, { recallReason: move.reason })
      return resolve(context, kept, actor, move)
    case 'returned':
      return said({ type: 'dossier.returned', by: move.by })
  }
}

const closing = ({ reason, legalBasis }: { reason: string; legalBasis?: string | undefined }) => ({
  closingReason: reason,
  closingBasis: legalBasis,
})

const said = (event: DossierEvent, words: Record<string, string | undefined> = {}) =>
  ok({ write: withWords(event, words) })

const withWords = (event: DossierEvent, words: Record<string, string | undefined>): Write =>
  Object.values(words).some(Boolean) ? { event, sealed: words } : { event }

const fault = (pointer: string, code: string, vi: string, en: string): InputError => ({
  pointer,
  code,
  detail: { vi, en },
})

/** The clock starts when the competent unit itself has the dossier, not when a point elsewhere took it in. */
async function start(
  context: Context,
  { code, dossier }: Kept,
  actor: Exclude<Actor, PublicActor>,
  move: Move & { to: 'accepted' | 'processing' },
): Promise<Result<Step, StepRefusal>> {
  const atUnit = actor.kind === 'officer' && dossier.competentUnit === actor.unit
  const begins = dossier.clock.competentReceivedAt === null && atUnit
  const competentReceivedAt = begins ? (dossier.takenOver?.receivedAt ?? localTime(context.now())) : null
  const clock = competentReceivedAt
    ? await startClock(context, dossier, competentReceivedAt)
    : ok({ competentReceivedAt, dueAt: null })
  if (!clock.ok) return clock
  const event: DossierEvent =
    move.to === 'accepted'
      ? { type: 'dossier.accepted', code, ...clock.value }
      : { type: 'dossier.processing-started', ...clock.value }
  return ok({ write: withWords(event, { note: move.note }) })
}

/** A stopped dossier goes on: the time that it stood still is not counted. Taken in elsewhere and stopped at once, its clock begins now. */
async function resume(
  context: Context,
  { dossier }: Kept,
  move: Move & { to: 'processing' },
): Promise<Result<Step, StepRefusal>> {
  const clock = await startOrGoOn(context, dossier)
  return clock.ok ? said({ type: 'dossier.resumed', ...clock.value }, { note: move.note }) : clock
}

async function askForMore(
  context: Context,
  { dossier }: Kept,
  move: Move & { to: 'awaiting-supplement' },
): Promise<Result<Step, StepRefusal>> {
  const procedure = await procedureOf(context, dossier)
  const errors = move.components.flatMap((id, index) =>
    procedure.components.some((component) => component.id === id)
      ? []
      : [
          fault(
            `/components/${index}`,
            'unknown-component',
            'Thủ tục không có thành phần hồ sơ này.',
            'The procedure has no such component.',
          ),
        ],
  )
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const again = move.components.filter((id) => dossier.asked?.includes(id))
  if (again.length > 0 && move.whyAgain === undefined)
    return refuse('already-asked', {
      detail: {
        vi: `Đã yêu cầu trước đây: ${again.join(', ')}. Nếu phải yêu cầu lại, nêu lý do trong "whyAgain".`,
        en: `Asked for before: ${again.join(', ')}. If it has to be asked for again, say why in "whyAgain".`,
      },
    })
  const until = await answerBy(context, procedure)
  if (!until.ok) return until
  const event: DossierEvent = {
    type: 'dossier.supplement-requested',
    components: [...new Set(move.components)],
    answerBy: until.value,
  }
  return ok({ write: { event, sealed: { supplementReason: move.reason, whyAgain: move.whyAgain ?? null } } })
}

async function resolve(
  context: Context,
  kept: Kept,
  actor: Exclude<Actor, PublicActor>,
  move: Move & { to: 'resolved'; outcome: 'granted' | 'refused' },
): Promise<Result<Step, StepRefusal>> {
  const late = await endingLate(context, kept.dossier)
  const event = { type: 'dossier.resolved', outcome: move.outcome, ...late } as const
  if (move.outcome === 'refused')
    return ok({
      write: {
        event: { ...event, paper: null },
        sealed: { refusalReason: move.reason, refusalBasis: move.legalBasis },
      },
    })
  if (!move.paper) return ok({ write: withWords({ ...event, paper: null }, { note: move.note }) })
  const { scan } = move.paper
  if (actor.kind !== 'officer') return refuse('not-allowed')
  const procedure = await procedureOf(context, kept.dossier)
  if (!procedure.twoResults) return digitised(context, kept, actor, procedure, { event, scan, note: move.note })
  const supersedes = move.paper.supersedes ?? null
  const ordered = await orderCopies(context, kept, actor, { scan, copies: 1, supersedes, pointer: '/paper' })
  if (!ordered.ok) return ordered
  const { title, statements } = ordered.value
  const [copy = ''] = ordered.value.ids
  return ok({
    write: withWords({ ...event, paper: { scan, title, copy } }, { note: move.note }),
    along: statements,
  })
}

type Resolution = DossierEvent & { type: 'dossier.resolved' }

/** A decision that comes late says why, unless the clock has said so before. */
async function endingLate(context: Context, dossier: Dossier): Promise<Pick<Resolution, 'lateCause'>> {
  const { originalDueAt, told, late } = dossier.clock
  if (originalDueAt === null || late?.corrected || (told === 'overdue' && late)) return {}
  const isLate = lateness(dossier.limit, originalDueAt, localTime(context.now())) === 'late'
  return isLate ? { lateCause: await causesIn(context)(dossier) } : {}
}

/** Where the procedure has one result only, the scan of the paper stays with the dossier and nothing is certified. */
async function digitised(
  context: Context,
  kept: Kept,
  actor: OfficerActor,
  { result }: ProcedureVersion,
  { event, scan, note }: { event: Omit<Resolution, 'paper'>; scan: string; note: string | undefined },
): Promise<Result<Step, StepRefusal>> {
  const errors = await faultsOfScan(context, actor, scan, '/paper/scan')
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const paper = { scan, title: result.name.vi, copy: null }
  return ok({
    write: withWords({ ...event, paper }, { note }),
    along: context.files.takeStatements([scan], kept.dossier.id),
  })
}

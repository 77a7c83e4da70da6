// The official forms out of a dossier's journal: one function for each of them.
import type { Text } from '../platform/result.ts'
import { evolve } from './dossier.ts'
import { handOversOf, type Moment, type Recorded } from './hand-overs.ts'
import type { ProcedureVersion } from './procedure.ts'
import { isInDay } from './transitions.ts'
import type {
  Apology,
  ControlSlip,
  GivenComponent,
  Owner,
  Receipt,
  Refusal,
  Slip,
  SlipCommon,
  SlipForm,
  StopNotice,
  SupplementSlip,
} from './slip.ts'

/** All that a slip is made of. `sealed` is what was said about persons and in free words, by event. */
export type SlipSources = {
  code: string
  journal: readonly Recorded[]
  sealed: ReadonlyMap<number, Readonly<Record<string, unknown>>>
  procedure: ProcedureVersion
  /** Where anybody who holds the slip can follow the dossier. */
  progress: string
}

/** One moment of a dossier's history, the one before it, and all that is known around it. */
type Scene = { now: Moment; before: Moment | null; past: Moment[]; common: SlipCommon; sources: SlipSources }

const makers: Record<SlipForm, (scene: Scene) => Slip | null> = {
  receipt,
  'supplement-request': supplementRequest,
  refusal,
  apology,
  'stop-notice': stopNotice,
  'control-slip': controlSlip,
}

/** The newest slip of that form, or the one of event `sequence`; null where the history does not give it. */
export function slipOf(form: SlipForm, sources: SlipSources, sequence?: number): Slip | null {
  const moments: Moment[] = []
  for (const row of sources.journal) moments.push({ row, after: evolve(moments.at(-1)?.after, row.event, row.at) })
  const candidates = moments
    .map((now, index) => ({ now, before: moments[index - 1] ?? null, past: moments.slice(0, index + 1) }))
    .filter(({ now }) => sequence === undefined || now.row.version === sequence)
  for (const { now, before, past } of candidates.toReversed()) {
    const slip = makers[form]({ now, before, past, common: commonOf(now, sources), sources })
    if (slip) return slip
  }
  return null
}

/** Form 01, when a dossier was accepted: what was handed in, and when and where the result will be. */
function receipt({ now: { row, after }, common, sources }: Scene): Receipt | null {
  if (row.event.type !== 'dossier.accepted') return null
  const { clock, limit: timeLimit, channel, receivingPoint, competentUnit, returnBy } = after
  const components = after.components.map((proof): GivenComponent => {
    const { component } = proof
    const data = 'data' in proof ? proof.data : null
    const kind = 'file' in proof ? 'electronic' : 'copy' in proof ? 'certified-copy' : data ? 'data' : 'presented'
    return { component, name: nameOf(component, sources.procedure), proof: kind, data }
  })
  const representative = recordOf(sources.sealed.get(1)?.['representative'])
  const submitter = textOf(representative['fullName']) ?? common.owner?.name ?? null
  const receivedAt = clock.receivedAt ?? row.at
  const dates = { timeLimit, receivedAt, dueAt: clock.dueAt }
  return {
    ...common,
    form: 'receipt',
    submitter,
    channel,
    helper: after.assisted?.helper ?? null,
    receivingPoint,
    competentUnit,
    components,
    returnBy,
    onRequest: isInDay(timeLimit),
    ...dates,
  }
}

/** Form 02: everything that is missing, once and in full. */
function supplementRequest({ now: { row }, common, sources }: Scene): SupplementSlip | null {
  if (row.event.type !== 'dossier.supplement-requested') return null
  const components = row.event.components.map((id) => ({ component: id, name: nameOf(id, sources.procedure) }))
  const reason = said(sources, row, 'supplementReason')
  const whyAgain = said(sources, row, 'whyAgain')
  return { ...common, form: 'supplement-request', components, reason, whyAgain, answerBy: row.event.answerBy }
}

/** Form 03: not received by the unit or for want of an answer, or refused in the end. What the applicant takes back is no refusal. */
function refusal({ now: { row, after }, before, common, sources }: Scene): Refusal | null {
  const { event } = row
  const notAccepted = event.type === 'dossier.not-accepted' && event.because !== 'applicant'
  if (!notAccepted && !(event.type === 'dossier.resolved' && event.outcome === 'refused')) return null
  const request = before?.after.status === 'awaiting-supplement' ? before.after.request : null
  return {
    ...common,
    form: 'refusal',
    stage: after.clock.receivedAt ? 'handling' : 'reception',
    submittedAt: after.clock.submittedAt,
    reason: said(sources, row, notAccepted ? 'closingReason' : 'refusalReason'),
    legalBasis: said(sources, row, notAccepted ? 'closingBasis' : 'refusalBasis'),
    unanswered:
      row.actor.kind === 'service' && request ? { requestedAt: request.requestedAt, answerBy: request.answerBy } : null,
  }
}

/** Form 04: the unit will be late, says why, and names the one new date (Decree 61/2018/NĐ-CP art. 19(9)). */
function apology({ now: { row, after }, common, sources }: Scene): Apology | null {
  if (row.event.type !== 'dossier.rescheduled') return null
  const { receivedAt, originalDueAt } = after.clock
  const { dueAt: newDueAt, cause } = row.event
  return {
    ...common,
    form: 'apology',
    receivedAt,
    originalDueAt,
    newDueAt,
    cause,
    reason: said(sources, row, 'apology'),
  }
}

/** Form 05: on what ground the handling stops, at which stage, and what that means for fees. */
function stopNotice({ now: { row, after }, before, past, common, sources }: Scene): StopNotice | null {
  if (row.event.type !== 'dossier.stopped') return null
  return {
    ...common,
    form: 'stop-notice',
    receivedAt: after.clock.receivedAt,
    stage: before?.after.status === 'accepted' ? 'accepted' : 'processing',
    reason: said(sources, row, 'closingReason'),
    legalBasis: said(sources, row, 'closingBasis'),
    paidVnd: past.reduce((sum, { row: { event } }) => sum + (event.type === 'dossier.paid' ? event.amount : 0), 0),
  }
}

/** Form 06: through whose hands it went until that moment, once it was received. */
function controlSlip({ now: { after }, past, common }: Scene): ControlSlip | null {
  const { receivedAt, originalDueAt, dueAt } = after.clock
  if (!receivedAt) return null
  const { competentUnit } = after
  const handOvers = handOversOf(past)
  return { ...common, form: 'control-slip', receivedAt, originalDueAt, dueAt, competentUnit, handOvers }
}

function commonOf({ row, after }: Moment, { code, sealed, procedure, progress }: SlipSources): SlipCommon {
  const byOfficer = row.actor.kind === 'officer' ? row.actor : null
  return {
    code,
    sequence: row.version,
    issuedAt: row.at,
    unit: byOfficer?.unit ?? after.competentUnit,
    signer: byOfficer?.name ?? null,
    procedure: { code: procedure.code, version: procedure.version, name: procedure.name },
    owner: ownerOf(sealed.get(1)?.['applicant']),
    progress,
  }
}

const nameOf = (id: string, procedure: ProcedureVersion): Text =>
  procedure.components.find((component) => component.id === id)?.name ?? { vi: id, en: id }

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const said = ({ sealed }: SlipSources, row: Recorded, name: string) => textOf(sealed.get(row.version)?.[name])

/** The owner as the sealed submission names them; null when it is erased. */
export function ownerOf(applicant: unknown): Owner | null {
  const { type, fullName, name, personalId, taxCode, phone, email, address } = recordOf(applicant)
  const contact = { phone: textOf(phone), email: textOf(email), address: textOf(address) }
  if (type === 'citizen')
    return { type, name: textOf(fullName) ?? '', identifier: textOf(personalId) ?? '', ...contact }
  if (type === 'organisation') return { type, name: textOf(name) ?? '', identifier: textOf(taxCode) ?? '', ...contact }
  return null
}

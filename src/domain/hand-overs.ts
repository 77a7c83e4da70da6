// Who gave a dossier to whom, when, and whether the taker was done in time: the rows of the control slip (form 06).
import type { Dossier, DossierEvent } from './dossier.ts'
import { type Lateness, lateness } from './lateness.ts'

/** Whoever acted, as the journal names them: an official with name and unit, anybody else by kind. */
export type Acting = { kind: 'officer'; name: string; unit: string } | { kind: 'app' | 'citizen' | 'service' }

/** One entry of a dossier's journal. */
export type Recorded = { version: number; at: string; actor: Acting; event: DossierEvent }

/** An entry with the state right after it. */
export type Moment = { row: Recorded; after: Dossier }

/** Who holds a dossier: its applicant, the online entrance, or a unit, with the officer where one acted. */
export type Holder = { kind: 'applicant' } | { kind: 'online' } | { kind: 'unit'; unit: string; officer: string | null }

export type HandOver = {
  sequence: number
  event: DossierEvent['type']
  gives: Holder
  takes: Holder
  at: string
  /** Until when the taker has it, and when the taker was done; null where nothing is set, or not yet. */
  planned: string | null
  actual: string | null
  result: Lateness | null
}

const applicant: Holder = { kind: 'applicant' }

/**
 * The hand-overs of a journal, oldest first. A unit is measured where its time ends with the decision, against the original
 * date; an applicant where the unit set them a time to answer. What is not a hand-over (a word of the clock, a stop) has no row.
 */
export function handOversOf(moments: readonly Moment[]): HandOver[] {
  const passed: { moment: Moment; gives: Holder; takes: Holder }[] = []
  for (const moment of moments) {
    const takes = takerOf(moment)
    if (takes) passed.push({ moment, gives: giverOf(moment, passed.at(-1)?.takes ?? applicant), takes })
  }
  return passed.map(({ moment, gives, takes }, index) => {
    const next = passed[index + 1]?.moment
    const { row } = moment
    const planned = plannedFor(moment, next ?? null, moments.at(-1) ?? moment)
    const actual = next?.row.at ?? null
    const limit = takes.kind === 'applicant' ? ({ unit: 'DAY', value: 1 } as const) : moment.after.limit
    const result = planned && actual ? lateness(limit, planned, actual) : null
    return { sequence: row.version, event: row.event.type, gives, takes, at: row.at, planned, actual, result }
  })
}

const atUnit = (unit: string, actor: Acting): Holder => ({
  kind: 'unit',
  unit,
  officer: actor.kind === 'officer' && actor.unit === unit ? actor.name : null,
})

const pointOf = ({ receivingPoint }: Dossier, actor: Acting): Holder =>
  receivingPoint === 'online' ? { kind: 'online' } : atUnit(receivingPoint, actor)

/** An officer who decides or hands out gives it themselves; otherwise whoever had it does. */
function giverOf({ row: { event, actor } }: Moment, holder: Holder): Holder {
  const byActor =
    event.type === 'dossier.resolved' ||
    event.type === 'dossier.returned' ||
    event.type === 'dossier.not-accepted' ||
    event.type === 'dossier.supplement-requested' ||
    event.type === 'dossier.payment-requested'
  return byActor && actor.kind === 'officer' ? atUnit(actor.unit, actor) : holder
}

/** Whom an event hands the dossier to; null when it stays where it is. */
function takerOf({ row: { event, actor }, after }: Moment): Holder | null {
  switch (event.type) {
    case 'dossier.submitted':
      return pointOf(after, actor)
    case 'dossier.accepted':
    case 'dossier.processing-started':
      return atUnit(actor.kind === 'officer' ? actor.unit : after.competentUnit, actor)
    case 'dossier.rerouted':
    case 'dossier.supplemented':
    case 'dossier.paid':
    case 'dossier.recalled':
      return atUnit(after.competentUnit, actor)
    case 'dossier.resolved':
      // To the desk that hands results out, whoever sits there.
      return {
        kind: 'unit',
        unit: after.receivingPoint === 'online' ? after.competentUnit : after.receivingPoint,
        officer: null,
      }
    case 'dossier.supplement-requested':
    case 'dossier.payment-requested':
    case 'dossier.not-accepted':
    case 'dossier.withdrawn':
    case 'dossier.returned':
      return applicant
    default:
      return null
  }
}

/** The taker's time: the applicant's to answer, or the unit's to decide where that is how it ends, or still may. */
function plannedFor({ row, after }: Moment, next: Moment | null, last: Moment): string | null {
  if (row.event.type === 'dossier.supplement-requested') return row.event.answerBy
  const { status } = after
  if (status !== 'accepted' && status !== 'processing') return null
  if (next && next.row.event.type !== 'dossier.resolved') return null
  return (next ?? last).after.clock.originalDueAt
}

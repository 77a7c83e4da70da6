// Who is competent: for a new dossier by its procedure, place and date; for an open one whose unit is gone, by succession.
// The answer names every rule it used. Where the data leaves it open there is no answer but the candidates.
import { ok, refuse, type Refused, type Result, type Text } from '../platform/result.ts'
import { type Competence, levelOf, type PlaceOf, type ProcedureVersion } from './procedure.ts'
import * as words from './routing-words.ts'
import { type Directory, type Heir, standing, type Standing, type Takeover } from './succession.ts'
import { type Succession, type SuccessionKind, standsOn, type Unit, type UnitId } from './unit.ts'

export const routingRules = [
  'delegated',
  'decided-by-commune-of-place',
  'decided-by-district-of-place',
  'decided-by-commune-of-choice',
  'decided-by-department',
  'unit-stands',
  'succeeded',
  'residents-followed',
  'district-abolished',
  'narrowed-by-place',
  'named-by-applicant',
  'named-by-version-in-force',
  'several-successors',
] as const

export type RoutingRule = (typeof routingRules)[number]

export type RoutingStep = { rule: RoutingRule; clause: Text | null; text: Text }

/** One that may be competent: what part of the former unit it took, and by which clause of which law. */
export type Candidate = { unit: UnitId; kind: SuccessionKind; clause: number | null; ground: Text | null }

/** `way`: the successions from the unit of place or office to the one that stands, the oldest first. */
export type Competent = { unit: UnitId; way: readonly Succession[]; steps: RoutingStep[] }

/** Nobody can choose by rule: the applicant names one of the candidates, or a supervisor assigns the dossier. */
export type Ambiguous = Refused<'place-ambiguous'> & { candidates: Candidate[]; steps: RoutingStep[] }

export type Routed = Result<Competent, 'place-needed' | 'unit-not-standing'> | Ambiguous

export type RoutingQuestion = {
  procedure: Pick<ProcedureVersion, 'competence' | 'decision'>
  /** The commune of residence or of the thing, under its name of any time. */
  place: Unit | null
  /** The commune that the applicant asks for, or names among the successors of the place. */
  chosen: Unit | null
  /** Civil date, `YYYY-MM-DD`. */
  on: string
  directory: Directory
}

/** The competent unit for a dossier handed in on that date. */
export function route(question: RoutingQuestion): Routed {
  const { procedure, place, chosen, on, directory } = question
  const { competence } = procedure
  const ground = words.decision(procedure.decision)
  const before = delegated(question)
  if (competence.by === 'department') {
    const department = stretchOf(directory, competence.unitCode, on)
    if (!department) return notStanding(words.noDepartment(competence.unitCode, on))
    const text = words.saysDepartment(department)
    const steps = [...before, { rule: 'decided-by-department' as const, clause: ground, text }]
    return follow({ directory, on, steps, unit: department, place: null, chosen: null })
  }
  const subject = competence.by === 'choice' ? (chosen ?? place) : place
  const placeOf = competence.by === 'place' ? competence.placeOf : undefined
  if (!subject || (subject.level !== 'commune' && subject.level !== 'district')) return placeNeeded(placeOf)
  const district = competence.level === 'district' ? districtOf(directory, subject) : undefined
  if (district) {
    const text = words.saysDistrict(district, subject, placeOf)
    const steps = [...before, { rule: 'decided-by-district-of-place' as const, clause: ground, text }]
    return follow({ directory, on, steps, unit: district, place: subject, chosen })
  }
  if (subject.level === 'district') return placeNeeded(placeOf)
  const rule = competence.by === 'choice' ? 'decided-by-commune-of-choice' : 'decided-by-commune-of-place'
  const text = competence.by === 'choice' ? words.saysChoice(subject) : words.saysPlace(subject, placeOf)
  const steps = [...before, { rule, clause: ground, text } as const]
  return follow({ directory, on, steps, unit: subject, place: subject, chosen })
}

/** That the unit which decides has it from another one; whoever delegated stays out of the way that follows. */
function delegated({ procedure: { competence }, on, directory }: RoutingQuestion): RoutingStep[] {
  const { delegation } = competence
  if (!delegation) return []
  const from = stretchOf(directory, delegation.from, on)
  const text = words.saysDelegated(from ?? delegation.from, levelOf(competence))
  return [{ rule: 'delegated', clause: delegation.ground, text }]
}

export type SuccessionQuestion = {
  /** The unit that the dossier was with. */
  unit: Unit
  place: Unit | null
  /** Of the procedure as it stands on the date: it may name which of several successors has the duty now. */
  inForce: Competence | null
  on: string
  directory: Directory
}

/** The competent successor of the unit of an open dossier; the unit itself while it stands. */
export function succeed({ unit, place, inForce, on, directory }: SuccessionQuestion): Routed {
  const named = inForce?.by === 'department' ? stretchOf(directory, inForce.unitCode, on) : undefined
  return follow({ directory, on, steps: [], unit, place, chosen: null, named: named ?? null })
}

type Pursuit = {
  directory: Directory
  on: string
  steps: RoutingStep[]
  unit: Unit
  place: Unit | null
  chosen: Unit | null
  named?: Unit | null
}

/** From a unit to the one that stands; among several heirs by the place, by the applicant's word or by the version in force. */
function follow(pursuit: Pursuit): Routed {
  const { directory, on, steps, unit, place, chosen, named } = pursuit
  const found = standing(directory, unit, on, unit.level === 'department' ? 'duties' : 'people')
  if (found.heirs.length === 0) return notStanding(words.notStanding(unit, on))
  const ofPlace =
    !found.certain && place && place.id !== unit.id ? among(standing(directory, place, on, 'people'), found) : undefined
  const open = ofPlace ?? found
  if (!standsOn(unit, on) && unit.level === 'district')
    steps.push({ rule: 'district-abolished', clause: words.abolition, text: words.saysAbolished(unit) })

  const told = chosen && successorNamed(directory, place ?? unit, chosen, on)
  if (told && !(open.certain && open.heirs[0]?.unit.id === chosen.id)) {
    const text = words.saysNamed(told.unit, place ?? unit)
    steps.push({ rule: 'named-by-applicant', clause: clauseOf(told), text })
    return competent(told, steps)
  }
  if (open.certain) {
    if (ofPlace && place) steps.push({ rule: 'narrowed-by-place', clause: null, text: words.saysNarrowed(place) })
    return arrive(directory, on, steps, open)
  }
  const byVersion = open.heirs.find((heir) => heir.unit.id === named?.id)
  if (byVersion) {
    steps.push({ rule: 'named-by-version-in-force', clause: null, text: words.saysNowIn(byVersion.unit, unit) })
    return competent(byVersion, steps)
  }
  return ambiguous(steps, ofPlace ? (place ?? unit) : unit, open.heirs)
}

/** The applicant knows where the house stands: any successor of the place may be named, of its land too. */
const successorNamed = (directory: Directory, place: Unit, chosen: Unit, on: string): Heir | undefined =>
  standing(directory, place, on, 'land').heirs.find((heir) => heir.unit.id === chosen.id && heir.way.length > 0)

/** The heirs of the place that are heirs of the unit too; undefined where they have nothing in common. */
function among(ofPlace: Standing, ofUnit: Standing): Standing | undefined {
  const own = new Map(ofUnit.heirs.map((heir) => [heir.unit.id, heir]))
  const heirs = ofPlace.heirs.flatMap((heir) => {
    const ofBoth = own.get(heir.unit.id)
    // A place that stands itself says where, but not by which law: that is told by the way from the unit.
    return ofBoth ? [heir.way.length > 0 ? heir : ofBoth] : []
  })
  return heirs.length === 0 ? undefined : { heirs, certain: ofPlace.certain }
}

function arrive(directory: Directory, on: string, steps: RoutingStep[], { heirs: [heir] }: Standing): Routed {
  if (!heir) throw new Error('a certain succession has an heir')
  for (const takeover of heir.way) {
    const others = directory.successors(takeover.succession.from).filter((other) => other.unit.id !== takeover.unit.id)
    const rule = others.length === 0 ? 'succeeded' : 'residents-followed'
    const before = directory.unit(takeover.succession.from)
    steps.push({ rule, clause: words.clause(takeover), text: words.saysSucceeded(before, takeover, others) })
  }
  steps.push({ rule: 'unit-stands', clause: null, text: words.saysStands(heir.unit, on) })
  return competent(heir, steps)
}

const competent = ({ unit, way }: Heir, steps: RoutingStep[]): Routed =>
  ok({ unit: unit.id, way: way.map(({ succession }) => succession), steps })

function ambiguous(steps: RoutingStep[], place: Unit, heirs: readonly Heir[]): Ambiguous {
  const first = heirs.flatMap(({ unit, way: [takeover] }) => (takeover ? [{ unit, takeover }] : []))
  const text = words.saysSeveral(place, first)
  steps.push({ rule: 'several-successors', clause: first[0]?.takeover.ground ?? null, text })
  const candidates = first.map(({ unit, takeover: { succession, ground } }) => ({
    unit: unit.id,
    kind: succession.kind,
    clause: succession.clause,
    ground,
  }))
  return { ...refuse('place-ambiguous', { detail: text }), candidates, steps }
}

const notStanding = (detail: Text) => refuse('unit-not-standing', { detail })
const placeNeeded = (of?: PlaceOf) => refuse('place-needed', { detail: words.placeNeeded(of) })
const clauseOf = ({ way: [takeover] }: { way: readonly Takeover[] }) => (takeover ? words.clause(takeover) : null)

const districtOf = (directory: Directory, place: Unit): Unit | undefined => {
  if (place.level === 'district') return place
  const parent = place.parentId && directory.unit(place.parentId)
  return parent && parent.level === 'district' ? parent : undefined
}

/** The stretch of life that stands on the date, or the last that had ended by then. */
function stretchOf(directory: Directory, code: string, on: string): Unit | undefined {
  const stretches = directory.withCode(code)
  const ended = stretches.filter(({ effectiveTo }) => effectiveTo !== null && effectiveTo <= on)
  return (
    stretches.find((unit) => standsOn(unit, on)) ??
    ended.toSorted((a, b) => ((a.effectiveTo ?? '') < (b.effectiveTo ?? '') ? 1 : -1))[0]
  )
}

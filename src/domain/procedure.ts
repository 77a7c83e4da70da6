import type { Text } from '../platform/result.ts'
import type { Fees } from './fee.ts'

/** Statutory time of a procedure, in the units of the national portal. */
export type TimeLimit =
  | { unit: 'SAME_DAY' }
  | { unit: 'HOUR' | 'WORKING_DAY' | 'DAY' | 'MONTH'; value: number }
  | { unit: 'OTHER'; text: Text }

/** One paper or datum that a dossier must or may hold. */
export type Component = {
  /** Kebab-case, stable within the procedure; what `components[].component` of a dossier names. */
  id: string
  name: Text
  required: boolean
  /** Shown to the officer and handed back, so nothing need be uploaded (for example the original to be certified). */
  presented: boolean
  /** Procedures whose result is this paper; where it is told, no certified copy of another paper proves it. */
  results?: readonly string[]
  /** Official databases whose data may stand in for it. */
  sources?: readonly string[]
}

/** A kind of paper of which copies are certified, and the procedures whose result it is; the id is ours, and no official code. */
export type PaperKind = { id: string; name: Text; results?: readonly string[] }

/** That the law gives a competence to another unit (`from`: its code), and what says that it was handed down (phân cấp, ủy quyền). */
export type Delegation = { from: string; ground: Text }

/** What the place of a dossier is: the residence, or where the land, building or other thing is. */
export type PlaceOf = 'residence' | 'thing'

/**
 * Which unit decides: the commune (or, before 2025-07-01, district) of the place, one department of the city, or the commune that
 * the applicant chooses; each of its own right or by delegation. Without `placeOf` either place may be meant.
 */
export type Competence = { delegation?: Delegation } & (
  | { by: 'place'; level: 'commune' | 'district'; placeOf?: PlaceOf }
  | { by: 'department'; unitCode: string }
  | { by: 'choice'; level: 'commune' }
)

/** The codes of the units that it names: who decides, and who delegated it. */
export const unitCodesOf = ({ delegation, ...own }: Competence): string[] => [
  ...(own.by === 'department' ? [own.unitCode] : []),
  ...(delegation ? [delegation.from] : []),
]

export type ProcedureLevel = 'city' | 'district' | 'commune'

/** The level of government that decides; departments act for the city. */
export const levelOf = (competence: Competence): ProcedureLevel =>
  competence.by === 'department' ? 'city' : competence.level

export type Channel = 'online' | 'direct' | 'postal'

/** JSON Schema 2020-12, as data. */
export type JsonSchema = { [keyword: string]: unknown }

/** A procedure as it stood from `validFrom` until the day before `validTo`; a dossier keeps the version of its reception. */
export type ProcedureVersion = {
  code: string
  version: number
  validFrom: string
  /** Exclusive; null while in force. */
  validTo: string | null
  name: Text
  field: Text
  competence: Competence
  agency: string
  mode: 'full' | 'partial' | 'offline'
  channels: Channel[]
  time: TimeLimit
  timeNote: Text | null
  /** Received after this time of day, an in-day procedure is due the next working day (Law 60/2014 art. 5(3), Decree 23/2015 art. 7). */
  cutoff: '15:00' | null
  /** Whether a supplement restarts the clock (Decree 61/2018 art. 19(4)) or only pauses it, and how long the applicant has. */
  supplement: { clock: 'RESTART' | 'RESUME'; answerWithin: TimeLimit | null }
  /** Null: set by the People's Council or by a tier that the note names. */
  feeVnd: number | null
  feeNote: Text | null
  /** All that it charges and when; `feeVnd` is only the headline. */
  fees: Fees
  components: Component[]
  /** The originals of which it certifies copies, where that is what it does. */
  papers?: readonly PaperKind[]
  /** `validity`: ISO 8601 duration from the day of issue, or null where none is known. */
  result: { name: Text; validity: string | null }
  /** With a paper result its certified copy is made too, free; on by default ("one procedure, two results"). */
  twoResults: boolean
  formSchema: JsonSchema
  /** A form that satisfies `formSchema`; the documentation and the tests send it. */
  exampleForm: Record<string, unknown>
  decision: string | null
  source: string
  certainty: 'high' | 'medium' | 'low'
  note: string | null
}

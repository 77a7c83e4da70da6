/** A column's heading, its share of the width (all together make 1) and how its cells stand. */
type Column = { title: string; share: number; align?: 'centre' }

export type SheetPart =
  | { kind: 'text'; text: string; weight?: 'bold' }
  | { kind: 'facts'; rows: readonly { label: string; value: string; weight?: 'bold' }[] }
  | { kind: 'table'; columns: readonly Column[]; rows: readonly (readonly string[])[] }

/** Who signs: the office in capitals, a line on how, and the name below; `sealed` puts the unit's electronic seal there. */
export type SheetSignature = { office: string; how: string; name: string; sealed: boolean }

/** An official form as an outline: what stands on it and in which order, but not where. */
export type Sheet = {
  /** The form's number in the annex: `Mẫu số 01`. */
  form: string
  /** Letterhead: the unit, and the authority above it where it has one. */
  authority: string | null
  unit: string
  number: string
  placeAndDate: string
  /** In the lines that it is set in. */
  title: readonly string[]
  subtitle: string
  /** What the QR code opens, and the words beside it. */
  link: { url: string; caption: string }
  parts: readonly SheetPart[]
  /** Left and right, as the reader sees them. */
  signatures: readonly [SheetSignature | null, SheetSignature]
  notes: readonly string[]
  /** What stands on top of every page in red, where it is no real paper. */
  mark?: string
}

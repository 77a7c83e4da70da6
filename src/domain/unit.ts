import type { Text } from '../platform/result.ts'

/** A branded id: the code and the year it began, since official codes are re-used (`00082-2025`; `00082-0` when unknown). */
export type UnitId = string & { readonly unit: unique symbol }

export type Level = 'city' | 'department' | 'district' | 'commune'

export type SuccessionKind = 'full' | 'partial' | 'remainder' | 'partial-area-only' | 'partial-all-population'

/** A unit of government during one stretch of its life. */
export type Unit = {
  id: UnitId
  code: string
  codeScheme: 'gso' | 'local'
  name: Text
  level: Level
  type: string
  /** Inclusive civil date; null where the data knows no beginning. */
  effectiveFrom: string | null
  /** Exclusive civil date; null while it stands. */
  effectiveTo: string | null
  parentId: UnitId | null
  /** The official identifier (Decision 20/2020/QĐ-TTg) or, where none is known, `LOCAL.{code}`. */
  identifier: string
  source: string
  certainty: 'high' | 'medium' | 'low' | null
  note: string | null
}

/** `from` ceased on `on`; its people, land or duties went, wholly or in part, to `to`. */
export type Succession = { from: UnitId; to: UnitId; on: string; kind: SuccessionKind; clause: number | null }

export const unitIdOf = (code: string, effectiveFrom: string | null): UnitId =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes the brand
  `${code}-${effectiveFrom ? effectiveFrom.slice(0, 4) : '0'}` as UnitId

/**
 * A plainly local identifier where no official one is known: `LOCAL.` and the code's digits and letters
 * (`00082` → `LOCAL.00082`, `HN-STC` → `LOCAL.HNSTC`; Decision 20/2020 allows no hyphen).
 */
export const localIdentifier = (code: string): string => `LOCAL.${code.replace(/[^0-9A-Z]/g, '')}`

/** True when the unit stands on that civil date. */
export const standsOn = (unit: Pick<Unit, 'effectiveFrom' | 'effectiveTo'>, date: string): boolean =>
  (unit.effectiveFrom === null || unit.effectiveFrom <= date) && (unit.effectiveTo === null || date < unit.effectiveTo)

export const saysNotStanding = ({ name }: Pick<Unit, 'name'>, on: string): Text => ({
  vi: `${name.vi} không tồn tại vào ngày ${on}.`,
  en: `${name.en} did not stand on ${on}.`,
})

/** The authority of a unit as papers name it: a commune acts through its People's Committee. */
export const officeName = ({ level, name }: Pick<Unit, 'level' | 'name'>): string =>
  level === 'commune' || level === 'district' || level === 'city'
    ? `Ủy ban nhân dân ${name.vi.charAt(0).toLocaleLowerCase('vi')}${name.vi.slice(1)}`
    : name.vi

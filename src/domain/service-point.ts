import type { Text } from '../platform/result.ts'
import type { UnitId } from './unit.ts'

/** Only an `office` has an address; the other kind merely lies inside its unit's boundary. */
export const pointKinds = ['office', 'commune-point-inside-boundary'] as const
export type PointKind = (typeof pointKinds)[number]

/** Where one can hand in. */
export type ServicePoint = {
  /** The unit's id and a number, e.g. `00082-2025.1`. */
  id: string
  unit: UnitId
  kind: PointKind
  /** Degrees on WGS 84. */
  lat: number
  lon: number
  /** An office's own name; null where the unit's stands for it. */
  name: Text | null
  address: string | null
  source: string
}

/** True where the coordinates are derived from a boundary: nobody's door is there. */
export const isApproximate = ({ kind }: Pick<ServicePoint, 'kind'>): boolean => kind !== 'office'

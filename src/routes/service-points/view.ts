import { z } from '@hono/zod-openapi'
import { ASSUMED_SPEED_KMH, reachOf } from '../../domain/near.ts'
import { nothingNear, reachWords } from '../../domain/reach-words.ts'
import { isApproximate, pointKinds } from '../../domain/service-point.ts'
import type { Listed } from '../../usecases/service-points/list.ts'
import type { Attended } from '../../usecases/service-points/read.ts'
import { CivilDate, OpenWindows, orNull, showWindows, UnitRef, Words } from '../shapes.ts'

export const PointId = z
  .string()
  .regex(/^[A-Z0-9-]{1,40}-(0|\d{4})\.[1-9]\d{0,3}$/)
  .openapi({ example: '00082-2025.1' })

export const PointKind = z.enum(pointKinds).openapi('ServicePointKind', {
  description:
    '`office`: a place with a door and an address. `commune-point-inside-boundary`: merely a point inside the commune, derived from its boundary; nobody’s address.',
})

const Metres = z.int().min(0).max(100_000).openapi({ description: 'Metres along the great circle, rounded.' })

const point = {
  id: PointId,
  unit: UnitRef,
  kind: PointKind,
  name: Words.openapi({ description: 'An office’s own name; otherwise that of its unit.' }),
  position: z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }).openapi({
    description: 'Degrees on WGS 84.',
  }),
  approximate: z
    .boolean()
    .openapi({ description: 'True: the position is derived from a boundary, and is not to be shown as an address.' }),
  address: z.string().max(500).nullable().openapi({ description: 'Only an office has one.' }),
  openingHours: z
    .object({ on: CivilDate, windows: OpenWindows })
    .openapi({ description: 'Of its unit on that day, if it opens then. Handing in online knows no hours.' }),
  source: z.string().max(1000),
}

export const ServicePointView = z.object(point).openapi('ServicePoint')

export const ListedPoint = z
  .object({
    ...point,
    distance: orNull(Metres, 'Metres from the place along the great circle; null where none was given.'),
  })
  .openapi('ListedServicePoint')

export const Reach = z
  .object({
    reached: z.boolean().openapi({ description: 'Whether it is within 5 km or 30 minutes: the aim of the city.' }),
    within5Km: z.boolean(),
    within30Minutes: z.boolean().openapi({ description: 'Estimated.' }),
    minutes: z
      .int()
      .min(0)
      .max(1000)
      .nullable()
      .openapi({ description: 'Estimated along the straight line, at the assumed speed; null where nothing is near.' }),
    assumedSpeedKmh: z.int().min(1).max(200),
    nearest: orNull(
      ListedPoint,
      'Of the whole list, also where it lies beyond the radius; null where there is none within 100 km.',
    ),
    explanation: Words,
  })
  .openapi('Reach', { description: '“Within 5 km or 30 minutes” as a fact, also when the answer is no.' })

const showPoint = ({ point: one, unit, on, windows }: Attended) => ({
  ...one,
  unit: { id: unit.id, name: unit.name },
  name: one.name ?? unit.name,
  position: { lat: one.lat, lon: one.lon },
  approximate: isApproximate(one),
  openingHours: { on, windows: showWindows(windows) },
})

export const showServicePoint = (one: Attended) => ServicePointView.parse(showPoint(one))

export const showListed = (one: Listed): z.input<typeof ListedPoint> => ({ ...showPoint(one), distance: one.metres })

export function showReach(nearest: Listed | null): z.input<typeof Reach> {
  const speed = { assumedSpeedKmh: ASSUMED_SPEED_KMH }
  if (!nearest || nearest.metres === null)
    return {
      reached: false,
      within5Km: false,
      within30Minutes: false,
      minutes: null,
      ...speed,
      nearest: null,
      explanation: nothingNear,
    }
  const { metres, point: one, unit } = nearest
  return {
    ...reachOf(metres),
    ...speed,
    nearest: showListed(nearest),
    explanation: reachWords({ point: one, metres }, one.name ?? unit.name),
  }
}

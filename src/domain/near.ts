// What is near a place: great-circle distances in whole metres, and the city's aim that a service point is within 5 km or 30 minutes.
import type { ServicePoint } from './service-point.ts'

/** Degrees on WGS 84: latitude −90 to 90, longitude −180 to 180. */
export type Place = { lat: number; lon: number }

/** Mean radius R1 of the earth in metres (IUGG, Geodetic Reference System 1980). */
const earthRadius = 6_371_008.8

const radians = (degrees: number) => (degrees * Math.PI) / 180
const degrees = (angle: number) => (angle * 180) / Math.PI
const haversine = (angle: number) => Math.sin(angle / 2) ** 2

/** The great-circle distance in whole metres (haversine); the earth as a sphere is right to 0.5 %. */
export function metresBetween(a: Place, b: Place): number {
  const [from, to] = [radians(a.lat), radians(b.lat)]
  const h = haversine(to - from) + Math.cos(from) * Math.cos(to) * haversine(radians(b.lon - a.lon))
  return Math.round(2 * earthRadius * Math.asin(Math.sqrt(Math.min(1, h))))
}

/** The stripe of 0.01° of latitude that a place lies in, counted from the South Pole; the column of that name says the same. */
const bandOf = (lat: number): number => Math.trunc((lat + 90) * 100)

/** Whole stripes, both ends included, and a stretch of longitude in degrees. */
export type Box = { bands: readonly [from: number, to: number]; west: number; east: number }

/** A box that holds every place within so many metres; it holds others, too. Around a pole or the date line it goes once around. */
export function boxAround({ lat, lon }: Place, metres: number): Box {
  // Distances are rounded: what is shown as within may lie half a metre beyond.
  const angle = (metres + 1) / earthRadius
  const [south, north] = [lat - degrees(angle), lat + degrees(angle)]
  const bands = [bandOf(Math.max(-90, south)), bandOf(Math.min(90, north))] as const
  if (south <= -90 || north >= 90) return { bands, west: -180, east: 180 }
  const half = degrees(Math.asin(Math.sin(angle) / Math.cos(radians(lat))))
  const [west, east] = [lon - half, lon + half]
  return west < -180 || east > 180 ? { bands, west: -180, east: 180 } : { bands, west, east }
}

/** How far the nearest is looked for, in metres. */
export const farthest = 100_000

/** Half the sides of the boxes to look in, one after the other, in metres: small ones first, so that crowded places read little. */
export function* widening(radius: number): Generator<number> {
  let metres = Math.min(1250, radius)
  for (; metres < farthest; metres = metres < radius ? Math.min(2 * metres, radius) : 2 * metres) yield metres
  yield farthest
}

export type Distant = { point: ServicePoint; metres: number }

/** The nearest first; of the equally near the one whose id comes first. */
export const inOrder = (points: readonly ServicePoint[], place: Place): Distant[] =>
  points
    .map((point) => ({ point, metres: metresBetween(place, point) }))
    .toSorted((a, b) => a.metres - b.metres || (a.point.id < b.point.id ? -1 : 1))

/** An assumption, not a measurement: along the straight line, so that detours and waiting are in it. Kilometres an hour. */
export const ASSUMED_SPEED_KMH = 15

/** The aim of the city's service centre (Decision 63/2024/QĐ-UBND): within one or the other. */
export const aim = { metres: 5_000, minutes: 30 } as const

/** Minutes are whole ones, begun ones included. */
export type Reach = { minutes: number; within5Km: boolean; within30Minutes: boolean; reached: boolean }

/** Whether the aim is reached by a point at that distance. */
export function reachOf(metres: number): Reach {
  const minutes = Math.ceil((metres * 60) / (ASSUMED_SPEED_KMH * 1000))
  const [within5Km, within30Minutes] = [metres <= aim.metres, minutes <= aim.minutes]
  return { minutes, within5Km, within30Minutes, reached: within5Km || within30Minutes }
}

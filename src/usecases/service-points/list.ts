import type { Context } from '../../context.ts'
import { aim, type Place } from '../../domain/near.ts'
import type { PointKind, ServicePoint } from '../../domain/service-point.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { findNear, readCursor } from './near.ts'
import { attend, type Attended } from './read.ts'

export type PointQuestion = {
  near?: Place
  /** Whole metres, 5 km if not given; goes with `near` only. */
  radius?: number
  kind?: PointKind
  /** Id of a unit. */
  unit?: string
  after?: string
}

/** `metres` from the place that was given. */
export type Listed = Attended & { metres: number | null }

/** `nearest` is that of the whole list, and may lie beyond the radius; null where none is within 100 km or no place was given. */
export type PointList = Page<Listed> & { nearest: Listed | null }

/** Where one can hand in today: in order of id or, where a place is given, the nearest first. Public. */
export async function listServicePoints(
  context: Context,
  { near, radius, after, ...filter }: PointQuestion,
  limit: number,
): Promise<Result<PointList, 'invalid-request'>> {
  const on = localDate(context.now())
  const cursor = after === undefined ? undefined : readCursor(after)
  const unit = filter.unit === undefined ? undefined : await context.units.find(filter.unit)
  const errors: InputError[] = []
  if (filter.unit !== undefined && !unit) errors.push(unknownUnit)
  if (!near && radius !== undefined) errors.push(radiusOfNothing)
  if (near && after !== undefined && !cursor) errors.push(otherList)
  if (errors.length > 0) return refuse('invalid-request', { errors })

  const { items, next, nearest } = near
    ? await findNear(
        context,
        { ...filter, near, radius: radius ?? aim.metres, ...(cursor && { after: cursor }), on },
        limit,
      )
    : await listById(context, { ...filter, ...(after !== undefined && { after }), on }, limit)
  const found = nearest ? [...items, nearest] : items
  const attended = await attend(
    context,
    found.map(({ point }) => point),
    on,
  )
  const listed = attended.map((one, index) => ({ ...one, metres: found[index]?.metres ?? null }))
  return ok({ items: listed.slice(0, items.length), next, nearest: listed[items.length] ?? null })
}

async function listById(
  context: Context,
  filter: { kind?: PointKind; unit?: string; after?: string; on: string },
  limit: number,
): Promise<Page<{ point: ServicePoint; metres: null }> & { nearest: null }> {
  const rows = await context.servicePoints.list({ ...filter, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, ({ id }) => id)
  return { items: items.map((point) => ({ point, metres: null })), next, nearest: null }
}

const fault = (pointer: string, code: string, vi: string, en: string): InputError => ({
  pointer,
  code,
  detail: { vi, en },
})

const unknownUnit = fault('/query/unit', 'unknown-unit', 'Không có đơn vị này.', 'There is no such unit.')
const radiusOfNothing = fault(
  '/query/radius',
  'near-missing',
  'Bán kính cần có vị trí: gửi kèm near=vĩ độ,kinh độ.',
  'A radius goes around a place: send near=latitude,longitude with it.',
)
const otherList = fault(
  '/query/after',
  'not-a-cursor',
  'Không phải "next" của danh sách theo khoảng cách.',
  'This is not the "next" of a list by distance.',
)

import { and, asc, eq, sql } from 'drizzle-orm'
import type { Box } from '../domain/near.ts'
import type { PointKind, ServicePoint } from '../domain/service-point.ts'
import type { Database } from './database.ts'
import { servicePoint, unit } from './tables/catalogue.ts'
import { standing } from './units.ts'

type Filter = {
  kind?: PointKind
  /** Id of a unit. */
  unit?: string
  /** Only ids after this one. */
  after?: string
  /** Civil date on which the unit stands. */
  on: string
  limit: number
}

export interface ServicePointStore {
  /** Also one whose unit is gone. */
  find(id: string): Promise<ServicePoint | undefined>
  /** Those of units that stand, in order of id. */
  list(filter: Filter): Promise<ServicePoint[]>
  /** Those of units that stand, of these kinds in this box; reads no others. */
  within(box: Box, filter: { kinds: readonly PointKind[]; on: string }): Promise<ServicePoint[]>
}

export function servicePointStore(db: Database): ServicePointStore {
  return {
    async find(id) {
      const found = await db.select().from(servicePoint).where(eq(servicePoint.id, id))
      return found.map(toServicePoint)[0]
    },

    async list({ kind, unit: unitId, after, on, limit }) {
      const found = await db
        .select({ service_point: servicePoint })
        .from(servicePoint)
        .innerJoin(unit, eq(unit.id, servicePoint.unitId))
        .where(
          and(
            kind && eq(servicePoint.kind, kind),
            unitId === undefined ? undefined : sql`${servicePoint.unitId} = ${unitId}`,
            after === undefined ? undefined : sql`${servicePoint.id} > ${after}`,
            standing(on),
          ),
        )
        .orderBy(asc(servicePoint.id))
        .limit(limit)
      return found.map((row) => toServicePoint(row.service_point))
    },

    async within({ bands: [from, to], west, east }, { kinds, on }) {
      const stripes = Array.from({ length: to - from + 1 }, (_, index) => from + index)
      // Kind and stripe are equal and the longitude is a stretch: the index service_point_near answers exactly that.
      const found = await db
        .select({ service_point: servicePoint })
        .from(servicePoint)
        .innerJoin(unit, eq(unit.id, servicePoint.unitId))
        .where(
          and(
            sql`${servicePoint.kind} IN (SELECT value FROM json_each(${JSON.stringify(kinds)}))`,
            sql`${servicePoint.band} IN (SELECT value FROM json_each(${JSON.stringify(stripes)}))`,
            sql`${servicePoint.lon} BETWEEN ${west} AND ${east}`,
            standing(on),
          ),
        )
      return found.map((row) => toServicePoint(row.service_point))
    },
  }
}

const toServicePoint = (row: typeof servicePoint.$inferSelect): ServicePoint => ({
  id: row.id,
  unit: row.unitId,
  kind: row.kind,
  lat: row.lat,
  lon: row.lon,
  name: row.nameVi === null || row.nameEn === null ? null : { vi: row.nameVi, en: row.nameEn },
  address: row.address,
  source: row.source,
})

import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Book } from '../domain/book.ts'
import { type Copy, registerOf } from '../domain/copy.ts'
import type { Database } from './database.ts'
import { copy, registerClosing, registerSerial } from './tables/copies.ts'

export type BookEntry = { serial: number; number: string; copy: Copy }

export interface BookStore {
  /** A book that nobody has written in yet is an empty one. */
  find(unit: string, year: string): Promise<Book>
  /** Every book of these units; the newest year first, then in order of register. */
  ofUnits(units: readonly string[]): Promise<Book[]>
  /** All copies under the numbers from `first` to `last`, in their order. */
  entries(unit: string, year: string, first: number, last: number): Promise<BookEntry[]>
}

export function bookStore(db: Database): BookStore {
  return {
    async find(unit, year) {
      const register = registerOf(unit)
      const closing = and(eq(registerClosing.register, registerSerial.register), eq(registerClosing.year, year))
      const [row] = await db
        .select({ last: registerSerial.last, closedAt: registerClosing.closedAt })
        .from(registerSerial)
        .leftJoin(registerClosing, closing)
        .where(and(eq(registerSerial.register, register), eq(registerSerial.year, year)))
      return { register, year, last: row?.last ?? 0, closedAt: row?.closedAt ?? null }
    },
    async ofUnits(units) {
      const closing = and(
        eq(registerClosing.register, registerSerial.register),
        eq(registerClosing.year, registerSerial.year),
      )
      return db
        .select({
          register: registerSerial.register,
          year: registerSerial.year,
          last: registerSerial.last,
          closedAt: registerClosing.closedAt,
        })
        .from(registerSerial)
        .leftJoin(registerClosing, closing)
        .where(
          sql`${registerSerial.register} IN (SELECT value FROM json_each(${JSON.stringify(units.map(registerOf))}))`,
        )
        .orderBy(desc(registerSerial.year), asc(registerSerial.register))
    },
    async entries(unit, year, first, last) {
      const serials = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
      const bases = serials.map((serial) => `${unit}.${year}.${String(serial).padStart(2, '0')}`)
      // Further copies are `{base}.2`, `{base}.3`, …: '/' is the sign after '.', so each number is a stretch of the index.
      const wanted = sql`(SELECT one.id FROM json_each(${JSON.stringify(bases)}) AS base
        JOIN copy AS one ON one.number >= base.value AND one.number < base.value || '/')`
      const rows = await db
        .select({ number: copy.number, copy: copy.state })
        .from(copy)
        .where(sql`${copy.id} IN ${wanted}`)
        .orderBy(asc(copy.id))
      return rows.map((row) => ({ serial: Number(row.number.split('.')[2]), ...row }))
    },
  }
}

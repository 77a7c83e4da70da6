import type { Context } from '../../context.ts'
import { type Book, type BookLine, bookLine } from '../../domain/book.ts'
import { sealedUnder, unitOf } from '../../domain/copy.ts'
import { ownerOf } from '../../domain/slips.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import type { BookEntry } from '../../store/books.ts'
import { allowed, keeps } from '../access.ts'

/** Which book: the officer's own register and the current year where nothing is said. */
export type BookQuery = { register?: string | undefined; year?: string | undefined }

/** A stretch of a book of a unit; `keeper`: the unit that keeps it now; `next`: the last number in it where more follow. */
export type BookPage = { unit: string; keeper: string; book: Book; items: BookLine[]; next: number | null }

type BookRefusal = 'token-needed' | 'not-allowed'

/** The numbers of a year behind `after`, each once and without a gap, for the supervisor of the unit that keeps it. */
export async function readBook(
  context: Context,
  query: BookQuery,
  after: number,
  limit: number,
): Promise<Result<BookPage, BookRefusal>> {
  const may = allowed(context, 'readRegister')
  if (!may.ok) return may
  const { actor } = context
  if (actor.kind !== 'officer') return refuse('not-allowed')
  const unit = query.register === undefined ? actor.unit : unitOf(query.register)
  if (!(await keeps(context, unit))) return refuse('not-allowed')
  const book = await context.books.find(unit, query.year ?? localDate(context.now()).slice(0, 4))
  return ok(await page(context, { unit, keeper: actor.unit, book }, after, limit))
}

// A Worker may ask D1 about 1,000 times in one request; each portion asks twice.
const numbersAtOnce = 300

/** The whole book, in portions; nothing is held longer than its portion. What is entered meanwhile is not in it. */
export async function* portionsOf(context: Context, first: BookPage): AsyncGenerator<BookLine[]> {
  let { items, next } = first
  yield items
  while (next !== null) {
    ;({ items, next } = await page(context, first, next, numbersAtOnce))
    yield items
  }
}

async function page(context: Context, of: Pick<BookPage, 'unit' | 'keeper' | 'book'>, after: number, limit: number) {
  const { unit, keeper, book } = of
  const last = Math.min(after + limit, book.last)
  const entries = await context.books.entries(unit, book.year, after + 1, last)
  const owners = await ownersOf(context, entries)
  const bySerial = Map.groupBy(entries, ({ serial }) => serial)
  const items = Array.from({ length: Math.max(0, last - after) }, (_, index) => {
    const serial = after + 1 + index
    const those = bySerial.get(serial) ?? []
    return bookLine(serial, those, owners.get(placeOf(those[0])) ?? null)
  })
  return { unit, keeper, book, items, next: last < book.last ? last : null }
}

/** Where it is sealed for whom the copy was made. */
const placeOf = (entry: BookEntry | undefined): string => (entry && sealedUnder(entry.copy)) ?? ''

async function ownersOf(context: Context, entries: BookEntry[]): Promise<Map<string, string | null>> {
  const parts = await context.vault.submissions([...new Set(entries.map(placeOf))])
  return new Map([...parts].map(([id, part]) => [id, ownerOf(part['applicant'])?.name ?? null]))
}

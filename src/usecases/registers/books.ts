import type { Context } from '../../context.ts'
import type { Book } from '../../domain/book.ts'
import { ok, type Result } from '../../platform/result.ts'
import { allowed, unitsKept } from '../access.ts'
import type { Page } from '../dossiers/read.ts'

/** The last book of the page before: year and register. */
export type BookPlace = Pick<Book, 'year' | 'register'>

/** The books of certified copies that the supervisor's unit keeps: its own, and those of units whose place it took. */
export async function listBooks(
  context: Context,
  after: BookPlace | undefined,
  limit: number,
): Promise<Result<Page<Book>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'readRegister')
  if (!may.ok) return may
  // A unit has one book a year: there is no more to leaf through than its years and those of its forebears.
  const books = await context.books.ofUnits(await unitsKept(context))
  const rest = books.filter((book) => !after || follows(book, after))
  const last = rest[limit] && rest[limit - 1]
  return ok({ items: rest.slice(0, limit), next: last ? `${last.year}~${last.register}` : null })
}

const follows = (book: Book, { year, register }: BookPlace) =>
  book.year < year || (book.year === year && book.register > register)

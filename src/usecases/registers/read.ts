import type { Context } from '../../context.ts'
import { lineOf, type RegisterLine } from '../../domain/register.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Extract } from '../../store/registers.ts'
import { allowed } from '../access.ts'
import type { Page } from '../dossiers/read.ts'

/** Whose register (the officer's own unit if undefined), for civil dates that are both included. */
export type RegisterQuery = { unit?: string | undefined; from: string; to: string }

/** Where a page goes on: behind that dossier, after so many lines. */
export type Place = { id: string; lines: number }

type RegisterRefusal = 'token-needed' | 'not-allowed'

/** One page of a unit's register of dossiers, for its supervisor, in the order of entry. */
export async function readRegister(
  context: Context,
  query: RegisterQuery,
  after: Place | undefined,
  limit: number,
): Promise<Result<Omit<Page<RegisterLine>, 'next'> & { next: Place | null }, RegisterRefusal>> {
  const extract = extractFor(context, query)
  if (!extract.ok) return extract
  return ok(await page(context, extract.value, after, limit))
}

// A Worker may ask D1 about 1,000 times in one request; each page asks some eight times.
const linesAtOnce = 500

/** The whole extract, in portions; nothing is held longer than its portion. */
export function streamRegister(
  context: Context,
  query: RegisterQuery,
): Result<AsyncGenerator<RegisterLine[]>, RegisterRefusal> {
  const extract = extractFor(context, query)
  return extract.ok ? ok(portions(context, extract.value)) : extract
}

async function* portions(context: Context, extract: Extract): AsyncGenerator<RegisterLine[]> {
  let after: Place | undefined
  do {
    const { items, next } = await page(context, extract, after, linesAtOnce)
    yield items
    after = next ?? undefined
  } while (after)
}

function extractFor(context: Context, { unit, from, to }: RegisterQuery): Result<Extract, RegisterRefusal> {
  const may = allowed(context, 'readRegister')
  if (!may.ok) return may
  const { actor } = context
  if (actor.kind !== 'officer' || (unit !== undefined && unit !== actor.unit)) return refuse('not-allowed')
  const midnight = (date: string) => new Date(`${date}T00:00:00+07:00`)
  return ok({ unit: actor.unit, from: midnight(from), until: new Date(midnight(to).getTime() + 86_400_000) })
}

async function page(context: Context, extract: Extract, after: Place | undefined, limit: number) {
  const rows = await context.registers.page(extract, after?.id, limit + 1)
  const shown = rows.slice(0, limit)
  const submissions = await context.vault.submissions(shown.map(({ dossier }) => dossier.id))
  const now = localTime(context.now())
  const before = after?.lines ?? 0
  const items = shown.map((row, index) =>
    lineOf(before + index + 1, row, submissions.get(row.dossier.id)?.['applicant'], now),
  )
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { items, next: last ? { id: last.dossier.id, lines: before + shown.length } : null }
}

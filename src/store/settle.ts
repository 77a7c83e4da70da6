import { type SQL, sql } from 'drizzle-orm'
import { nextAttention } from '../domain/clockwork.ts'
import type { Dossier } from '../domain/dossier.ts'
import { isTold } from '../domain/feed.ts'
import { lineOf } from '../domain/rerouting.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, hasPassedOnMeanwhile, isDuplicate } from './database.ts'
import { lineKeyOf, type Unwritten } from './heirs.ts'
import { dossier, journal, outbox } from './tables/dossiers.ts'
import { feed } from './tables/webhooks.ts'

/** A dossier with what has taken effect and is not in its journal yet; nothing, where its dates were only to be looked at. */
type Unsettled = { dossier: Dossier; unwritten: Unwritten[]; outagesCounted: number }

/** The columns of a dossier that follow from its state alone. */
export const snapshotOf = (state: Dossier, at: string, outagesCounted: number) => ({
  version: state.version,
  status: state.status,
  competentUnit: state.competentUnit,
  lineUnit: lineOf(state),
  awaitingOn: state.unassigned?.on ?? '',
  dueAt: state.clock.dueAt,
  attentionAt: nextAttention(state)?.at ?? null,
  updatedAt: at,
  outagesCounted,
})

/**
 * Writes what has taken effect of open dossiers, all or none; answers how many. Rows travel as one JSON value, so that a hundred cost D1
 * five statements. Where somebody wrote to one of them meanwhile, halves are tried until it is alone, and that one is left.
 */
export async function settle(db: Database, all: readonly Unsettled[], at: Date): Promise<number> {
  if (all.length === 0) return 0
  try {
    await commit(db, statementsOf(db, all, localTime(at)))
    return all.length
  } catch (error) {
    if (!isDuplicate(error, 'journal') && !hasPassedOnMeanwhile(error)) throw error
    const half = Math.floor(all.length / 2)
    return half === 0 ? 0 : (await settle(db, all.slice(0, half), at)) + (await settle(db, all.slice(half), at))
  }
}

function statementsOf(db: Database, all: readonly Unsettled[], at: string) {
  const entries = all.flatMap(({ dossier: { id: subject }, unwritten }) =>
    unwritten.map(({ version, previousHash, hash, entry }) => {
      const record = JSON.stringify({ subject, version, ...entry })
      const type = entry.event.type
      return { subject, version, type, at: entry.at, record, previousHash, hash, told: isTold(type) }
    }),
  )
  const moved = all.filter(({ unwritten }) => unwritten.length > 0)
  const states = moved.map(({ dossier: state, outagesCounted }) => {
    const { id, place } = state
    return { ...snapshotOf(state, at, outagesCounted), id, place: place ?? '', state: JSON.stringify(state) }
  })
  const looked = all.filter(({ unwritten }) => unwritten.length === 0)
  const marks = looked.map(({ dossier: { id, version }, outagesCounted }) => ({ id, version, outagesCounted }))
  const the = (name: string) => sql`one.value ->> ${name}`
  return [
    // The journal comes first: its key is the lock.
    db.insert(journal).select(sql`
      SELECT ${the('subject')}, ${the('version')}, ${the('type')}, ${the('at')}, ${the('record')}, ${the('previousHash')}, ${the('hash')}
      FROM ${rowsOf(entries)}`),
    db.insert(outbox).select(sql`
      SELECT ${the('subject')} || ':' || (${the('version')}), ${the('type')}, ${the('subject')}, ${the('version')}, ${the('at')}, NULL
      FROM ${rowsOf(entries)}`),
    db.insert(feed).select(sql`
      SELECT NULL, ${the('subject')}, ${the('version')}, ${the('type')}, ${the('at')}, submitter, dossier.id, procedure_code
      FROM ${rowsOf(entries)} CROSS JOIN dossier ON dossier.id = ${the('subject')} WHERE ${the('told')} ORDER BY one.key`),
    db
      .update(dossier)
      .set({ ...columnsOf(states), lineKey: lineKeyOf(the('lineUnit'), sql`${dossier.procedureCode}`, the('place')) })
      .from(rowsOf(states))
      .where(sql`${dossier.id} = ${the('id')}`),
    db
      .update(dossier)
      .set({ outagesCounted: the('outagesCounted') })
      .from(rowsOf(marks))
      .where(sql`${dossier.id} = ${the('id')} AND ${dossier.version} = ${the('version')}`),
  ]
}

const rowsOf = (rows: readonly object[]) => sql`json_each(${JSON.stringify(rows)}) AS one`

/** Each column of a row that is told, as the row has it. */
const columnsOf = ([first = {}]: readonly object[]): Record<string, SQL> =>
  Object.fromEntries(
    Object.keys(first)
      .filter((name) => name !== 'id' && name !== 'place')
      .map((name) => [name, sql`one.value ->> ${name}`]),
  )

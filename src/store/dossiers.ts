import { and, asc, desc, eq, inArray, lte, sql, type SQL } from 'drizzle-orm'
import { type Dossier, type DossierEvent, evolve } from '../domain/dossier.ts'
import { isUndecided } from '../domain/transitions.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localDate, localTime } from '../platform/time.ts'
import {
  commit,
  type Database,
  hasPassedOnMeanwhile,
  isBookClosed,
  isDuplicate,
  isFileTaken,
  type Statement,
} from './database.ts'
import { type Eyes, type Filters, isOpen, pageOfDossiers, selectDossiers } from './dossier-lists.ts'
import { asRow, heirStore, lineColumns, unwrittenStatements, type Unwritten } from './heirs.ts'
import { entriesOf, entryStatements, genesis, type JournalActor, type JournalRow } from './journal.ts'
import { lastEntry } from './outages.ts'
import { settle, snapshotOf } from './settle.ts'
import { codeSerial, dossier, dossierParty } from './tables/dossiers.ts'
import type { SealedPart, Vault } from './vault.ts'

/**
 * A dossier as it stands now, with its address, the time of its latest event, and the head of its journal's chain. The moves that
 * a reform has brought about since it was last written to, and the dates that outages have moved, are in it; whoever writes to it next writes these first.
 */
export type Kept = {
  code: string
  at: string
  head: string
  dossier: Dossier
  unwritten: Unwritten[]
  /** The last entry about an outage that its dates count. */
  outagesCounted: number
}

/** One event to append, with what it says about persons or in free words. */
export type Write = { event: DossierEvent; sealed?: SealedPart }

export type Append = {
  writes: Write[]
  at: Date
  actor: JournalActor
  command?: string
  /** Further rows of the same effect (idempotency, copies, files): all or none. */
  along?: Statement[]
}

export type Filing = Append & {
  /** First part of the code, the competent unit's identifier, and the day of reception (`yyMMdd`). */
  code: { prefix: string; day: string }
  /** Keyed hashes of the persons whose dossier it is. */
  parties: string[]
  /** Keyed hash of what it is about; nobody has two open dossiers about one matter unless they insisted. */
  matter?: string
}

/** Of those who insisted again and again: more need not be looked at to find one that may be seen. */
const mostOfAMatter = 20

/** Some dossiers of a list, and where it goes on; null at the end. */
export type Page = { rows: Kept[]; next: string | null }

export interface DossierStore {
  find(code: string): Promise<Kept | undefined>
  byId(id: string): Promise<Kept | undefined>
  /** Of the person's latest hundred dossiers those for that procedure that have a result, newest first. */
  decidedFor(person: string, procedure: string): Promise<Kept[]>
  /** The undecided dossiers about that matter, oldest first, whoever handed them in. */
  ofMatter(matter: string): Promise<Kept[]>
  /**
   * Newest first, or by time where filters ask for it; at most `limit`, and where the next page goes on. A page may hold fewer, even
   * none, and have a next one: where hardly anything is as asked for, one page does not look at everything.
   */
  list(eyes: Eyes, filters: Filters, after: string | undefined, limit: number): Promise<Page>
  /** Dossiers to which the clock has something to do by now, longest waiting first. */
  waitingForClock(now: Date, limit: number): Promise<Kept[]>
  /** Open dossiers whose move to another unit is not in their journal yet. */
  waitingForMove(limit: number): Promise<Kept[]>
  /** Open dossiers whose dates were not looked at since the last entry about an outage. */
  waitingForOutages(limit: number): Promise<Kept[]>
  /** Writes what has taken effect of open dossiers, and notes of the others that nothing has; those that somebody moves meanwhile are left. */
  settle(all: readonly Kept[], at: Date): Promise<number>
  isParty(dossierId: string, persons: string[]): Promise<boolean>
  /** Writes a new dossier: code, events, sealed parts, outbox and whatever comes along, all or none. */
  file(filing: Filing): Promise<Result<Kept, 'key-in-use' | 'file-taken' | 'same-matter'>>
  /** Appends events to a dossier, all or none, after the moves that are not written yet; refuses if someone else moved first. */
  append(
    before: Kept,
    append: Append,
  ): Promise<Result<Kept, 'changed-meanwhile' | 'key-in-use' | 'file-taken' | 'erased'>>
  events(id: string, after: number, limit: number): Promise<JournalRow<DossierEvent>[]>
  /** The dossier as it was right after event `version`. */
  asOf(id: string, version: number): Promise<Kept | undefined>
}

export function dossierStore(db: Database, vault: Vault, now: () => Date): DossierStore {
  const today = () => localDate(now())
  const heirs = heirStore(db, now)
  const select = () => selectDossiers(db, today())
  const one = async (where: SQL): Promise<Kept | undefined> => (await heirs.upToDate(await select().where(where)))[0]

  /** The statements of a run of events, and where state and chain stand after it. */
  async function written(before: Kept | undefined, append: Append, key: Uint8Array<ArrayBuffer> | null) {
    const statements = before ? await unwrittenStatements(db, before.dossier.id, before.unwritten) : []
    let [state, head] = [before?.dossier, before?.head ?? genesis]
    const at = localTime(append.at)
    for (const { event, sealed } of append.writes) {
      state = evolve(state, event, at)
      const part = sealed && key ? await vault.sealPart(state.id, state.version, sealed, key) : undefined
      const entry = {
        at,
        actor: append.actor,
        event,
        ...(part && { sealed: part.digest }),
        ...(append.command && { command: append.command }),
      }
      const next = await entryStatements(db, state.id, state.version, head, entry)
      // The journal's row comes first: of two who write at once, the second must break there and nowhere else.
      statements.push(...next.statements, ...(part ? [part.statement] : []))
      head = next.hash
    }
    if (!state) throw new Error('nothing to write')
    return { state, head, statements }
  }

  return {
    find: (code) => one(eq(dossier.code, code)),
    byId: (id) => one(eq(dossier.id, id)),
    async ofMatter(matter) {
      const rows = await select().where(eq(dossier.matter, matter)).orderBy(asc(dossier.id)).limit(mostOfAMatter)
      return heirs.upToDate(rows)
    },
    async decidedFor(person, procedure) {
      const latest = sql`(SELECT dossier_id FROM dossier_party WHERE person = ${person} ORDER BY dossier_id DESC LIMIT 100)`
      const hasResult = sql`${dossier.status} IN ('resolved', 'returned')`
      const rows = await select()
        .where(and(sql`${dossier.id} IN ${latest}`, sql`+${dossier.procedureCode} = ${procedure}`, hasResult))
        .orderBy(desc(dossier.id))
        .limit(5)
      return heirs.upToDate(rows)
    },
    async waitingForClock(now, limit) {
      const rows = await select()
        .where(lte(dossier.attentionAt, localTime(now)))
        .orderBy(asc(dossier.attentionAt))
        .limit(limit)
      return heirs.upToDate(rows)
    },
    async waitingForMove(limit) {
      const rows = await select().where(waitingForMove(today(), limit))
      return heirs.upToDate(rows)
    },
    async waitingForOutages(limit) {
      const rows = await select()
        .where(
          sql`${dossier.outagesCounted} < ${lastEntry} AND ${dossier.status} IN ('accepted', 'processing', 'awaiting-supplement')`,
        )
        .orderBy(asc(dossier.outagesCounted))
        .limit(limit)
      return heirs.upToDate(rows)
    },
    settle: (all, at) => settle(db, all, at),
    async isParty(dossierId, persons) {
      const [row] = await db
        .select({ found: sql`1` })
        .from(dossierParty)
        .where(and(inArray(dossierParty.person, persons), eq(dossierParty.dossierId, dossierId)))
      return row !== undefined
    },
    async list(...asked) {
      const { rows, next } = await pageOfDossiers(db, heirs, today(), asked)
      return { rows: await heirs.upToDate(rows), next }
    },
    async file(filing) {
      const [first] = filing.writes
      if (first?.event.type !== 'dossier.submitted') throw new Error('a dossier begins with its submission')
      const { id } = first.event
      const { key, statement: keepKey } = await vault.newKey(id)
      const { state, head, statements } = await written(undefined, filing, key)
      const { prefix, day } = filing.code
      const submitter = `${state.submittedBy.kind}:${state.submittedBy.id}`
      const rows: Statement[] = [
        db
          .insert(codeSerial)
          .values({ prefix, day, last: 1 })
          .onConflictDoUpdate({ target: [codeSerial.prefix, codeSerial.day], set: { last: sql`last + 1` } }),
        // The code is made where its serial is allocated: two filings at once cannot read the same one.
        db.insert(dossier).values({
          id,
          code: sql`(SELECT prefix || '-' || day || '-' || printf('%04d', last) FROM code_serial WHERE prefix = ${prefix} AND day = ${day})`,
          ...snapshotOf(state, localTime(filing.at), 0),
          ...lineColumns(state),
          procedureCode: state.procedure.code,
          receivingPoint: state.receivingPoint,
          submitter,
          matter: isUndecided(state.status) ? filing.matter : null,
          insisted: state.insisted ? 1 : 0,
          outagesCounted: lastEntry,
          state,
        }),
        keepKey,
        ...filing.parties.map((person) => db.insert(dossierParty).values({ person, dossierId: id })),
        ...statements,
        ...(filing.along ?? []),
      ]
      try {
        const results = await commit(db, [
          ...rows,
          db
            .select({ code: dossier.code, outagesCounted: dossier.outagesCounted })
            .from(dossier)
            .where(eq(dossier.id, id)),
        ])
        const [row] = results.at(-1) as [{ code: string; outagesCounted: number }]
        return ok({ ...row, at: localTime(filing.at), head, dossier: state, unwritten: [] })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'dossier', 'matter')) return refuse('same-matter')
        if (isFileTaken(error)) return refuse('file-taken')
        throw error
      }
    },
    async append(before, append) {
      const needsKey = append.writes.some(({ sealed }) => sealed)
      const key = needsKey ? await vault.keyOf(before.dossier.id) : null
      // Without its key nothing about persons can be said in a dossier any more.
      if (needsKey && !key) return refuse('erased')
      const { state, head, statements } = await written(before, append, key)
      const snapshot = {
        ...snapshotOf(state, localTime(append.at), before.outagesCounted),
        ...lineColumns(state),
        ...(!isUndecided(state.status) && { matter: null }),
        state,
      }
      try {
        // The journal's primary key is the lock: a second writer fails there and the whole batch rolls back.
        await commit(db, [
          ...statements,
          db.update(dossier).set(snapshot).where(eq(dossier.id, state.id)),
          ...(append.along ?? []),
        ])
        const at = append.writes.length > 0 ? localTime(append.at) : before.at
        return ok({ ...before, at, head, dossier: state, unwritten: [] })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isFileTaken(error)) return refuse('file-taken')
        if (isDuplicate(error, 'journal') || hasPassedOnMeanwhile(error) || isBookClosed(error))
          return refuse('changed-meanwhile')
        throw error
      }
    },
    async events(id, after, limit) {
      const rows = await entriesOf<DossierEvent>(db, id, after, limit)
      if (rows.length === limit) return rows
      const last = rows.at(-1)?.version ?? after
      const now = await one(eq(dossier.id, id))
      return [...rows, ...(now?.unwritten ?? []).filter(({ version }) => version > last).map((move) => asRow(id, move))]
    },
    async asOf(id, version) {
      const now = await one(eq(dossier.id, id))
      if (!now || now.dossier.version === version) return now
      const written = await entriesOf<DossierEvent>(db, id, 0, version)
      const rows = [...written, ...now.unwritten.map((move) => asRow(id, move))].filter((row) => row.version <= version)
      const state = rows.reduce<Dossier | undefined>((before, row) => evolve(before, row.event, row.at), undefined)
      const last = rows.at(-1)
      return state && last && { ...now, at: last.at, head: last.hash, dossier: state, unwritten: [] }
    },
  }
}

/** Lines with open dossiers are read off the index one by one, and of each only what has a move to come. */
const waitingForMove = (today: string, limit: number): SQL => sql`${isOpen} AND ${dossier.id} IN (
  WITH RECURSIVE lines(unit) AS (
    SELECT min(line_unit) FROM dossier WHERE status NOT IN ('returned', 'not-accepted', 'withdrawn')
    UNION ALL
    SELECT (SELECT min(line_unit) FROM dossier
      WHERE line_unit > lines.unit AND status NOT IN ('returned', 'not-accepted', 'withdrawn')) FROM lines WHERE unit IS NOT NULL)
  SELECT d.id FROM lines CROSS JOIN dossier AS d ON d.line_unit = lines.unit
    AND d.awaiting_on < (SELECT max(on_date) FROM heir WHERE line = lines.unit AND on_date <= ${today})
  WHERE d.status NOT IN ('returned', 'not-accepted', 'withdrawn') LIMIT ${limit})`

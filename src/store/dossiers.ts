import { and, asc, desc, eq, gt, lt, lte, sql, type SQL } from 'drizzle-orm'
import { nextAttention } from '../domain/clockwork.ts'
import { type Dossier, type DossierEvent, evolve } from '../domain/dossier.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entriesOf, entryStatements, genesis, type JournalActor, type JournalRow } from './journal.ts'
import { codeSerial, dossier, dossierParty, journal } from './tables/dossiers.ts'
import type { SealedPart, Vault } from './vault.ts'

/** A dossier with its address, the time of its latest event, and the head of its journal's chain. */
export type Kept = { code: string; at: string; head: string; dossier: Dossier }

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
}

export type Filters = { status?: string; procedure?: string; dueBefore?: string; updatedAfter?: string; unit?: string }

/** Whose dossiers a list shows. An officer's list holds those that the unit must decide and those handed in at its point. */
export type Eyes = { unit: string } | { submitter: string } | { person: string }

export interface DossierStore {
  find(code: string): Promise<Kept | undefined>
  byId(id: string): Promise<Kept | undefined>
  /** Newest first, one more than `limit` when there is a next page; `before` is the id that the last page ended with. */
  list(eyes: Eyes, filters: Filters, before: string | undefined, limit: number): Promise<Kept[]>
  /** Dossiers to which the clock has something to do by now, longest waiting first. */
  waitingForClock(now: Date, limit: number): Promise<Kept[]>
  isParty(dossierId: string, person: string): Promise<boolean>
  /** Writes a new dossier: code, events, sealed parts, outbox and whatever comes along, all or none. */
  file(filing: Filing): Promise<Result<Kept, 'key-in-use' | 'file-taken'>>
  /** Appends events to a dossier, all or none; refuses if someone else moved first. */
  append(before: Kept, append: Append): Promise<Result<Kept, 'changed-meanwhile' | 'key-in-use' | 'file-taken'>>
  events(id: string, after: number, limit: number): Promise<JournalRow<DossierEvent>[]>
  /** The dossier as it was right after event `version`. */
  asOf(id: string, version: number): Promise<Kept | undefined>
}

export function dossierStore(db: Database, vault: Vault): DossierStore {
  const select = () =>
    db
      .select({ code: dossier.code, state: dossier.state, at: journal.at, head: journal.hash })
      .from(dossier)
      .innerJoin(journal, and(eq(journal.subject, dossier.id), eq(journal.version, dossier.version)))
  const kept = ({ state, ...rest }: { code: string; at: string; head: string; state: Dossier }): Kept => ({
    ...rest,
    dossier: state,
  })
  const one = async (where: SQL) => (await select().where(where)).map(kept)[0]

  /** The statements of a run of events, and where state and chain stand after it. */
  async function written(before: Kept | undefined, append: Append, key: Uint8Array<ArrayBuffer> | null) {
    const statements: Statement[] = []
    let [state, head] = [before?.dossier, before?.head ?? genesis]
    const at = localTime(append.at)
    for (const { event, sealed } of append.writes) {
      state = evolve(state, event, at)
      const part = sealed && key ? await vault.sealPart(state.id, state.version, sealed, key) : undefined
      if (part) statements.push(part.statement)
      const entry = {
        at,
        actor: append.actor,
        event,
        ...(part && { sealed: part.digest }),
        ...(append.command && { command: append.command }),
      }
      const next = await entryStatements(db, state.id, state.version, head, entry)
      statements.push(...next.statements)
      head = next.hash
    }
    if (!state) throw new Error('nothing to write')
    return { state, head, statements }
  }

  return {
    find: (code) => one(eq(dossier.code, code)),
    byId: (id) => one(eq(dossier.id, id)),
    async waitingForClock(now, limit) {
      const rows = await select()
        .where(lte(dossier.attentionAt, localTime(now)))
        .orderBy(asc(dossier.attentionAt))
        .limit(limit)
      return rows.map(kept)
    },
    async isParty(dossierId, person) {
      const [row] = await db
        .select({ found: sql`1` })
        .from(dossierParty)
        .where(and(eq(dossierParty.person, person), eq(dossierParty.dossierId, dossierId)))
      return row !== undefined
    },
    async list(eyes, filters, before, limit) {
      const where = [
        before && lt(dossier.id, before),
        filters.status && eq(dossier.status, filters.status),
        filters.procedure && eq(dossier.procedureCode, filters.procedure),
        filters.unit && eq(dossier.competentUnit, filters.unit),
        filters.dueBefore && lt(dossier.dueAt, filters.dueBefore),
        filters.updatedAfter && gt(dossier.updatedAt, filters.updatedAfter),
      ].filter((part) => typeof part === 'object')
      const page = (whose: SQL) =>
        select()
          .where(and(whose, ...where))
          .orderBy(desc(dossier.id))
          .limit(limit + 1)
      if ('submitter' in eyes) return (await page(eq(dossier.submitter, eyes.submitter))).map(kept)
      if ('person' in eyes) {
        const mine = sql`${dossier.id} IN (SELECT dossier_id FROM dossier_party WHERE person = ${eyes.person})`
        return (await page(mine)).map(kept)
      }
      // Two walks along two indices, merged: an OR would make SQLite sort every row of the unit.
      const both = await Promise.all([
        page(eq(dossier.competentUnit, eyes.unit)),
        page(eq(dossier.receivingPoint, eyes.unit)),
      ])
      const unique = new Map(both.flat().map((row) => [row.state.id, row]))
      return [...unique.values()]
        .toSorted((a, b) => (a.state.id < b.state.id ? 1 : -1))
        .slice(0, limit + 1)
        .map(kept)
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
          version: state.version,
          status: state.status,
          procedureCode: state.procedure.code,
          competentUnit: state.competentUnit,
          receivingPoint: state.receivingPoint,
          submitter,
          dueAt: state.clock.dueAt,
          attentionAt: nextAttention(state)?.at ?? null,
          updatedAt: localTime(filing.at),
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
          db.select({ code: dossier.code }).from(dossier).where(eq(dossier.id, id)),
        ])
        const [{ code }] = results.at(-1) as [{ code: string }]
        return ok({ code, at: localTime(filing.at), head, dossier: state })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'dossier_file')) return refuse('file-taken')
        throw error
      }
    },
    async append(before, append) {
      const needsKey = append.writes.some(({ sealed }) => sealed)
      const key = needsKey ? await vault.keyOf(before.dossier.id) : null
      if (needsKey && !key)
        throw new Error(`the key of dossier ${before.dossier.id} was destroyed; nothing can be added to it`)
      const { state, head, statements } = await written(before, append, key)
      const snapshot = {
        version: state.version,
        status: state.status,
        competentUnit: state.competentUnit,
        dueAt: state.clock.dueAt,
        attentionAt: nextAttention(state)?.at ?? null,
        updatedAt: localTime(append.at),
        state,
      }
      try {
        // The journal's primary key is the lock: a second writer fails there and the whole batch rolls back.
        await commit(db, [
          ...statements,
          db.update(dossier).set(snapshot).where(eq(dossier.id, state.id)),
          ...(append.along ?? []),
        ])
        return ok({ code: before.code, at: localTime(append.at), head, dossier: state })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'dossier_file')) return refuse('file-taken')
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },
    events: (id, after, limit) => entriesOf<DossierEvent>(db, id, after, limit),
    async asOf(id, version) {
      const now = await one(eq(dossier.id, id))
      if (!now || now.dossier.version === version) return now
      const rows = await entriesOf<DossierEvent>(db, id, 0, version)
      const state = rows.reduce<Dossier | undefined>((before, row) => evolve(before, row.event, row.at), undefined)
      const last = rows.at(-1)
      return state && last && { code: now.code, at: last.at, head: last.hash, dossier: state }
    },
  }
}

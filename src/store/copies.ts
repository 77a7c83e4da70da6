import { and, asc, desc, eq, inArray, lt, sql, type SQL } from 'drizzle-orm'
import { type Copy, archiveAfter, type CopyEvent, evolveCopy, registerOf } from '../domain/copy.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isBookClosed, isDuplicate, isFileTaken, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { copy, copyFormerFile, dossierCopy, registerClosing, registerSerial } from './tables/copies.ts'
import { journal } from './tables/dossiers.ts'

/** A copy with its number in the register, its owner (keyed hash) and the head of its journal's chain. */
export type KeptCopy = { number: string; owner: string; head: string; copy: Copy }

/** Instants are RFC 3339 with any offset. */
export type CopyFilters = {
  status?: string | undefined
  procedure?: string | undefined
  number?: string | undefined
  issuedAfter?: string | undefined
  issuedBefore?: string | undefined
  /** Only those with these ids. */
  only?: readonly string[] | undefined
}

export type CopyRequest = {
  /** One for each copy of the same original, made at the same time. */
  ids: string[]
  about: Omit<CopyEvent & { type: 'copy.requested' }, 'type' | 'id'>
  owner: string
  /** Digest of what is sealed under the first id: for whom it is, where no dossier says it. */
  sealed?: string
  at: Date
  actor: JournalActor
}

export interface CopyStore {
  find(id: string): Promise<KeptCopy | undefined>
  byNumber(number: string): Promise<KeptCopy | undefined>
  /** By the digest of its file, or of one that an archive revision took the place of. */
  bySha256(sha256: string): Promise<KeptCopy | undefined>
  /** Newest first, one more than `limit` when there is a next page. */
  list(owners: string[], filters: CopyFilters, before: string | undefined, limit: number): Promise<KeptCopy[]>
  /** All copies that share the number of this one, in their order. */
  together(id: string): Promise<KeptCopy[]>
  /**
   * The rows of new copies of one original, to be committed with what led to them: the next number of the unit's register,
   * which they share (Circular 01/2020/TT-BTP art. 4), and state, event and outbox of each.
   */
  requestStatements(request: CopyRequest): Promise<Statement[]>
  /** Appends an event with the rows of the same effect; refuses when somebody else, or another delivery of the same message, was first. */
  write(statements: Statement[]): Promise<Result<void, 'key-in-use' | 'file-taken' | 'changed-meanwhile'>>
  /** The rows that let a dossier's units see the copies that prove something in it. */
  useStatements(ids: readonly string[], dossierId: string): Statement[]
  /** The dossiers in which a copy proves something, newest first, at most 100. */
  usedIn(id: string): Promise<string[]>
  /** Closes the books of all years before this one that are open still; answers those that it closed. */
  closeBefore(year: string, at: Date): Promise<{ register: string; year: string; last: number }[]>
  /** How far a unit's register has come in a year, and which of its copies have lost their value; undefined without a register. */
  withoutValue(
    unit: string,
    year: string,
  ): Promise<{ last: number; copies: { number: string; status: 'revoked' | 'superseded' }[] } | undefined>
  /** The rows of an event, to be committed with others, and the copy as it is then. */
  eventStatements(
    before: KeptCopy,
    event: CopyEvent,
    at: Date,
    actor: JournalActor,
  ): Promise<{ statements: Statement[]; after: KeptCopy }>
  append(
    before: KeptCopy,
    event: CopyEvent,
    at: Date,
    actor: JournalActor,
    along?: Statement[],
  ): Promise<Result<KeptCopy, 'changed-meanwhile' | 'key-in-use'>>
}

/** `archiveBeforeDays`: how long before its time-stamps end a copy gets the next one. */
export function copyStore(db: Database, { archiveBeforeDays }: { archiveBeforeDays: number }): CopyStore {
  const one = async (where: SQL) => (await select().where(where)).map(kept)[0]
  const select = () =>
    db
      .select({ number: copy.number, owner: copy.owner, state: copy.state, head: journal.hash })
      .from(copy)
      .innerJoin(journal, and(eq(journal.subject, copy.id), eq(journal.version, copy.version)))
  const kept = ({ state, ...rest }: { number: string; owner: string; head: string; state: Copy }): KeptCopy => ({
    ...rest,
    copy: state,
  })

  return {
    find: (id) => one(eq(copy.id, id)),
    byNumber: (number) => one(eq(copy.number, number)),
    async bySha256(sha256) {
      const found = await one(eq(copy.sha256, sha256))
      if (found) return found
      const former = db
        .select({ id: copyFormerFile.copyId })
        .from(copyFormerFile)
        .where(eq(copyFormerFile.sha256, sha256))
      return one(inArray(copy.id, former))
    },
    async list(owners, filters, before, limit) {
      const rows = await select()
        .where(and(inArray(copy.owner, owners), before ? lt(copy.id, before) : undefined, ...narrowed(filters)))
        .orderBy(desc(copy.id))
        .limit(limit + 1)
      return rows.map(kept)
    },
    async together(id) {
      const first = await one(eq(copy.id, id))
      if (!first) return []
      const base = first.number.split('.').slice(0, 3).join('.')
      const same = sql`(${copy.number} = ${base} OR (${copy.number} > ${`${base}.`} AND ${copy.number} < ${`${base}/`}))`
      return (await select().where(same).orderBy(asc(copy.id))).map(kept)
    },
    async requestStatements({ ids, about, owner, sealed, at, actor }) {
      const time = localTime(at)
      const [register, year] = [registerOf(about.unit), time.slice(0, 4)]
      const rows = ids.map(async (id, index) => {
        const event = { type: 'copy.requested', id, ...about } as const
        const state = evolveCopy(undefined, event, time)
        const said = sealed !== undefined && index === 0 ? { sealed } : {}
        const entry = await entryStatements(db, id, 1, genesis, { at: time, actor, event, ...said })
        const also = index === 0 ? '' : `.${index + 1}`
        const row = {
          id,
          number: sql`(SELECT ${about.unit} || '.' || year || '.' || printf('%02d', last) || ${also} FROM register_serial WHERE register = ${register} AND year = ${year})`,
          version: state.version,
          status: state.status,
          unit: about.unit,
          owner,
          dossierId: about.dossier,
          createdAt: time,
          state,
        }
        return [db.insert(copy).values(row), ...entry.statements]
      })
      const next = db
        .insert(registerSerial)
        .values({ register, year, last: 1 })
        .onConflictDoUpdate({ target: [registerSerial.register, registerSerial.year], set: { last: sql`last + 1` } })
      return [next, ...(await Promise.all(rows)).flat()]
    },
    async write(statements) {
      try {
        await commit(db, statements)
        return ok(undefined)
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isFileTaken(error)) return refuse('file-taken')
        if (isBookClosed(error)) return refuse('changed-meanwhile')
        throw error
      }
    },
    useStatements: (ids, dossierId) =>
      ids.map((copyId) => db.insert(dossierCopy).values({ copyId, dossierId }).onConflictDoNothing()),
    async usedIn(id) {
      const rows = await db
        .select({ dossierId: dossierCopy.dossierId })
        .from(dossierCopy)
        .where(eq(dossierCopy.copyId, id))
        .orderBy(desc(dossierCopy.dossierId))
        .limit(100)
      return rows.map(({ dossierId }) => dossierId)
    },
    closeBefore: (year, at) =>
      db
        .insert(registerClosing)
        .select(
          db
            .select({
              register: registerSerial.register,
              year: registerSerial.year,
              last: registerSerial.last,
              closedAt: sql<string>`${localTime(at)}`.as('closed_at'),
            })
            .from(registerSerial)
            .where(lt(registerSerial.year, year)),
        )
        .onConflictDoNothing()
        .returning({ register: registerClosing.register, year: registerClosing.year, last: registerClosing.last }),
    async withoutValue(unit, year) {
      const [book] = await db
        .select({ last: registerSerial.last })
        .from(registerSerial)
        .where(and(eq(registerSerial.register, registerOf(unit)), eq(registerSerial.year, year)))
      if (!book) return undefined
      const ofBook = sql`${copy.number} > ${`${unit}.${year}.`} AND ${copy.number} < ${`${unit}.${year}/`}`
      // Written as the index has it: SQLite takes a partial index for no other words.
      const lost = sql`${copy.status} IN ('revoked', 'superseded')`
      const status = sql<'revoked' | 'superseded'>`${copy.status}`
      return { ...book, copies: await db.select({ number: copy.number, status }).from(copy).where(and(ofBook, lost)) }
    },
    async append(before, event, at, actor, along = []) {
      const { statements, after } = await this.eventStatements(before, event, at, actor)
      try {
        await commit(db, [...statements, ...along])
        return ok(after)
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },
    async eventStatements(before, event, at, actor) {
      const time = localTime(at)
      const state = evolveCopy(before.copy, event, time)
      const { statements, hash } = await entryStatements(db, state.id, state.version, before.head, {
        at: time,
        actor,
        event,
      })
      const sha256 = 'file' in state ? state.file.sha256 : null
      const update = db
        .update(copy)
        .set({
          version: state.version,
          status: state.status,
          sha256,
          archiveAt: archiveTime(state, at, archiveBeforeDays),
          state,
        })
        .where(eq(copy.id, state.id))
      const rows = [...statements, ...formerFile(db, before.copy, event), update]
      return { statements: rows, after: { ...before, head: hash, copy: state } }
    },
  }
}

/** Only what is valid is kept provable. */
const archiveTime = (state: Copy, now: Date, daysBefore: number): string | null =>
  state.status === 'valid' && state.file.provableUntil
    ? localTime(archiveAfter(now, new Date(state.file.provableUntil), daysBefore))
    : null

const formerFile = (db: Database, before: Copy, { type }: CopyEvent): Statement[] =>
  type === 'copy.archived' && 'file' in before
    ? [db.insert(copyFormerFile).values({ sha256: before.file.sha256, copyId: before.id })]
    : []

/** An account holds few copies: these are looked through along the owner's index. */
const narrowed = ({ status, procedure, number, issuedAfter, issuedBefore, only }: CopyFilters): SQL[] => [
  ...(status === undefined ? [] : [eq(copy.status, status)]),
  ...(procedure === undefined ? [] : [sql`${copy.state} ->> 'procedure' = ${procedure}`]),
  ...(number === undefined ? [] : [eq(copy.number, number)]),
  ...(issuedAfter === undefined ? [] : [sql`${copy.state} ->> 'issuedAt' > ${localTime(new Date(issuedAfter))}`]),
  ...(issuedBefore === undefined ? [] : [sql`${copy.state} ->> 'issuedAt' < ${localTime(new Date(issuedBefore))}`]),
  ...(only === undefined ? [] : [sql`${copy.id} IN (SELECT value FROM json_each(${JSON.stringify(only)}))`]),
]

import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import { type Copy, type CopyEvent, evolveCopy } from '../domain/copy.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { copy, registerSerial } from './tables/copies.ts'
import { journal } from './tables/dossiers.ts'

/** A copy with its number in the register, its owner (keyed hash) and the head of its journal's chain. */
export type KeptCopy = { number: string; owner: string; head: string; copy: Copy }

export type CopyRequest = {
  event: CopyEvent & { type: 'copy.requested' }
  owner: string
  at: Date
  actor: JournalActor
}

export interface CopyStore {
  find(id: string): Promise<KeptCopy | undefined>
  byNumber(number: string): Promise<KeptCopy | undefined>
  bySha256(sha256: string): Promise<KeptCopy | undefined>
  /** Newest first, one more than `limit` when there is a next page. */
  list(owner: string, before: string | undefined, limit: number): Promise<KeptCopy[]>
  /** The rows of a new copy, to be committed with what led to it: the next number of the unit's register, state, event, outbox. */
  requestStatements(request: CopyRequest): Promise<Statement[]>
  /** Appends an event with the rows of the same effect; refuses when somebody else, or another delivery of the same message, was first. */
  append(
    before: KeptCopy,
    event: CopyEvent,
    at: Date,
    actor: JournalActor,
    along?: Statement[],
  ): Promise<Result<KeptCopy, 'changed-meanwhile' | 'key-in-use'>>
}

/** Electronic register of certified copies (facts of practice: SCTĐT/BS), one for each unit. */
const registerOf = (unit: string) => `${unit}/SCTDT-BS`

export function copyStore(db: Database): CopyStore {
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
    bySha256: (sha256) => one(eq(copy.sha256, sha256)),
    async list(owner, before, limit) {
      const rows = await select()
        .where(and(eq(copy.owner, owner), before ? lt(copy.id, before) : undefined))
        .orderBy(desc(copy.id))
        .limit(limit + 1)
      return rows.map(kept)
    },
    async requestStatements({ event, owner, at, actor }) {
      const time = localTime(at)
      const state = evolveCopy(undefined, event, time)
      const [register, year] = [registerOf(state.unit), time.slice(0, 4)]
      const entry = await entryStatements(db, state.id, 1, genesis, { at: time, actor, event })
      return [
        db
          .insert(registerSerial)
          .values({ register, year, last: 1 })
          .onConflictDoUpdate({ target: [registerSerial.register, registerSerial.year], set: { last: sql`last + 1` } }),
        db.insert(copy).values({
          id: state.id,
          number: sql`(SELECT ${state.unit} || '.' || year || '.' || printf('%02d', last) FROM register_serial WHERE register = ${register} AND year = ${year})`,
          version: state.version,
          status: state.status,
          unit: state.unit,
          owner,
          dossierId: state.dossier,
          createdAt: time,
          state,
        }),
        ...entry.statements,
      ]
    },
    async append(before, event, at, actor, along = []) {
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
        .set({ version: state.version, status: state.status, sha256, state })
        .where(eq(copy.id, state.id))
      try {
        await commit(db, [...statements, update, ...along])
        return ok({ ...before, head: hash, copy: state })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },
  }
}

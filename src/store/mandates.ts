import { and, desc, eq, inArray, lt, or, sql, type SQL } from 'drizzle-orm'
import { evolveMandate, type Mandate, type MandateEvent } from '../domain/mandate.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor, type JournalRow } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { mandate } from './tables/mandates.ts'
import type { SealedPart, Vault } from './vault.ts'

/** Who the two sides are; null once it was erased. */
export type MandateWords = { taxCode: string; personalId: string; fullName: string } | null

type Row = { mandate: Mandate; organisation: string; person: string; head: string }

/** A mandate, the keyed hashes of its two sides and who they are, and the head of its journal's chain. */
export type KeptMandate = Row & { words: MandateWords }

/** A journal's entry under a mandate; `cursor` says where it stands among them. */
export type MandateUse = Pick<JournalRow<{ type: string; copy?: string }>, 'subject' | 'at' | 'event'> & {
  cursor: string
}

type Written = { at: Date; actor: JournalActor; along?: Statement[] }

export interface MandateStore {
  find(id: string): Promise<KeptMandate | undefined>
  /** Those that these persons and organisations gave or got, newest first, one more than `limit` when there is a next page. */
  list(persons: string[], before: string | undefined, limit: number): Promise<KeptMandate[]>
  /** Gives a mandate; `words` are sealed under a key of its own. */
  give(
    event: MandateEvent & { type: 'mandate.given' },
    sides: { organisation: string; person: string },
    words: NonNullable<MandateWords>,
    written: Written,
  ): Promise<Result<KeptMandate, 'key-in-use'>>
  end(before: KeptMandate, written: Written): Promise<Result<KeptMandate, 'changed-meanwhile'>>
  /** What was done under it, out of the journal, newest first. */
  uses(id: string, before: string | undefined, limit: number): Promise<MandateUse[]>
}

export function mandateStore(db: Database, vault: Vault): MandateStore {
  const { organisation, person } = mandate
  const select = () =>
    db
      .select({ mandate: mandate.state, organisation, person, head: journal.hash })
      .from(mandate)
      .innerJoin(journal, and(eq(journal.subject, mandate.id), eq(journal.version, mandate.version)))

  const withWords = async (rows: Row[]): Promise<KeptMandate[]> => {
    const parts = await vault.submissions(rows.map((row) => row.mandate.id))
    return rows.map((row) => ({ ...row, words: wordsOf(parts.get(row.mandate.id)) }))
  }

  return {
    find: async (id) => (await withWords(await select().where(eq(mandate.id, id))))[0],
    async list(persons, before, limit) {
      const isTheirs = or(inArray(organisation, persons), inArray(person, persons))
      const rows = await select()
        .where(and(isTheirs, before ? lt(mandate.id, before) : undefined))
        .orderBy(desc(mandate.id))
        .limit(limit + 1)
      return withWords(rows)
    },
    async give(event, sides, words, { at, actor, along = [] }) {
      const time = localTime(at)
      const state = evolveMandate(undefined, event, time)
      const { id, version } = state
      const { key, statement: keepKey } = await vault.newKey(id)
      const part = await vault.sealPart(id, 1, words, key)
      const entry = await entryStatements(db, id, 1, genesis, { at: time, actor, event, sealed: part.digest })
      const row = db.insert(mandate).values({ id, ...sides, version, state })
      try {
        await commit(db, [...entry.statements, keepKey, part.statement, row, ...along])
        return ok({ mandate: state, ...sides, words, head: entry.hash })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    async end(before, { at, actor }) {
      const time = localTime(at)
      const event = { type: 'mandate.ended' } as const
      const state = evolveMandate(before.mandate, event, time)
      const entry = await entryStatements(db, state.id, state.version, before.head, { at: time, actor, event })
      const row = db.update(mandate).set({ version: state.version, state }).where(eq(mandate.id, state.id))
      try {
        await commit(db, [...entry.statements, row])
        return ok({ ...before, mandate: state, head: entry.hash })
      } catch (error) {
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },
    async uses(id, before, limit) {
      const rows = await db
        .select({ subject: journal.subject, version: journal.version, at: journal.at, record: journal.record })
        .from(journal)
        .where(and(eq(journal.mandate, id), before === undefined ? undefined : isBefore(before)))
        .orderBy(desc(journal.at), desc(journal.subject), desc(journal.version))
        .limit(limit + 1)
      return rows.map(({ subject, version, at, record }) => {
        const { event } = JSON.parse(record) as Pick<MandateUse, 'event'>
        return { subject, at, event, cursor: `${at} ${subject} ${version}` }
      })
    },
  }
}

function isBefore(cursor: string): SQL {
  const [at = '', subject = '', version = '0'] = cursor.split(' ')
  return sql`(${journal.at}, ${journal.subject}, ${journal.version}) < (${at}, ${subject}, CAST(${version} AS INTEGER))`
}

function wordsOf(part: SealedPart | undefined): MandateWords {
  const { taxCode, personalId, fullName } = part ?? {}
  const isWhole = typeof taxCode === 'string' && typeof personalId === 'string' && typeof fullName === 'string'
  return isWhole ? { taxCode, personalId, fullName } : null
}

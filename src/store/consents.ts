import { and, desc, eq, inArray, lt, sql, type SQL } from 'drizzle-orm'
import { type Consent, type ConsentEvent, evolveConsent, type Reading, type Terms } from '../domain/consent.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { appTerms, consent, consentUse } from './tables/consents.ts'
import { app } from './tables/identity.ts'
import { journal } from './tables/dossiers.ts'

/** `person` is the keyed hash of whose things are read; `generation` counts its refresh tokens, the last of which counts. */
export type KeptConsent = {
  consent: Consent
  person: string
  generation: number
  appName: string
  lastUsedAt: string | null
  head: string
}

/** A thing that was read on a day; `cursor` says where it stands among them. */
export type ConsentUse = Reading & { firstAt: string; lastAt: string; times: number; cursor: string }

type Written = { at: Date; actor: JournalActor }

export interface ConsentStore {
  find(id: string): Promise<KeptConsent | undefined>
  /** Those that these persons and organisations gave, newest first, one more than `limit` when there is a next page. */
  list(persons: string[], before: string | undefined, limit: number): Promise<KeptConsent[]>
  /** Gives a consent with the rows `along`, all or none; refuses when the question was answered before. */
  give(
    event: ConsentEvent & { type: 'consent.given' },
    person: string,
    written: Written & { along: Statement[] },
  ): Promise<Result<void, 'answered-before'>>
  /** Ends it; somebody who was faster ended it, too. */
  end(before: KeptConsent, because: (Consent & { status: 'ended' })['because'], written: Written): Promise<void>
  /** Counts one refresh token on; false when that generation was not the last one, or the consent has ended. */
  rotate(id: string, generation: number): Promise<boolean>
  /** What an app may ask for today; undefined where it never could. */
  terms(appId: string): Promise<Terms | undefined>
  setTerms(appId: string, terms: Terms, act: { by: string; at: Date }): Promise<void>
  /** Records what is about to be shown. */
  record(id: string, reading: Reading, at: Date): Promise<void>
  /** What was read under it, the latest day first, one more than `limit` when there is a next page. */
  uses(id: string, before: string | undefined, limit: number): Promise<ConsentUse[]>
}

export function consentStore(db: Database): ConsentStore {
  const ofIt = sql`FROM consent_use WHERE consent_id = ${consent.id}`
  const lastUsedAt = sql<string | null>`(SELECT max(last_at) ${ofIt} AND day = (SELECT max(day) ${ofIt}))`
  const select = () =>
    db
      .select({
        consent: consent.state,
        person: consent.person,
        generation: consent.generation,
        appName: app.name,
        lastUsedAt,
        head: journal.hash,
      })
      .from(consent)
      .innerJoin(app, eq(app.id, consent.appId))
      .innerJoin(journal, and(eq(journal.subject, consent.id), eq(journal.version, consent.version)))

  return {
    find: async (id) => (await select().where(eq(consent.id, id)))[0],
    list: (persons, before, limit) =>
      select()
        .where(and(inArray(consent.person, persons), before ? lt(consent.id, before) : undefined))
        .orderBy(desc(consent.id))
        .limit(limit + 1),
    async give(event, person, { at, actor, along }) {
      const time = localTime(at)
      const state = evolveConsent(undefined, event, time)
      const { id, version, app: appId } = state
      const entry = await entryStatements(db, id, version, genesis, { at: time, actor, event })
      const row = db.insert(consent).values({ id, appId, person, version, state })
      try {
        await commit(db, [...entry.statements, row, ...along])
        return ok(undefined)
      } catch (error) {
        if (isDuplicate(error, 'authorization_code')) return refuse('answered-before')
        throw error
      }
    },
    async end(before, because, { at, actor }) {
      const time = localTime(at)
      const event = { type: 'consent.ended', because } as const
      const state = evolveConsent(before.consent, event, time)
      const { id, version } = state
      const entry = await entryStatements(db, id, version, before.head, { at: time, actor, event })
      try {
        await commit(db, [...entry.statements, db.update(consent).set({ version, state }).where(eq(consent.id, id))])
      } catch (error) {
        if (!isDuplicate(error, 'journal')) throw error
      }
    },
    async rotate(id, generation) {
      const isGiven = sql`${consent.state} ->> 'status' = 'given'`
      const rows = await db
        .update(consent)
        .set({ generation: generation + 1 })
        .where(and(eq(consent.id, id), eq(consent.generation, generation), isGiven))
        .returning({ id: consent.id })
      return rows.length === 1
    },
    async terms(appId) {
      const [row] = await db
        .select({ terms: appTerms.terms })
        .from(appTerms)
        .where(eq(appTerms.appId, appId))
        .orderBy(desc(appTerms.version))
        .limit(1)
      return row?.terms
    },
    async setTerms(appId, terms, { by, at }) {
      const version = sql`(SELECT coalesce(max(version), 0) + 1 FROM app_terms WHERE app_id = ${appId})`
      await db.insert(appTerms).values({ appId, version, at: localTime(at), by, terms })
    },
    async record(consentId, { what, thing }, at) {
      const time = localTime(at)
      await db
        .insert(consentUse)
        .values({ consentId, day: time.slice(0, 10), what, thing, firstAt: time, lastAt: time, times: 1 })
        .onConflictDoUpdate({
          target: [consentUse.consentId, consentUse.day, consentUse.what, consentUse.thing],
          set: { lastAt: time, times: sql`${consentUse.times} + 1` },
        })
    },
    async uses(id, before, limit) {
      const { day, what, thing, firstAt, lastAt, times } = consentUse
      const rows = await db
        .select({ day, what, thing, firstAt, lastAt, times })
        .from(consentUse)
        .where(and(eq(consentUse.consentId, id), before === undefined ? undefined : isBefore(before)))
        .orderBy(desc(day), desc(what), desc(thing))
        .limit(limit + 1)
      return rows.map((row) => ({ ...row, cursor: `${row.day} ${row.what} ${row.thing}` }))
    },
  }
}

function isBefore(cursor: string): SQL {
  const [day = '', what = '', thing = ''] = cursor.split(' ')
  return sql`(${consentUse.day}, ${consentUse.what}, ${consentUse.thing}) < (${day}, ${what}, ${thing})`
}

import { and, eq } from 'drizzle-orm'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { type Database, isDuplicate, type Statement } from './database.ts'
import { idempotency } from './tables/dossiers.ts'

/** A command with its key: who sent it, and a keyed hash for each of its values. */
export type Command = { actor: string; key: string; leaves: Record<string, string> }

/** What an earlier command with the same key led to. */
export type Answered = { leaves: Record<string, string>; subject: string; version: number }

export interface IdempotencyStore {
  find(command: Command): Promise<Answered | undefined>
  /** Remembers a command that changed nothing but this: it was answered with what was there already. */
  keep(command: Command, subject: string, version: number, at: Date): Promise<Result<true, 'key-in-use'>>
  /** Remembers the command with its effect, in the batch of the effect; a second one with the same key breaks the batch. */
  remember(command: Command, subject: string, version: number, at: Date): Statement
}

export function idempotencyStore(db: Database): IdempotencyStore {
  const remember = ({ actor, key, leaves }: Command, subject: string, version: number, at: Date) =>
    db.insert(idempotency).values({ actor, key, leaves, subject, version, createdAt: localTime(at) })
  return {
    async find({ actor, key }) {
      const [row] = await db
        .select()
        .from(idempotency)
        .where(and(eq(idempotency.actor, actor), eq(idempotency.key, key)))
      return row
    },
    async keep(command, subject, version, at) {
      try {
        await remember(command, subject, version, at)
        return ok(true)
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    remember,
  }
}

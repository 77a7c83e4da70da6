import { keepDeadLetters } from '../consumers/dead-letter.ts'
import { handle } from '../consumers/handle.ts'
import type { Context } from '../context.ts'

/** As wrangler.toml has them for the live queue. */
const batchSize = 10
const mostTries = 9

type Row = { id: number; body: string; attempts: number; due: number }

/** The queue of a sandbox, in its own database: the same consumers, tries and dead letters, by the sandbox's time. */
export function sandboxQueue(sql: SqlStorage, now: () => Date) {
  const put = (body: unknown, due: number) =>
    sql.exec('INSERT INTO sandbox_message (body, attempts, due) VALUES (?, 0, ?)', JSON.stringify(body), due)
  const later = ({ id }: Row, seconds: number) =>
    sql.exec(
      'UPDATE sandbox_message SET attempts = attempts + 1, due = ? WHERE id = ?',
      now().getTime() + seconds * 1000,
      id,
    )
  const done = ({ id }: Row) => sql.exec('DELETE FROM sandbox_message WHERE id = ?', id)

  const batchOf = (rows: Row[]) => {
    const left = new Map(rows.map((row) => [row, done as (row: Row) => unknown]))
    const messages = rows.map((row) => ({
      id: String(row.id),
      body: JSON.parse(row.body) as unknown,
      attempts: row.attempts + 1,
      ack: () => undefined,
      retry: ({ delaySeconds = 0 }: QueueRetryOptions = {}) => void left.set(row, () => later(row, delaySeconds)),
    }))
    const settle = () => left.forEach((end, row) => end(row))
    return { batch: { messages }, settle }
  }

  return {
    sendBatch: async (messages: { body: unknown }[]) => messages.forEach(({ body }) => put(body, now().getTime())),
    /** When the first message is due, in milliseconds; undefined when none is left. */
    next: (): number | undefined =>
      sql.exec<{ due: number | null }>('SELECT min(due) AS due FROM sandbox_message').one().due ?? undefined,
    /** Handles one batch of what is due; false when nothing is. */
    async handleDue(context: Context): Promise<boolean> {
      const rows = sql
        .exec<Row>('SELECT * FROM sandbox_message WHERE due <= ? ORDER BY due, id LIMIT ?', now().getTime(), batchSize)
        .toArray()
      const [dead, live] = [rows.filter(isDead), rows.filter((row) => !isDead(row))].map(batchOf)
      if (live && live.batch.messages.length > 0) await handle(live.batch, context)
      if (dead && dead.batch.messages.length > 0) await keepDeadLetters(dead.batch, context)
      live?.settle()
      dead?.settle()
      return rows.length > 0
    },
  }
}

const isDead = ({ attempts }: Row) => attempts >= mostTries

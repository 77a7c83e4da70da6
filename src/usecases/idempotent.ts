import type { Context } from '../context.ts'
import { differences } from '../platform/leaves.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import type { Command } from '../store/idempotency.ts'

export type Replayable<T> = { value: T; replayed: boolean }

/**
 * Runs a command once per key. A key seen before answers with what it led to then (`again`), or is refused with every pointer
 * at which the two bodies differ. Two of the same at once: the second is refused by what the first changed (the key's row, the
 * version, a file that is taken now), so after any refusal the key is looked up again.
 */
export async function onceForKey<T, R extends string>(
  context: Context,
  command: Command | undefined,
  again: (subject: string, version: number) => Promise<Result<T, R>>,
  run: () => Promise<Result<T, R | 'key-in-use'>>,
): Promise<Result<Replayable<T>, R | 'idempotency-key-reused'>> {
  const before = await answered(context, command, again)
  if (before) return before
  const result = await run()
  if (result.ok) return ok({ value: result.value, replayed: false })
  const meanwhile = await answered(context, command, again)
  if (meanwhile) return meanwhile
  if (result.refusal === 'key-in-use') throw new Error('the key is in use, but nobody used it')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a comparison does not narrow a type parameter
  return result as Result<never, R>
}

async function answered<T, R extends string>(
  context: Context,
  command: Command | undefined,
  again: (subject: string, version: number) => Promise<Result<T, R>>,
): Promise<Result<Replayable<T>, R | 'idempotency-key-reused'> | undefined> {
  const earlier = command && (await context.idempotency.find(command))
  if (!earlier) return undefined
  const pointers = differences(earlier.leaves, command.leaves)
  if (pointers.length > 0) return refuse('idempotency-key-reused', { errors: pointers.map(differs) })
  const result = await again(earlier.subject, earlier.version)
  return result.ok ? ok({ value: result.value, replayed: true }) : result
}

const differs = (pointer: string) => ({
  pointer,
  code: 'differs',
  detail: { vi: 'Khác với lần gửi đầu.', en: 'Differs from the first request with this key.' },
})

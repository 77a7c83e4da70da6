import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { AcceptedReform } from '../../store/reforms.ts'
import { allowed } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

type Refusal = 'token-needed' | 'not-allowed'

/** Every reform that was accepted, newest first. */
export async function listReforms(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<AcceptedReform>, Refusal>> {
  const may = allowed(context, 'readReforms')
  return may.ok ? ok(pageOf(await context.reforms.list(before, limit), limit, ({ id }) => id)) : may
}

export async function readReform(
  context: Context,
  id: string,
): Promise<Result<AcceptedReform, Refusal | 'no-such-reform'>> {
  const may = allowed(context, 'readReforms')
  if (!may.ok) return may
  const found = await context.reforms.find(id)
  return found ? ok(found) : refuse('no-such-reform')
}

/** Open dossiers that wait for assignment and that the supervisor's unit may be given, or has to assign; newest first. */
export async function listReassignments(
  context: Context,
  after: string | undefined,
  limit: number,
): Promise<Result<Page<Kept>, Refusal>> {
  const may = allowed(context, 'listReassignments')
  if (!may.ok) return may
  if (context.actor.kind !== 'officer') return refuse('not-allowed')
  const { rows, next } = await context.dossiers.list({ candidate: context.actor.unit }, {}, after, limit)
  return ok({ items: rows, next })
}

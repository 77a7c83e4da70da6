import type { Context } from '../../context.ts'
import { covers } from '../../domain/consent.ts'
import { isOwed } from '../../domain/copy.ts'
import type { FeeLine } from '../../domain/fee.ts'
import { type Owed, owedFor, owedOf, type Payment } from '../../domain/payment.ts'
import type { Verb } from '../../domain/permission.ts'
import type { UnitId } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Kept } from '../../store/dossiers.ts'
import { allowed, personsOf, seen, unitsKept, visible } from '../access.ts'

/** What is paid for: a dossier, or the copies of an original that share a number; the first is the one that was named. */
export type Payable =
  | { dossier: Kept; copies?: never }
  | { copies: readonly [KeptCopy, ...KeptCopy[]]; dossier?: never }

/** What is asked for now. */
export type Demand = { amount: number; lines: readonly FeeLine[]; unit: UnitId }

/** What a payment is for. */
export async function payableOf(context: Context, { id, dossier, copy }: Payment): Promise<Payable> {
  const found = dossier === null ? undefined : await context.dossiers.byId(dossier)
  if (found) return { dossier: found }
  const [first, ...others] = copy === undefined ? [] : await context.copies.together(copy)
  if (!first) throw new Error(`what payment ${id} is for is gone`)
  return { copies: [first, ...others] }
}

export async function seesPayable(context: Context, { dossier, copies }: Payable): Promise<boolean> {
  if (dossier) return seen(context, dossier)
  const [{ owner, copy }] = copies
  const { actor } = context
  if (actor.kind === 'consented-app' && !covers(actor.extent, 'citizen:copies:read', copy.id)) return false
  if (actor.kind === 'officer') return (await unitsKept(context)).includes(copy.unit)
  return (await personsOf(context, actor)).includes(owner)
}

type MayNot = 'token-needed' | 'not-allowed'

/** The dossier, if this actor may see it and use the verb on it; for anybody else it does not exist. */
export async function dossierToPay(
  context: Context,
  verb: Verb,
  code: string,
): Promise<Result<Payable, MayNot | 'no-such-dossier'>> {
  const found = await visible(context, verb, code)
  return found.ok ? ok({ dossier: found.value }) : found
}

/** The copies under the number of this one, for their owner and the unit that certified them. */
export async function copiesToPay(
  context: Context,
  verb: Verb,
  id: string,
): Promise<Result<Payable, MayNot | 'no-such-copy'>> {
  const may = allowed(context, verb)
  if (!may.ok) return may
  const all = await context.copies.together(id)
  const named = all.find(({ copy }) => copy.id === id)
  if (!named) return refuse('no-such-copy')
  const payable: Payable = { copies: [named, ...all.filter((one) => one !== named)] }
  return (await seesPayable(context, payable)) ? ok(payable) : refuse('no-such-copy')
}

/** How things stand with it; undefined where nothing is to be paid. */
export function demandOn({ dossier: kept, copies }: Payable): Demand | undefined {
  if (kept) {
    const { dossier } = kept
    if (dossier.status !== 'awaiting-payment') return undefined
    const { amount, lines } = dossier.demand
    return { amount, lines, unit: dossier.competentUnit }
  }
  const [{ copy }] = copies
  const owing = copies.map((one) => one.copy).find(isOwed)
  const fee = owing?.shown?.fee
  if (!fee || fee.amount === null) return undefined
  return { amount: fee.amount, lines: fee.lines, unit: copy.unit }
}

export const owedOn = ({ dossier, copies }: Payable): Owed =>
  dossier ? owedOf(dossier.dossier) : owedFor(copies.map(({ copy }) => copy))

/** Under which of the two a payment is kept. */
export const subjectOf = ({ dossier, copies }: Payable): Pick<Payment, 'dossier' | 'copy'> & { key: string } => {
  if (dossier) return { dossier: dossier.dossier.id, key: dossier.dossier.id }
  const [{ copy }] = copies
  const key = copy.shown?.sealedUnder ?? copy.id
  return { dossier: null, copy: key, key }
}

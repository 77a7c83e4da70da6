import type { Context } from '../../context.ts'
import { type Fees, type FeeCase, type Quote, quote } from '../../domain/fee.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { readProcedure } from '../procedures/read.ts'

export type FeeQuestion = Omit<FeeCase, 'on'> & { code: string; on?: string | undefined }

export type FeeQuote = { procedure: ProcedureVersion; facts: FeeCase; quote: Quote }

/** What a procedure would cost on a day (today, if none is given), before anything is handed in. Public. */
export async function quoteFee(
  context: Context,
  { code, on = localDate(context.now()), ...rest }: FeeQuestion,
): Promise<Result<FeeQuote, 'no-such-procedure' | 'invalid-request'>> {
  const found = await readProcedure(context, code, on)
  if (!found.ok) return found
  const { procedure } = found.value
  const facts = { ...rest, on }
  const errors = unknownCircumstances(procedure.fees, facts.circumstances, '/query/circumstances')
  if (errors.length > 0) return refuse('invalid-request', { errors })
  return ok({ procedure, facts, quote: quote(procedure.fees, facts) })
}

/** A circumstance that the procedure does not know would silently change nothing: it is refused instead. */
export const unknownCircumstances = (fees: Fees, circumstances: readonly string[], pointer: string): InputError[] =>
  circumstances.flatMap((one) =>
    fees.circumstances.some(({ id }) => id === one)
      ? []
      : [
          {
            pointer,
            code: 'unknown-circumstance',
            detail: {
              vi: `Thủ tục không phân biệt "${one}" khi tính phí.`,
              en: `The fee of this procedure knows no circumstance "${one}".`,
            },
          },
        ],
  )

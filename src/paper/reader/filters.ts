import type { Budget } from './budget.ts'
import { inflate } from './inflate.ts'
import { unpredict } from './predictor.ts'
import { Name, NotPdf, type Value } from './values.ts'

/** What a stream holds behind its filters (ISO 32000-1, 7.4): none, or deflated with a predictor. @throws NotPdf */
export async function decoded(
  raw: Uint8Array,
  [filter = null, ...others]: readonly Value[],
  parameters: Value,
  budget: Budget,
): Promise<Uint8Array> {
  if (filter === null) return raw
  if (!(filter instanceof Name) || filter.value !== 'FlateDecode' || others.length > 0) throw new NotPdf('a filter')
  const inflated = await inflate(raw, budget.inflatable)
  budget.inflate(inflated.length)
  if (!(parameters instanceof Map)) return inflated
  const predictor = parameters.get('Predictor') ?? 1
  if (predictor === 1) return inflated
  const columns = parameters.get('Columns')
  if (typeof predictor !== 'number' || predictor < 10 || typeof columns !== 'number' || columns < 1) {
    throw new NotPdf('a predictor')
  }
  return unpredict(inflated, columns)
}

import type { Context } from '../../context.ts'
import { mostTogether, placeInList, statusValues } from '../../domain/attestation.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { packed, signStatusList } from '../../platform/status-list.ts'
import { statusListAddress } from './attest.ts'

/** How all copies of a unit's register of one year stand at this moment, as a signed list without any name or number. */
export async function readStatusList(context: Context, list: string): Promise<Result<string, 'no-such-status-list'>> {
  const [unit = '', year = ''] = list.split('.')
  const book = await context.copies.withoutValue(unit, year)
  if (!book) return refuse('no-such-status-list')
  const lost = book.copies.map(({ number, status }) => ({
    index: placeInList(number).index,
    value: statusValues[status],
  }))
  const { publicOrigin, tokenKeys } = context.config
  const uri = statusListAddress(publicOrigin, list)
  const bytes = await packed(book.last * mostTogether, lost)
  return ok(await signStatusList(tokenKeys, { uri, list: bytes, at: context.now() }))
}

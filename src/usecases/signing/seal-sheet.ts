import type { Context } from '../../context.ts'
import { printSlip, type Sheet, type SheetData, UnprintableText } from '../../paper/slip.ts'
import { Paused } from '../../platform/paused.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { revocationOf } from '../copies/issue.ts'
import { signerFor, timestampsOf } from './signers.ts'

/** A form and its data as a PDF/A-3b under the seal of its unit, as it is valid now, with a time-stamp where an authority is configured. */
export async function sealSheet(
  context: Context,
  unit: string,
  sheet: Sheet,
  data: SheetData,
): Promise<Result<Uint8Array, 'no-signing-certificate' | 'signing-not-possible' | 'not-printable'>> {
  const at = context.now()
  try {
    const found = await signerFor(context, `unit:${unit}`, at)
    if ('reason' in found) return refuse('no-signing-certificate')
    const seal = found.signer
    const timestamp = await timestampsOf(context)
    const revocation = await revocationOf(context, [seal])
    return ok(await printSlip(sheet, data, { seal, at, timestamp, revocation }))
  } catch (error) {
    if (error instanceof UnprintableText) return refuse('not-printable')
    if (error instanceof Paused) return refuse('signing-not-possible')
    throw error
  }
}

import type { Context } from '../../context.ts'
import { printSlip, type Sheet, type SheetData, UnprintableText } from '../../paper/slip.ts'
import { Paused } from '../../platform/paused.ts'
import { sandboxMark } from '../../platform/sandbox.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { revocationOf } from '../copies/issue.ts'
import { signerFor } from './signers.ts'
import { withTimestamps } from './time-stamps.ts'

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
    const marked = context.box ? { ...sheet, mark: sandboxMark } : sheet
    const sealed = await withTimestamps(context, async (timestamps) => {
      const revocation = await revocationOf(context, [seal], timestamps?.ocsps)
      return printSlip(marked, data, { seal, at, timestamp: timestamps?.stamp, revocation })
    })
    return ok(sealed)
  } catch (error) {
    if (error instanceof UnprintableText) return refuse('not-printable')
    if (error instanceof Paused) return refuse('signing-not-possible')
    throw error
  }
}

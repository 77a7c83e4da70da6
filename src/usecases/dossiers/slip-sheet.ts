import { type Slip, slipForms } from '../../domain/slip.ts'
import { authorityAbove, dateOfIssue, placeOf, unitName, type Units } from '../../domain/slip-phrases.ts'
import type { Sheet } from '../../paper/slip.ts'
import { apology, controlSlip, receipt, refusal, stopNotice, supplementRequest, type Words } from './slip-words.ts'

/** A slip as its form has it. `units` must hold every unit that it names, and the parent of its own. */
export function sheetOf(slip: Slip, units: Units): Sheet {
  const unit = units.get(slip.unit)
  const { title, parts, left = null, office, notes = [] } = wordsOf(slip, units)
  return {
    form: `Mẫu số ${slipForms[slip.form]}`,
    authority: unit ? authorityAbove(unit, units) : null,
    unit: unitName(slip.unit, units),
    number: `${slip.code}/${slip.sequence}`,
    placeAndDate: `${unit ? placeOf(unit, units) : '…'}, ${dateOfIssue(slip.issuedAt)}`,
    title,
    subtitle: `Mã hồ sơ: ${slip.code}`,
    link: { url: slip.progress, caption: `Tra cứu tiến độ: quét mã QR, hoặc mở ${slip.progress}` },
    parts,
    signatures: [left, { office, how: '(ký số của cơ quan)', name: slip.signer ?? '', sealed: true }],
    notes,
  }
}

function wordsOf(slip: Slip, units: Units): Words {
  switch (slip.form) {
    case 'receipt':
      return receipt(slip, units)
    case 'supplement-request':
      return supplementRequest(slip, units)
    case 'refusal':
      return refusal(slip, units)
    case 'apology':
      return apology(slip, units)
    case 'stop-notice':
      return stopNotice(slip, units)
    case 'control-slip':
      return controlSlip(slip, units)
  }
}

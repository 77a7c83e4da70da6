import { describe, expect, test } from 'vitest'
import { readAgencies } from '../../src/imports/agencies.ts'
import { readForms } from '../../src/imports/forms.ts'
import { readProcedures } from '../../src/imports/procedures.ts'
import type { Correction } from '../../src/imports/report.ts'
import { readUnits } from '../../src/imports/units.ts'
import { readFiles } from '../../src/local/catalogue.ts'

type Raw = Record<string, unknown> & { code: string }
type RawFile = { procedures: Raw[] }

const files = readFiles()
const shipped = files.procedures as RawFile // read as unknown JSON; the tests break it on purpose
const sources = {
  agencies: readAgencies(files.agencies).rows,
  forms: readForms(files.forms).rows,
  units: readUnits(files.units).rows.units,
}

/** Birth registration alone, after the change, read with these corrections. */
function read(change: (record: Raw) => void, corrections: Correction[]) {
  const file = structuredClone(shipped)
  file.procedures = file.procedures.filter((one) => one.code === '1.001193')
  file.procedures.forEach(change)
  return readProcedures(file, { ...sources, corrections })
}

const errorsWhen = (change: (record: Raw) => void, corrections: Correction[]) =>
  read(change, corrections)
    .findings.filter(({ severity }) => severity === 'error')
    .map((one) => `${one.code} ${one.pointer}`)

describe('corrections', () => {
  const fee: Correction = {
    dataset: 'procedures',
    pointer: '/1.001193/fee/amount',
    finding: 'fee-implausible',
    old: 100,
    decision: { new: 100_000 },
    reason: 'Typed in thousands',
    source: 'Test',
  }
  const mistyped = (record: Raw) => (record['fee'] = { amount: 100, note: null })

  test('replace the old value, and the change is listed', () => {
    const { rows, findings } = read(mistyped, [fee])
    expect(rows.map(({ feeVnd }) => feeVnd)).toEqual([100_000])
    expect(findings.map((one) => `${one.severity} ${one.code} ${one.pointer}`)).toEqual([
      'warning corrected /1.001193/fee/amount',
    ])
  })

  test('stop the import once the source no longer has the old value', () => {
    expect(errorsWhen(() => undefined, [fee])).toEqual(['correction-stale /1.001193/fee/amount'])
  })

  test('accept one finding about one value, nothing else', () => {
    const accepted: Correction = { ...fee, decision: 'accept' }
    expect(errorsWhen(mistyped, [accepted])).toEqual([])
    expect(errorsWhen(mistyped, [{ ...accepted, old: 200 }])).toEqual([
      'fee-implausible /1.001193/fee/amount',
      'correction-stale /1.001193/fee/amount',
    ])
    expect(errorsWhen(mistyped, [{ ...accepted, finding: 'fee-unsettled' }])).toHaveLength(2)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import { certifyingProcedure } from '../../src/domain/certifying.ts'
import { readAgencies } from '../../src/imports/agencies.ts'
import { readCatalogue } from '../../src/imports/catalogue.ts'
import { readForms } from '../../src/imports/forms.ts'
import { readProcedures } from '../../src/imports/procedures.ts'
import type { Finding } from '../../src/imports/report.ts'
import { readUnits } from '../../src/imports/units.ts'
import { readFiles } from '../../src/local/catalogue.ts'

type Raw = Record<string, unknown> & {
  code: string
  handledBy: Record<string, unknown>[]
  components: Record<string, unknown>[]
}
type RawFile = { start: string; sources: Record<string, string>; procedures: Raw[] }

const files = readFiles()
const shipped = files.procedures as RawFile // read as unknown JSON; the tests break it on purpose
const sources = {
  agencies: readAgencies(files.agencies).rows,
  forms: readForms(files.forms).rows,
  units: readUnits(files.units).rows.units,
}

let versions: ProcedureVersion[]
let listed: Finding[]
beforeAll(() => {
  const { rows, findings } = readCatalogue(files)
  versions = rows.procedures
  listed = findings
})

const of = (code: string) => versions.filter((one) => one.code === code)
const stretch = ({ validFrom, validTo, competence }: ProcedureVersion) => [validFrom, validTo, competence]

/** Errors when only this procedure is read, without corrections, after the change. */
function errorsWhen(code: string, change: (record: Raw, file: RawFile) => void): string[] {
  const file = structuredClone(shipped)
  file.procedures = file.procedures.filter((one) => one.code === code)
  for (const one of file.procedures.slice()) change(one, file)
  const { findings } = readProcedures(file, sources)
  return findings.filter(({ severity }) => severity === 'error').map((one) => `${one.code} ${one.pointer}`)
}

describe('procedures as shipped', () => {
  test('are 76, imported without error', () => {
    expect(listed.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(new Set(versions.map(({ code }) => code)).size).toBe(76)
  })

  test('have one version in force each, and earlier ones without gap or overlap', () => {
    for (const all of Map.groupBy(versions, ({ code }) => code).values()) {
      expect(all.map(({ version }) => version)).toEqual(all.map((_, index) => index + 1))
      expect(all.slice(0, -1).map(({ validTo }) => validTo)).toEqual(all.slice(1).map(({ validFrom }) => validFrom))
      expect(all.at(-1)?.validTo).toBeNull()
    }
  })

  test('say of which originals copies are certified, only where that is what they do', () => {
    const listing = versions.filter(({ papers }) => papers !== undefined)
    expect(new Set(listing.map(({ code }) => code))).toEqual(new Set([certifyingProcedure]))
    expect(listing.at(-1)?.papers?.map(({ id }) => id)).toContain('degree')
  })

  test('20 went down to the communes on 2025-07-01: 18 from the districts, 2 from the city', () => {
    const moved = versions.filter((one) => one.validTo === '2025-07-01').map(({ competence }) => competence)
    expect(moved.filter(({ by }) => by === 'place')).toHaveLength(18)
    expect(moved.filter(({ by }) => by === 'department')).toHaveLength(2)
    expect(of('1.013225').map(stretch)).toEqual([
      ['2024-01-01', '2025-07-01', { by: 'place', level: 'district', placeOf: 'thing' }],
      ['2025-07-01', null, { by: 'place', level: 'commune', placeOf: 'thing' }],
    ])
  })

  test('what changed hands between departments did so on 2025-03-01', () => {
    expect(of('2.001610').map(stretch)).toEqual([
      ['2024-01-01', '2025-03-01', { by: 'department', unitCode: 'HN-SKHDT' }],
      ['2025-03-01', null, { by: 'department', unitCode: 'HN-STC' }],
    ])
    expect(of('1.014196').map(({ validFrom }) => validFrom)).toEqual(['2024-01-01', '2025-03-01', '2025-07-01'])
  })

  test('what began later is not older than that', () => {
    expect(of('1.014027').map(({ validFrom }) => validFrom)).toEqual(['2025-07-01'])
  })

  test('copies of civil status and certifications may be asked of any commune, transactions in land may not', () => {
    const choice = versions.filter(({ competence }) => competence.by === 'choice').map(({ code }) => code)
    expect(new Set(choice)).toEqual(new Set(['2.000635', '2.002516', '2.000815', '2.000884', '2.000992', '2.001019']))
    expect(of('2.001035').map(({ competence }) => competence.by)).toEqual(['place'])
    expect(of('1.004222').map(({ competence, agency }) => [competence, agency])).toEqual([
      [{ by: 'place', level: 'commune', placeOf: 'residence' }, 'Công an cấp xã'],
    ])
  })

  test('what was handed down says by whom and on what ground; before that day it was theirs', () => {
    const [, before, after] = of('1.014196').map(({ competence }) => competence)
    expect(before).toEqual({ by: 'department', unitCode: 'HN-SNV' })
    expect(after).toMatchObject({ by: 'place', level: 'commune', delegation: { from: 'HN-SNV' } })
    expect(after?.delegation?.ground.vi).toContain('theo phân cấp')
  })

  test('the form stands in for the declaration where it is a real one; what is shown need not be uploaded', () => {
    const required = (code: string) =>
      of(code)
        .at(-1)
        ?.components.filter((one) => one.required)
        .map((one) => `${one.id}${one.presented ? ' shown' : ''}`)
    expect(required('1.001193')).toEqual(['birth-notification', 'identity shown'])
    expect(required('1.013225')).toEqual(['land-use', 'design-drawings'])
    expect(required('2.000815')).toEqual(['original shown'])
    expect(required('1.000656')).toContain('declaration')
  })

  test('paper results bring a certified copy along, notices by the police do not', () => {
    expect(of('1.001193').at(-1)?.twoResults).toBe(true)
    expect(of('1.004222').at(-1)?.twoResults).toBe(false)
  })

  test('in-day procedures, and only they, close at 15:00; a supplement restarts the clock', () => {
    for (const one of versions) {
      expect([one.code, one.cutoff !== null]).toEqual([one.code, one.time.unit === 'SAME_DAY'])
      expect(one.supplement).toEqual({ clock: 'RESTART', answerWithin: null })
    }
  })

  test('known errors of the source are listed and not taken over', () => {
    const about = (code: string) => listed.filter((one) => one.pointer.startsWith(`/${code}`)).map((one) => one.message)
    expect(about('2.001610').join()).toContain('100 → 100000')
    expect(about('1.004889').join()).toContain('250 → 250000')
    expect(about('1.000656').join()).toContain('5 WORKING_DAY, taken: in the day')
    expect(about('2.000806').join()).toContain('10 WORKING_DAY, taken: 5 WORKING_DAY')
    expect(about('2.002913').join()).toContain('accepted')
    expect(of('1.000656').at(-1)?.feeVnd).toBeNull()
    expect(versions.some(({ feeVnd }) => feeVnd !== null && feeVnd > 0 && feeVnd < 1000)).toBe(false)
  })

  test('without the corrections the known errors stop the import', () => {
    const { findings } = readCatalogue({ ...files, corrections: { corrections: [] } })
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(new Set(errors.map(({ code }) => code))).toEqual(
      new Set(['fee-implausible', 'fee-unsettled', 'time-contradicts', 'mode-contradicts', 'code-unsettled']),
    )
  })
})

describe('broken procedures are refused', () => {
  test('a fee typed in thousands, too large, or with odd dong', () => {
    for (const amount of [100, 250, 999, 1_000_000_000, 12_345])
      expect(errorsWhen('1.001193', (record) => (record['fee'] = { amount, note: null }))).toEqual([
        'fee-implausible /1.001193/fee/amount',
      ])
  })

  test('an unknown fee that nobody explains, a fee that is not a whole number', () => {
    expect(errorsWhen('1.001193', (record) => (record['fee'] = { amount: null, note: null }))).toEqual([
      'fee-unexplained /1.001193/fee/note',
    ])
    expect(errorsWhen('1.001193', (record) => (record['fee'] = { amount: -5, note: null }))).toEqual([
      'shape /1.001193/fee/amount',
    ])
  })

  test('a time that the case contradicts, a cutoff without in-day time, a time without unit', () => {
    const seen = { times: [{ where: 'case', value: 5, unit: 'WORKING_DAY' }] }
    expect(errorsWhen('1.001193', (record) => (record['portal'] = seen))).toEqual([
      'time-contradicts /1.001193/portal/times/0',
    ])
    expect(errorsWhen('1.001193', (record) => (record['cutoff'] = null))).toEqual([
      'cutoff-contradicts /1.001193/cutoff',
    ])
    expect(errorsWhen('1.001193', (record) => (record['time'] = { value: 3 }))).toEqual(['shape /1.001193/time/unit'])
  })

  test('name a kind of original twice', () => {
    const twice = (record: Raw) => (record['papers'] = [paper, paper])
    const paper = { id: 'degree', name: { vi: 'Bằng tốt nghiệp', en: 'Degree' } }
    expect(errorsWhen('2.000815', twice)).toContain('paper-twice /2.000815/papers/1/id')
    const once = errorsWhen('2.000815', (record) => (record['papers'] = [paper]))
    expect(once.filter((one) => one.startsWith('paper'))).toEqual([])
  })

  test('a mode that the channels contradict', () => {
    expect(errorsWhen('1.001193', (record) => (record['channels'] = ['direct']))).toEqual([
      'mode-contradicts /1.001193/channels',
    ])
    expect(errorsWhen('2.000815', (record) => (record['channels'] = ['direct', 'online']))).toContain(
      'mode-contradicts /2.000815/channels',
    )
    expect(errorsWhen('1.001193', (record) => (record['channels'] = ['online', 'online']))).toEqual([
      'channel-twice /1.001193/channels',
    ])
  })

  test('a code that stands twice or is no code', () => {
    expect(errorsWhen('1.001193', (record, file) => file.procedures.push(record))).toEqual(['duplicate-key /1.001193'])
    expect(errorsWhen('1.001193', (record) => (record.code = '1.00119'))).toEqual(['shape /1.00119/code'])
  })

  test('a component id that stands twice, two declarations, no component at all', () => {
    expect(errorsWhen('1.001193', ({ components }) => components.push({ ...components[1] }))).toEqual([
      'component-twice /1.001193/components/7/id',
    ])
    expect(
      errorsWhen('1.001193', ({ components }) => Object.assign(components[1] ?? {}, { declaration: true })),
    ).toEqual(['declaration-twice /1.001193/components'])
    expect(errorsWhen('1.001193', (record) => (record.components = []))).toEqual(['shape /1.001193/components'])
  })

  test('an agency whose words nobody has mapped, or of another level', () => {
    const agency = (words: Record<string, unknown>) => (record: Raw) => Object.assign(record.handledBy[0] ?? {}, words)
    expect(errorsWhen('1.001193', agency({ agency: 'Sở Khí tượng' }))).toEqual([
      'agency-unmapped /1.001193/handledBy/0/agency',
    ])
    expect(errorsWhen('1.001193', agency({ level: 'city' }))).toEqual([
      'level-contradicts-agency /1.001193/handledBy/0/level',
    ])
  })

  test('a department that does not exist or did not stand', () => {
    const mapped = (unitCode: string) => ({
      ...sources,
      agencies: new Map(sources.agencies).set('Sở Y tế', {
        level: 'city',
        competence: { by: 'department' as const, unitCode },
        certainty: 'high' as const,
      }),
    })
    const errors = (unitCode: string) =>
      readProcedures(
        { ...shipped, procedures: shipped.procedures.filter(({ code }) => code === '1.012278') },
        mapped(unitCode),
      )
        .findings.filter(({ severity }) => severity === 'error')
        .map((one) => `${one.code} ${one.pointer}`)
    expect(errors('HN-XYZ')).toEqual(['department-missing /1.012278/handledBy/0/agency'])
    expect(errors('HN-SKHDT')).toEqual(['department-not-standing /1.012278/handledBy/0'])
    expect(errors('HN-SYT')).toEqual([])
  })

  test('a delegation by a department that does not exist, or had ended', () => {
    const errors = (from: string) => {
      const agency = 'UBND cấp xã (theo phân cấp) / Sở Nội vụ'
      const words = sources.agencies.get(agency)
      if (!words) throw new Error('the data delegates nothing')
      const delegation = { from, ground: { vi: 'Nghị quyết', en: 'Resolution' } }
      const agencies = new Map(sources.agencies).set(agency, {
        ...words,
        competence: { ...words.competence, delegation },
      })
      const procedures = shipped.procedures.filter(({ code }) => code === '1.014196')
      return readProcedures({ ...shipped, procedures }, { ...sources, agencies })
        .findings.filter(({ severity }) => severity === 'error')
        .map((one) => `${one.code} ${one.pointer}`)
    }
    expect(errors('HN-XYZ')).toEqual(['department-missing /1.014196/handledBy/2/agency'])
    expect(errors('HN-SLDTBXH')).toEqual(['department-not-standing /1.014196/handledBy/2'])
    expect(errors('HN-SNV')).toEqual([])
  })

  test('one place only, where no place decides', () => {
    const placeOf = (record: Raw) => {
      record.handledBy = record.handledBy.map((one) => ({ ...one, placeOf: 'thing' }))
    }
    expect(errorsWhen('1.012278', placeOf)).toEqual(['place-contradicts-agency /1.012278/handledBy/0/placeOf'])
    expect(errorsWhen('2.000635', placeOf)).toEqual(['place-contradicts-agency /2.000635/handledBy/0/placeOf'])
  })

  test('dates that run backwards', () => {
    const dates = (from: unknown[]) => (record: Raw) => {
      record.handledBy = from.map((date) => ({ ...record.handledBy[0], from: date }))
    }
    expect(errorsWhen('1.001193', dates([null, '2023-12-31']))).toEqual(['dates-reversed /1.001193/handledBy/1/from'])
    expect(errorsWhen('1.001193', dates(['2025-07-01', '2025-07-01']))).toEqual([
      'dates-reversed /1.001193/handledBy/1/from',
    ])
    expect(errorsWhen('1.001193', dates([null, null]))).toContain('dates-reversed /1.001193/handledBy/1/from')
    expect(errorsWhen('1.001193', (record) => (record['until'] = '2023-01-01'))).toEqual([
      'dates-reversed /1.001193/until',
    ])
  })

  test('one word in one language only, a field that nobody knows', () => {
    expect(errorsWhen('1.001193', (record) => (record['name'] = { vi: 'Thủ tục' }))).toEqual([
      'shape /1.001193/name/en',
    ])
    expect(errorsWhen('1.001193', (record) => (record['fees'] = 0))).toEqual(['shape /1.001193'])
  })
})

test('a paper result has a certified copy, unless its record says otherwise; one without paper never has', () => {
  const twoResults = (certifiedCopy?: boolean) => {
    const file = structuredClone(shipped)
    file.procedures = file.procedures.filter((one) => one.code === '1.001193')
    for (const one of file.procedures) Object.assign(one['result'] as object, { certifiedCopy })
    return readProcedures(file, sources).rows.map((one) => one.twoResults)
  }
  expect([twoResults(), twoResults(true), twoResults(false)].map(([first]) => first)).toEqual([true, true, false])
  const wrong = (one: Raw) => Object.assign(one['result'] as object, { paper: false, certifiedCopy: true })
  expect(errorsWhen('1.001193', wrong)).toEqual(['copy-of-no-paper /1.001193/result/certifiedCopy'])
})

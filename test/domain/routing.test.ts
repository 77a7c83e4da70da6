import { describe, expect, test } from 'vitest'
import type { Competence } from '../../src/domain/procedure.ts'
import { type Routed, route, succeed } from '../../src/domain/routing.ts'
import type { SuccessionKind, Unit, UnitId } from '../../src/domain/unit.ts'
import { directoryOf, publishedCatalogue } from '../support/catalogue.ts'

const { units, successions, unit, procedure, directory } = publishedCatalogue()

const asked = (code: string, place: string | null, on: string, chosen: string | null = null) =>
  route({
    procedure: procedure(code, on),
    place: place === null ? null : unit(place),
    chosen: chosen === null ? null : unit(chosen),
    on,
    directory,
  })

const rules = (routed: Routed) =>
  ('candidates' in routed ? routed.steps : routed.ok ? routed.value.steps : []).map((step) => step.rule)

/** The unit, or the candidates in order, or the refusal. */
function answer(routed: Routed): string {
  if (routed.ok) return routed.value.unit
  return 'candidates' in routed ? routed.candidates.map((one) => one.unit).join(' | ') : routed.refusal
}

describe('communes: birth 1.001193, certified copies 2.000815, marriage 1.000894', () => {
  test.each<[code: string, place: string | null, on: string, expected: string, why: string]>([
    ['1.001193', '00082-0', '2025-06-30', '00082-0', 'the old ward Trần Hưng Đạo, on its last day'],
    ['1.001193', '00082-0', '2025-07-01', '00082-2025', 'the same address a day later: Cửa Nam'],
    ['1.001193', '00004-0', '2026-01-05', '00004-2025', 'Trúc Bạch became a part of Ba Đình, which took over its code'],
    ['1.000894', '09859-0', '2026-03-02', '09871-2025', 'Sơn Đồng of Hoài Đức, not Sơn Đông of Sơn Tây'],
    ['1.000894', '00112-0', '2026-03-02', '00103-2025', 'Thụy Khuê: only land without residents went elsewhere'],
    ['1.000894', '00145-0', '2026-03-02', '00145-2025', 'old Long Biên: all its residents went to the new one'],
    ['1.000894', '00316-0', '2026-03-02', '00316-2025', 'Đại Kim: four successors, one with all residents'],
    ['1.001193', '00082-2025', '2026-03-02', '00082-2025', 'a ward that stands'],
    ['1.001193', '00082-2025', '2025-06-30', 'unit-not-standing', 'a ward that does not exist yet'],
    [
      '1.001193',
      '00073-0',
      '2026-03-02',
      '00004-2025 | 00070-2025 | 00082-2025 | 00226-2025',
      'old Cửa Nam was divided',
    ],
    [
      '1.001193',
      '00634-0',
      '2026-03-02',
      '00622-2025 | 00634-2025 | 00637-2025 | 09556-2025 | 09886-2025',
      'Đại Mỗ, in five',
    ],
    ['1.001193', null, '2026-03-02', 'place-needed', 'no place'],
    ['1.001193', '002-0', '2025-06-30', 'place-needed', 'a district is no place for a commune’s procedure'],
    ['1.001193', 'HN-STP-0', '2026-03-02', 'place-needed', 'a department is no place'],
  ])('%s at %s on %s: %s (%s)', (code, place, on, expected) => {
    expect(answer(asked(code, place, on))).toBe(expected)
  })

  test('where any commune may certify, the chosen one does, wherever the applicant lives', () => {
    expect(answer(asked('2.000815', '00145-2025', '2026-03-02', '00082-2025'))).toBe('00082-2025')
    expect(answer(asked('2.000815', '00145-2025', '2026-03-02'))).toBe('00145-2025')
    expect(answer(asked('2.000815', null, '2025-06-01', '00088-0'))).toBe('00088-0')
    expect(rules(asked('2.000815', null, '2026-03-02', '00088-0'))).toEqual([
      'decided-by-commune-of-choice',
      'succeeded',
      'unit-stands',
    ])
    expect(answer(asked('2.000815', null, '2026-03-02'))).toBe('place-needed')
  })

  test('an applicant who names one of the successors decides it, and no other unit', () => {
    expect(answer(asked('1.001193', '00073-0', '2026-03-02', '00082-2025'))).toBe('00082-2025')
    expect(answer(asked('1.001193', '00073-0', '2026-03-02', '00145-2025'))).toContain(' | ')
    expect(answer(asked('1.013225', '00112-0', '2026-03-02', '00004-2025'))).toBe('00004-2025')
    expect(rules(asked('1.013225', '00112-0', '2026-03-02', '00103-2025')).at(-1)).toBe('unit-stands')
  })
})

describe('districts until 30 June 2025, then the commune: 1.013225 construction permit, 1.001612 household business', () => {
  test.each([
    ['1.013225', '00082-0', '2025-06-30', '002-0', 'Hoàn Kiếm, on its last day'],
    ['1.013225', '00082-0', '2025-07-01', '00082-2025', 'a day later the ward decides'],
    ['1.013225', '00145-0', '2024-05-06', '004-0', 'Long Biên district'],
    ['1.013225', '00118-0', '2025-12-01', '00118-2025', 'Ngọc Thụy became a part of Bồ Đề'],
    ['1.001612', '09859-0', '2025-03-03', '274-0', 'Hoài Đức district'],
    ['1.001612', '09859-0', '2025-07-01', '09871-2025', 'the commune Sơn Đồng, under another code'],
    ['1.001612', '00073-0', '2025-06-30', '002-0', 'a divided ward is no question while its district stands'],
    ['1.001612', '00073-0', '2025-07-01', '00004-2025 | 00070-2025 | 00082-2025 | 00226-2025', 'and is one afterwards'],
    ['1.001612', '004-0', '2025-06-30', '004-0', 'a district as the place'],
    ['1.001612', '004-0', '2025-07-01', 'place-needed', 'a district that is gone is no place'],
  ])('%s at %s on %s: %s (%s)', (code, place, on, expected) => {
    expect(answer(asked(code, place, on))).toBe(expected)
  })

  test('a version from the days of the districts is followed to the commune of the place', () => {
    const before = procedure('1.013225', '2025-06-30')
    const later = (place: string) =>
      route({ procedure: before, place: unit(place), chosen: null, on: '2025-08-01', directory })
    expect(answer(later('00082-0'))).toBe('00082-2025')
    expect(answer(later('00082-2025'))).toBe('00082-2025')
    expect(answer(later('004-0'))).toContain(' | ')
    expect(rules(later('00082-0'))).toEqual([
      'decided-by-district-of-place',
      'district-abolished',
      'narrowed-by-place',
      'succeeded',
      'unit-stands',
    ])
  })
})

describe('agencies of the city, wherever one lives: 2.001610 private enterprise, 1.012278 medical practice and others', () => {
  test.each([
    ['2.001610', '2025-02-28', 'HN-SKHDT-0', 'Planning and Investment, on its last day'],
    ['2.001610', '2025-03-01', 'HN-STC-2025', 'Finance'],
    ['2.001610', '2026-03-02', 'HN-STC-2025', 'Finance still'],
    ['1.012278', '2026-03-02', 'HN-SYT-2025', 'Health'],
    ['1.003868', '2025-02-28', 'HN-STTTT-0', 'Information and Communications'],
    ['1.003868', '2025-03-01', 'HN-SVHTT-2025', 'publishing went to Culture and Sports'],
    ['1.003659', '2025-03-01', 'HN-SKHCN-2025', 'post went to Science and Technology'],
    ['1.014196', '2025-02-28', 'HN-SLDTBXH-0', 'Labour'],
    ['1.014196', '2025-06-30', 'HN-SNV-2025', 'Home Affairs'],
    ['1.115484', '2026-03-02', 'HN-SDL-0', 'Tourism'],
  ])('%s on %s: %s (%s)', (code, on, expected) => {
    expect(answer(asked(code, null, on))).toBe(expected)
    expect(answer(asked(code, '00082-2025', on))).toBe(expected)
  })

  test('an agency whose duties went several ways is not guessed, one that went whole is followed', () => {
    const by = (unitCode: string) =>
      route({
        procedure: { competence: { by: 'department', unitCode }, decision: null },
        place: null,
        chosen: null,
        on: '2026-03-02',
        directory,
      })
    expect(answer(by('HN-SKHDT'))).toBe('HN-STC-2025')
    expect(answer(by('HN-STTTT'))).toBe('HN-SKHCN-2025 | HN-SVHTT-2025')
    expect(answer(by('HN-NONE'))).toBe('unit-not-standing')
  })
})

describe('by delegation', () => {
  const by = (competence: Competence, on = '2026-03-02') =>
    route({ procedure: { competence, decision: null }, place: unit('00082-2025'), chosen: null, on, directory })
  const ground = { vi: 'Quyết định ví dụ', en: 'An example decision' }
  const first = (routed: Routed) => (routed.ok ? routed.value.steps[0] : undefined)

  test.each<[Competence, string, string]>([
    [{ by: 'place', level: 'commune', delegation: { from: 'HN-SXD', ground } }, '00082-2025', 'the communes and wards'],
    [
      { by: 'choice', level: 'commune', delegation: { from: 'HN-STP', ground } },
      '00082-2025',
      'the communes and wards',
    ],
    [
      { by: 'department', unitCode: 'HN-SXD', delegation: { from: '01', ground } },
      'HN-SXD-2025',
      'an agency of the city',
    ],
  ])('%j: %s decides, and the first reason is who delegated it', (competence, expected, whom) => {
    const routed = by(competence)
    expect(answer(routed)).toBe(expected)
    expect(first(routed)).toMatchObject({ rule: 'delegated', clause: ground })
    expect(first(routed)?.text.en).toContain(`has delegated it to ${whom}`)
  })

  test('until 2025 to the district; a unit that delegated and is gone is still named', () => {
    const toDistrict = { by: 'place', level: 'district', delegation: { from: 'HN-STNMT', ground } } as const
    const routed = route({
      procedure: { competence: toDistrict, decision: null },
      place: unit('00082-0'),
      chosen: null,
      on: '2025-06-30',
      directory,
    })
    expect(answer(routed)).toBe('002-0')
    expect(first(routed)?.text.en).toMatch(
      /^The competence is that of .*\(HN-STNMT-0\), which has delegated it to the districts\.$/,
    )
    expect(first(by({ by: 'choice', level: 'commune', delegation: { from: 'HN-NONE', ground } }))?.text.vi).toContain(
      'HN-NONE',
    )
  })
})

describe('an open dossier whose unit is gone', () => {
  const heir = (was: string, place: string | null, on = '2025-07-01', code?: string) =>
    succeed({
      unit: unit(was),
      place: place === null ? null : unit(place),
      inForce: code ? procedure(code, on).competence : null,
      on,
      directory,
    })

  test('of a district goes to the commune of its place, with the clause', () => {
    const routed = heir('002-0', '00082-0')
    expect(routed).toMatchObject({
      ok: true,
      value: {
        unit: '00082-2025',
        way: [{ from: '00082-0', to: '00082-2025', on: '2025-07-01', kind: 'full', clause: 2 }],
      },
    })
    expect(routed.ok && routed.value.steps.find((step) => step.rule === 'succeeded')).toMatchObject({
      clause: {
        en: 'Clause 2 of Resolution 1656/NQ-UBTVQH15 of 16 June 2025 of the Standing Committee of the National Assembly',
      },
      text: { en: 'Since 1 July 2025 Tran Hung Dao Ward (00082-0) belongs to Cua Nam Ward (00082-2025).' },
    })
  })

  test('stays while the unit stands', () => {
    expect(answer(heir('002-0', '00082-0', '2025-06-30'))).toBe('002-0')
  })

  test('of a district without a place, or with a place elsewhere, is for a supervisor', () => {
    expect(answer(heir('002-0', null))).toBe('00004-2025 | 00070-2025 | 00082-2025 | 00097-2025 | 00226-2025')
    expect(answer(heir('002-0', '00145-0'))).toBe('00004-2025 | 00070-2025 | 00082-2025 | 00097-2025 | 00226-2025')
  })

  test('of an agency goes to the successor that has the procedure now', () => {
    expect(answer(heir('HN-STTTT-0', null, '2025-03-01'))).toBe('HN-SKHCN-2025 | HN-SVHTT-2025')
    expect(answer(heir('HN-STTTT-0', null, '2025-03-01', '1.003868'))).toBe('HN-SVHTT-2025')
    expect(answer(heir('HN-STTTT-0', null, '2025-03-01', '1.003659'))).toBe('HN-SKHCN-2025')
    expect(answer(heir('HN-STTTT-0', null, '2025-03-01', '2.001610'))).toBe('HN-SKHCN-2025 | HN-SVHTT-2025')
    expect(answer(heir('HN-SKHDT-0', null, '2025-03-01'))).toBe('HN-STC-2025')
  })

  test('each of the 526 communes has one heir or exactly the candidates of the data, at its own counter and at its district’s', () => {
    const gone = units.filter((one) => one.level === 'commune' && one.effectiveTo === '2025-07-01')
    const kinds = (one: Unit) => successions.filter(({ from }) => from === one.id)
    const decisive: SuccessionKind[] = ['full', 'partial-all-population']
    let determined = 0
    for (const one of gone) {
      const whole = kinds(one).find(({ kind }) => decisive.includes(kind))
      const peopled = whole ? [whole] : kinds(one).filter(({ kind }) => kind !== 'partial-area-only')
      const expected = peopled.map(({ to }) => to).join(' | ')
      expect(answer(heir(one.id, one.id))).toBe(expected)
      expect(answer(heir(one.parentId ?? '', one.id))).toBe(expected)
      if (peopled.length === 1) determined++
    }
    expect([gone.length, determined]).toEqual([526, 368])
  })

  test('the new ward Cửa Nam takes what the resolution says', () => {
    const into = successions.filter(({ to, from }) => to === '00082-2025' && unit(from).level === 'commune')
    expect(into.map(({ from, kind }) => `${unit(from).name.vi}: ${kind}`).toSorted()).toEqual([
      'Phường Cửa Nam: partial',
      'Phường Hàng Bài: full',
      'Phường Hàng Bông: remainder',
      'Phường Hàng Trống: remainder',
      'Phường Nguyễn Du: partial',
      'Phường Phan Chu Trinh: full',
      'Phường Phạm Đình Hổ: partial',
      'Phường Tràng Tiền: remainder',
      'Phường Trần Hưng Đạo: full',
    ])
    for (const id of ['00082-0', '00085-0', '00088-0']) expect(answer(heir('002-0', id))).toBe('00082-2025')
    for (const id of ['00070-0', '00076-0', '00079-0', '00073-0'])
      expect(answer(heir('002-0', id))).toContain('00082-2025')
    for (const id of ['00241-0', '00247-0']) expect(answer(heir('007-0', id))).toContain('00082-2025')
  })
})

describe('a reform after the reform', () => {
  const one = (id: string, from: string | null, to: string | null): Unit => ({
    id: id as UnitId, // a made-up unit
    code: id,
    codeScheme: 'gso',
    name: { vi: id, en: id },
    level: 'commune',
    type: 'ward',
    effectiveFrom: from,
    effectiveTo: to,
    parentId: null,
    identifier: `LOCAL.${id}`,
    source: 'test',
    certainty: 'high',
    note: null,
  })
  const a = one('A', null, '2025-07-01')
  const [b, c] = [one('B', '2025-07-01', '2028-01-01'), one('C', '2025-07-01', '2028-01-01')]
  const [d, e] = [one('D', '2028-01-01', null), one('E', '2028-01-01', null)]
  const went = (from: Unit, to: Unit, on: string, kind: SuccessionKind) => ({
    from: from.id,
    to: to.id,
    on,
    kind,
    clause: 1,
    ground: null,
  })
  const find = (on: string, ...later: ReturnType<typeof went>[]) => {
    const first = [went(a, b, '2025-07-01', 'partial'), went(a, c, '2025-07-01', 'remainder')]
    return answer(
      succeed({
        unit: a,
        place: null,
        inForce: null,
        on,
        directory: directoryOf([a, b, c, d, e], [...first, ...later]),
      }),
    )
  }

  test('is followed through both', () => {
    expect(find('2027-12-31')).toBe('B | C')
    expect(find('2028-01-01', went(b, d, '2028-01-01', 'full'), went(c, e, '2028-01-01', 'full'))).toBe('D | E')
  })

  test('what was divided and joined again has one heir', () => {
    expect(find('2028-01-01', went(b, d, '2028-01-01', 'full'), went(c, d, '2028-01-01', 'full'))).toBe('D')
  })

  test('where one way ends in nothing, the other is not taken for granted', () => {
    expect(find('2028-01-01', went(b, d, '2028-01-01', 'full'))).toBe('D')
    expect(
      succeed({
        unit: a,
        place: null,
        inForce: null,
        on: '2028-01-01',
        directory: directoryOf(
          [a, b, c, d],
          [
            went(a, b, '2025-07-01', 'partial'),
            went(a, c, '2025-07-01', 'remainder'),
            went(b, d, '2028-01-01', 'full'),
          ],
        ),
      }),
    ).toMatchObject({ ok: false, refusal: 'place-ambiguous' })
  })

  test('a unit without a recorded successor is a refusal', () => {
    expect(
      answer(succeed({ unit: b, place: null, inForce: null, on: '2028-01-01', directory: directoryOf([b], []) })),
    ).toBe('unit-not-standing')
  })

  test('two successors that both claim everyone leave it open', () => {
    const claims = directoryOf([a, b, c], [went(a, b, '2025-07-01', 'full'), went(a, c, '2025-07-01', 'full')])
    expect(answer(succeed({ unit: a, place: null, inForce: null, on: '2026-01-01', directory: claims }))).toBe('B | C')
  })

  test('land without residents is followed only where nothing else was', () => {
    const land = directoryOf([a, b], [went(a, b, '2025-07-01', 'partial-area-only')])
    expect(answer(succeed({ unit: a, place: null, inForce: null, on: '2026-01-01', directory: land }))).toBe('B')
  })
})

test('every step is told in both languages', () => {
  const all = [
    asked('1.001193', '00073-0', '2026-03-02'),
    asked('1.013225', '00082-0', '2025-06-30'),
    asked('2.001610', null, '2026-03-02'),
    asked('1.000894', '00112-0', '2026-03-02'),
  ]
  for (const routed of all) {
    const steps = 'candidates' in routed ? routed.steps : routed.ok ? routed.value.steps : []
    expect(steps.length).toBeGreaterThan(0)
    for (const { text } of steps) {
      expect(text.vi).toMatch(/^\S.+\.$/)
      expect(text.en).toMatch(/^\S.+\.$/)
    }
  }
})

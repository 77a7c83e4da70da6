import { describe, expect, test } from 'vitest'
import { ask, type Reply } from '../support/api.ts'

const find = (query: Record<string, string>) => ask(null, `/v1/routing?${new URLSearchParams(query).toString()}`)

describe('anybody can ask who decides, and why', () => {
  test('an address of before the reform, followed to the ward of today', async () => {
    const { status, body, headers } = await find({ procedure: '1.001193', place: '00082-0', on: '2026-11-23' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toContain('public, max-age=')
    expect(body).toMatchObject({
      procedure: { code: '1.001193', version: 1 },
      on: '2026-11-23',
      place: { id: '00082-0', name: { vi: 'Phường Trần Hưng Đạo' } },
      competentUnit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } },
      candidates: [],
    })
    expect(body.steps.map((step: { rule: string }) => step.rule)).toEqual([
      'decided-by-commune-of-place',
      'succeeded',
      'unit-stands',
    ])
    expect(body.steps[1].clause.en).toMatch(/^Clause 2 of Resolution 1656\/NQ-UBTVQH15/)
  })

  test('a divided ward is answered with its candidates, and nothing is guessed', async () => {
    const { status, body } = await find({ procedure: '1.001193', place: '00073-0', on: '2026-11-23' })
    expect(status).toBe(200)
    expect(body.competentUnit).toBeNull()
    expect(
      body.candidates.map((one: { unit: { id: string }; kind: string; clause: number }) => [
        one.unit.id,
        one.kind,
        one.clause,
      ]),
    ).toEqual([
      ['00004-2025', 'partial', 3],
      ['00070-2025', 'partial', 1],
      ['00082-2025', 'partial', 2],
      ['00226-2025', 'remainder', 11],
    ])
    expect(body.steps.at(-1).rule).toBe('several-successors')
  })

  test('without a day it is today', async () => {
    const { body, headers } = await find({ procedure: '1.001193', place: '00082-2025' })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body.on).toBe(new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10))
  })
})

type Question = [procedure: string, place: string | null, on: string, answer: string, vi: string, en: string]
type Step = { rule: string; text: { vi: string; en: string } }

/** The unit, or the candidates in order, or what is wrong with the question. */
const answerOf = ({ body }: Reply): string =>
  body.errors
    ? body.errors.map((one: { code: string }) => one.code).join()
    : (body.competentUnit?.id ?? body.candidates.map((one: { unit: { id: string } }) => one.unit.id).join(' | '))

/** `place`: where two are named, the second is the commune that the applicant asks for. */
async function answers([procedure, places, on, answer, vi, en]: Question): Promise<void> {
  const [place, chosen] = places?.split(' then ') ?? []
  const reply = await find({ procedure, ...(place && { place }), ...(chosen && { chosen }), on })
  expect(answerOf(reply)).toBe(answer)
  const steps: Step[] = reply.body.steps ?? []
  const inEnglish = reply.body.errors && (await inLanguage('en', { procedure, ...(place && { place }), on }))
  const told = (language: 'vi' | 'en') =>
    inEnglish
      ? (language === 'vi' ? reply : inEnglish).body.errors[0].detail
      : steps.map(({ text }) => text[language]).join('\n')
  expect(told('vi')).toContain(vi)
  expect(told('en')).toContain(en)
  for (const { text } of steps) {
    // A sentence each, in its own language, without a word of the machine.
    for (const said of Object.values(text)) expect(said).toMatch(/^\p{Lu}.{15,}\.$/u)
    expect(text.vi).not.toBe(text.en)
    for (const said of Object.values(text)) expect(said).not.toMatch(/undefined|null|decided-by|successor-|[{}]/)
  }
}
const inLanguage = (language: string, query: Record<string, string>) =>
  ask(null, `/v1/routing?${new URLSearchParams(query).toString()}`, { headers: { 'accept-language': language } })

// oxfmt-ignore
describe('the commune decides', () => {
  test.each<Question>([
    ['1.001193', '00082-0', '2025-06-30', '00082-0', 'do xã, phường nơi cư trú giải quyết: Phường Trần Hưng Đạo (00082-0)', 'decided by the commune or ward of residence: Tran Hung Dao Ward (00082-0)'],
    ['1.001193', '00082-0', '2025-07-01', '00082-2025', 'Từ 01/07/2025, Phường Trần Hưng Đạo (00082-0) thuộc về Phường Cửa Nam (00082-2025)', 'Since 1 July 2025 Tran Hung Dao Ward (00082-0) belongs to Cua Nam Ward (00082-2025)'],
    ['1.001193', '00004-0', '2026-01-05', '00004-2025', 'Phường Trúc Bạch (00004-0) thuộc về Phường Ba Đình (00004-2025)', 'Truc Bach Ward (00004-0) belongs to Ba Dinh Ward (00004-2025)'],
    ['1.000894', '09859-0', '2025-06-30', '09859-0', 'Xã Sơn Đồng (09859-0) đang hoạt động vào ngày 30/06/2025', 'Son Dong Commune (09859-0) stands on 30 June 2025'],
    ['1.000894', '09859-0', '2026-03-02', '09871-2025', 'Xã Sơn Đồng (09859-0) thuộc về Xã Sơn Đồng (09871-2025)', 'belongs to Son Dong Commune (09871-2025)'],
    ['1.000894', '00112-0', '2026-03-02', '00103-2025', 'Phường Ba Đình (00004-2025) chỉ nhận phần đất không có dân', 'Ba Dinh Ward (00004-2025) took only land without residents'],
    ['1.000894', '00145-0', '2025-07-01', '00145-2025', 'người dân của Phường Long Biên (00145-0) thuộc về Phường Long Biên (00145-2025)', 'the residents of Long Bien Ward (00145-0) belong to Long Bien Ward (00145-2025)'],
    ['1.000894', '00316-0', '2026-03-02', '00316-2025', 'người dân của Phường Đại Kim (00316-0) thuộc về Phường Định Công (00316-2025)', 'the residents of Dai Kim Ward (00316-0) belong to Dinh Cong Ward (00316-2025)'],
    ['1.001193', '00073-0', '2025-06-30', '00073-0', 'Phường Cửa Nam (00073-0) đang hoạt động', 'Cua Nam Ward (00073-0) stands'],
    ['1.001193', '00073-0', '2025-07-01', '00004-2025 | 00070-2025 | 00082-2025 | 00226-2025', 'hãy nêu đơn vị mới của nơi đó', 'name the new unit of the place'],
    ['1.001193', '00073-0 then 00082-2025', '2026-11-23', '00082-2025', 'người nộp nêu Phường Cửa Nam (00082-2025)', 'the applicant named Cua Nam Ward (00082-2025)'],
    ['1.004222', '00088-0', '2025-08-01', '00082-2025', 'do xã, phường nơi cư trú giải quyết', 'the commune or ward of residence'],
    ['2.000815', '00145-0 then 00088-0', '2025-06-01', '00088-0', 'xã, phường bất kỳ giải quyết, theo lựa chọn của người nộp: Phường Hàng Bài (00088-0)', 'Any commune or ward decides this procedure, as the applicant chooses: Hang Bai Ward (00088-0)'],
    ['2.000815', '00145-2025 then 00082-2025', '2026-11-23', '00082-2025', 'theo lựa chọn của người nộp: Phường Cửa Nam', 'as the applicant chooses: Cua Nam Ward'],
    ['1.001193', '00082-2025', '2025-06-30', 'unit-not-standing', 'chỉ có từ 01/07/2025; với ngày 30/06/2025, hãy nêu đơn vị lúc đó', 'exists only since 1 July 2025; for 30 June 2025 name the unit of that time'],
    ['1.001193', null, '2026-03-02', 'place-needed', 'Cho biết xã, phường nơi cư trú.', 'Name the commune or ward of residence.'],
  ])('%s at %s on %s: %s', (...question) => answers(question))
})

// oxfmt-ignore
describe('the district decides until 30 June 2025, and then the commune', () => {
  test.each<Question>([
    ['1.013225', '00082-0', '2025-06-30', '002-0', 'do quận, huyện nơi có đất, công trình, tài sản giải quyết: Phường Trần Hưng Đạo (00082-0) thuộc Quận Hoàn Kiếm (002-0)', 'the district where the land, building or thing is: Tran Hung Dao Ward (00082-0) is in Hoan Kiem District (002-0)'],
    ['1.013225', '00082-0', '2025-07-01', '00082-2025', 'do xã, phường nơi có đất, công trình, tài sản giải quyết', 'the commune or ward where the land, building or thing is'],
    ['1.013225', '00145-0', '2024-05-06', '004-0', 'Quận Long Biên (004-0)', 'Long Bien District (004-0)'],
    ['1.013225', '00118-0', '2025-12-01', '00118-2025', 'Phường Bồ Đề (00118-2025)', 'Bo De Ward (00118-2025)'],
    ['1.001612', '09859-0', '2025-03-03', '274-0', 'Huyện Hoài Đức (274-0)', 'Hoai Duc District (274-0)'],
    ['1.001612', '09859-0', '2025-07-01', '09871-2025', 'Xã Sơn Đồng (09871-2025)', 'Son Dong Commune (09871-2025)'],
    ['1.001612', '00073-0', '2025-06-30', '002-0', 'Quận Hoàn Kiếm (002-0) đang hoạt động', 'Hoan Kiem District (002-0) stands'],
    ['1.001612', '00073-0', '2025-07-01', '00004-2025 | 00070-2025 | 00082-2025 | 00226-2025', 'đã chia cho nhiều đơn vị', 'was divided'],
    ['1.001612', '004-0', '2025-06-30', '004-0', 'Thủ tục này do quận, huyện giải quyết: Quận Long Biên (004-0)', 'decided by the district: Long Bien District (004-0)'],
    ['1.001612', '004-0', '2025-07-01', 'place-needed', 'Cho biết xã, phường', 'Name the commune or ward'],
    ['1.013225', '00112-0 then 00004-2025', '2025-09-01', '00004-2025', 'người nộp nêu Phường Ba Đình (00004-2025)', 'the applicant named Ba Dinh Ward (00004-2025)'],
    ['1.013949', '00145-0', '2025-06-30', '004-0', 'nơi có đất, công trình, tài sản', 'where the land, building or thing is'],
  ])('%s at %s on %s: %s', (...question) => answers(question))
})

// oxfmt-ignore
describe('an agency of the city decides, wherever one lives', () => {
  test.each<Question>([
    ['2.001610', null, '2025-02-28', 'HN-SKHDT-0', 'không phụ thuộc nơi ở: Sở Kế hoạch và Đầu tư', 'wherever one lives: Department of Planning and Investment'],
    ['2.001610', null, '2025-03-01', 'HN-STC-2025', 'không phụ thuộc nơi ở: Sở Tài chính', 'wherever one lives: Department of Finance'],
    ['2.001610', '00082-2025', '2026-03-02', 'HN-STC-2025', 'Sở Tài chính (HN-STC-2025) đang hoạt động', 'Department of Finance (HN-STC-2025) stands'],
    ['1.012278', '00082-0', '2025-06-30', 'HN-SYT-2025', 'Sở Y tế', 'Department of Health'],
    ['1.012278', null, '2026-03-02', 'HN-SYT-2025', 'do cơ quan của thành phố giải quyết', 'an agency of the city'],
    ['1.003868', null, '2025-02-28', 'HN-STTTT-0', 'Sở Thông tin và Truyền thông', 'Department of Information and Communications'],
    ['1.003868', null, '2025-03-01', 'HN-SVHTT-2025', 'Sở Văn hóa và Thể thao', 'Department of Culture and Sports'],
    ['1.003659', null, '2025-07-01', 'HN-SKHCN-2025', 'Sở Khoa học và Công nghệ', 'Department of Science and Technology'],
    ['1.115484', null, '2026-03-02', 'HN-SDL-0', 'Sở Du lịch', 'Department of Tourism'],
    ['1.014196', null, '2025-02-28', 'HN-SLDTBXH-0', 'Sở Lao động', 'Department of Labour'],
    ['1.014196', null, '2025-06-30', 'HN-SNV-2025', 'Sở Nội vụ (HN-SNV-2025) đang hoạt động vào ngày 30/06/2025', 'Department of Home Affairs (HN-SNV-2025) stands on 30 June 2025'],
    ['1.014196', '00082-2025', '2025-07-01', '00082-2025', 'Thẩm quyền thuộc Sở Nội vụ (HN-SNV-2025), đã phân cấp, ủy quyền cho xã, phường giải quyết.', 'The competence is that of Department of Home Affairs (HN-SNV-2025), which has delegated it to the communes and wards.'],
    ['1.014196', null, '2025-07-01', 'place-needed', 'Cho biết xã, phường', 'Name the commune or ward'],
  ])('%s at %s on %s: %s', (...question) => answers(question))
})

test('a delegation is told with its ground, also by the procedure itself', async () => {
  const { body } = await find({ procedure: '1.014196', place: '00082-2025', on: '2026-11-23' })
  expect(body.steps[0].rule).toBe('delegated')
  const { competence } = (await ask(null, '/v1/procedures/1.014196')).body
  expect(competence).toMatchObject({ by: 'place', delegation: { from: 'HN-SNV', ground: body.steps[0].clause } })
  expect((await ask(null, '/v1/procedures/1.013225')).body.competence.placeOf).toBe('thing')
})

describe('what has no answer is refused, every fault at once', () => {
  test('unknown procedure and units', async () => {
    const { status, body } = await find({ procedure: '9.999999', place: '99999-2025', chosen: '99998-2025' })
    expect(status).toBe(422)
    expect(body.errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`)).toEqual([
      '/query/procedure unknown-procedure',
      '/query/place unknown-unit',
      '/query/chosen unknown-unit',
    ])
  })

  test.each<[query: Record<string, string>, pointer: string, code: string]>([
    [{ procedure: '1.001193' }, '/query/place', 'place-needed'],
    [{ procedure: '1.001193', place: '00082-2025', on: '2025-06-30' }, '/query/place', 'unit-not-standing'],
    [{ procedure: '2.000815', chosen: '00082-2025', on: '2025-06-30' }, '/query/chosen', 'unit-not-standing'],
    [{ procedure: '1.001193', place: '00082-0', on: '2023-06-30' }, '/query/procedure', 'procedure-closed'],
    [{ procedure: '1.001193', place: '00082' }, '/query/place', 'wrong-format'],
    [{ place: '00082-2025' }, '/query/procedure', 'missing'],
  ])('%o', async (query, pointer, code) => {
    expect(await find(query)).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ pointer, code }] },
    })
  })

  test('in the language of the reader', async () => {
    const english = await ask(null, '/v1/routing?procedure=1.001193', { headers: { 'accept-language': 'en' } })
    expect(english.body.errors[0].detail).toMatch(/^Name the commune/)
  })
})

test('the reference says what can be asked, and where an answer can be null', async () => {
  const { paths, components } = (await ask(null, '/openapi.json')).body
  const parameters = (path: string) => paths[path].get.parameters.flatMap((one: { name?: string }) => one.name ?? [])
  expect(parameters('/v1/routing')).toEqual(['procedure', 'place', 'chosen', 'on'])
  expect(parameters('/v1/procedures/{code}/due-date')).toEqual(['code', 'receivedAt', 'unit'])
  const { Routing, DueStep, RoutingStep } = components.schemas
  for (const maybe of [Routing.properties.competentUnit, DueStep.properties.clause, RoutingStep.properties.clause]) {
    expect(maybe.anyOf).toContainEqual({ type: 'null' })
  }
})

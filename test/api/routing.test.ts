import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'

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

  test.each<[query: Record<string, string>, unit: string, why: string]>([
    [{ procedure: '1.001193', place: '00082-0', on: '2025-06-30' }, '00082-0', 'a commune, before'],
    [{ procedure: '1.013225', place: '00082-0', on: '2025-06-30' }, '002-0', 'a district, before'],
    [{ procedure: '1.013225', place: '00082-0', on: '2025-07-01' }, '00082-2025', 'a district’s procedure, after'],
    [{ procedure: '2.001610', on: '2025-02-28' }, 'HN-SKHDT-0', 'an agency, before'],
    [{ procedure: '2.001610', on: '2025-03-01' }, 'HN-STC-2025', 'an agency, after'],
    [
      { procedure: '2.000815', place: '00145-2025', chosen: '00082-2025', on: '2026-11-23' },
      '00082-2025',
      'any commune, chosen',
    ],
    [
      { procedure: '1.001193', place: '00073-0', chosen: '00082-2025', on: '2026-11-23' },
      '00082-2025',
      'a successor, named',
    ],
    [{ procedure: '1.000894', place: '00145-0', on: '2026-11-23' }, '00145-2025', 'where the residents went'],
  ])('%o: %s (%s)', async (query, unit) => {
    expect((await find(query)).body).toMatchObject({ competentUnit: { id: unit }, candidates: [] })
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

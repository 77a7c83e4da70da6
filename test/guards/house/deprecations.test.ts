import { Hono } from 'hono'
import { parseItem } from 'structured-headers'
import { expect, test } from 'vitest'
import type { House } from '../../../src/app.ts'
import { deprecation, type Deprecation, deprecations } from '../../../src/routes/deprecations.ts'
import document from '../../../openapi/openapi.json' with { type: 'json' }

const year = 365 * 24 * 60 * 60 * 1000

/** What is wrong with a table of endings, against the operations that there are. */
function faultsOf(table: Readonly<Record<string, Deprecation>>): string[] {
  const routed = new Set(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    ),
  )
  return Object.entries(table).flatMap(([operation, { since, ends }]) => [
    ...(routed.has(operation) ? [] : [`${operation} is no operation`]),
    ...(Date.parse(ends) - Date.parse(since) >= year ? [] : [`${operation} ends too soon`]),
  ])
}

test('what will end is there, and stays for a year at least', () => {
  expect(faultsOf(deprecations)).toEqual([])
  const wrong = { 'GET /v1/nothing': { since: '2027-01-01', ends: '2027-12-31' } }
  expect(faultsOf(wrong)).toEqual(['GET /v1/nothing is no operation', 'GET /v1/nothing ends too soon'])
  expect(faultsOf({ 'GET /v1/units/:id': { since: '2027-01-01', ends: '2028-01-01' } })).toEqual([])
})

test('every reply of what will end says since when, until when, and where to read on', async () => {
  const api = new Hono<House>()
  api.use(async (c, next) => {
    c.set('config', { publicOrigin: 'https://door.test' } as House['Variables']['config'])
    await next()
  })
  api.use(deprecation({ 'GET /old/:id': { since: '2027-01-01', ends: '2028-06-01' } }))
  api.get('/old/:id', (c) => c.text('still here'))
  api.get('/new/:id', (c) => c.text('here to stay'))
  const old = (await api.request('/old/1')).headers
  expect(parseItem(old.get('deprecation') ?? '')[0]).toEqual(new Date('2027-01-01'))
  expect(new Date(old.get('sunset') ?? '')).toEqual(new Date('2028-06-01'))
  expect(old.get('link')).toContain('rel="deprecation"')
  const { headers } = await api.request('/new/1')
  expect([headers.get('deprecation'), headers.get('sunset'), headers.get('link')]).toEqual([null, null, null])
})

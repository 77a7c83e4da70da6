import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { readable } from '../../src/local/start.ts'
import { when } from '../../src/local/walk-voice.ts'

test('a served request is told in one line; what wrangler says of itself is left out', () => {
  const served = { event: 'request.served', method: 'GET', route: '/v1/units', status: 200, ms: 7, actor: 'public' }
  expect(stripVTControlCharacters(readable(JSON.stringify(served)) ?? '')).toBe('200     7 ms  GET /v1/units (public)')
  expect(readable('[wrangler:info] GET /v1/units 200 OK (9ms)')).toBeUndefined()
  expect(readable('✘ [ERROR] Build failed')).toContain('Build failed')
  const dead = '{"event":"message.dead","id":"copy_1","type":"copy.requested"}'
  expect(stripVTControlCharacters(readable(dead) ?? '')).toBe(dead)
})

test('instants are told as clocks and calendars show them', () => {
  expect([when('2026-11-23T17:00:00+07:00'), when(null)]).toEqual(['17:00 23/11/2026', '–'])
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { runImport, tableOf } from '../../src/local/import.ts'

const folder = mkdtempSync(join(tmpdir(), 'motcua-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

let printed: string
beforeEach(() => {
  printed = ''
  const write = (text: string | Uint8Array) => {
    printed += stripVTControlCharacters(String(text))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(write)
  vi.spyOn(process.stderr, 'write').mockImplementation(write)
  return () => vi.restoreAllMocks()
})

describe('npm run import', () => {
  test('reads the shipped data without error and lists every doubt', async () => {
    expect(await runImport(['all', '--dry-run'])).toBe(0)
    expect(printed).toContain('procedures: 0 errors')
    expect(printed).toContain('/2.001610/portal/fees/0/amount')
    expect(printed).toMatch(/ 711 {2}units\n/)
    expect(printed).toMatch(/ 76 {2}procedures\n/)
  })

  test('ends with 1 and writes nothing when another file has an error', async () => {
    const file = join(folder, 'calendar.json')
    writeFileSync(file, readFileSync('data/calendar.json', 'utf8').replace('"2026-11-24"', '"2026-11-29"'))
    expect(await runImport(['calendar', file])).toBe(1)
    expect(printed).toContain('off-on-weekend')
    expect(printed).toContain('nothing was written')
  })

  test('ends with 2 and says how it is used when it cannot know what is meant', async () => {
    for (const args of [
      [],
      ['weather'],
      ['all', 'file.json'],
      ['all', '--local', '--remote'],
      ['all', '--from', 'today'],
    ]) {
      printed = ''
      expect(await runImport(args)).toBe(2)
      expect(printed).toContain('npm run import -- <dataset>')
    }
  })
})

test('findings are told by dataset and check, errors first; what is said of many places is said once', () => {
  const at = (pointer: string, severity: 'error' | 'warning' = 'warning') => ({
    severity,
    dataset: 'units' as const,
    code: severity === 'error' ? 'parent-missing' : 'uncertain',
    pointer,
    message: severity === 'error' ? 'there is no unit "77-0"' : 'nobody knows',
  })
  expect(stripVTControlCharacters(tableOf([at('/a'), at('/b'), at('/c', 'error')], 80)))
    .toBe(`units: 1 errors, 2 warnings
  ✗ error   parent-missing (1)
    /c  there is no unit "77-0"
  ! warning uncertain (2)
    /a  nobody knows
    /b
`)
})

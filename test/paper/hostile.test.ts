import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPdf } from '../../src/paper/verify.ts'
import { hostileFiles } from '../support/hostile-files.ts'
import { costOf, type Cost } from '../support/verify-cost.ts'

const folder = mkdtempSync(join(tmpdir(), 'motcua-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const names = Object.keys(hostileFiles)

// By `npm run bench -- verify`, which measures each of them.
const heaviest = [
  'an object stream of 30 MB of strings',
  'an array of dictionaries',
  'a dictionary of a million keys',
  'four tables of 240,000 objects each, one after the other',
  '100,000 objects, and 30 signatures before another revision',
  'a signature of a million certificates',
  'a comment of 10 MB',
]

let paths: string[]
let cost: Cost
beforeAll(async () => {
  paths = []
  for (const make of Object.values(hostileFiles)) {
    const bytes = await make()
    expect(bytes.length).toBeLessThanOrEqual(10 * 1024 * 1024)
    const path = join(folder, `${paths.length}.pdf`)
    writeFileSync(path, bytes)
    paths.push(path)
  }
  cost = costOf(...paths)
}, 120_000)

test('each hostile file fails, all in one process with 64 MB of heap', () => {
  const said = cost.files.map(({ indication }, at) => [names[at], indication])
  expect(said).toEqual(names.map((name) => [name, 'TOTAL-FAILED']))
})

test('none keeps the processor: what has no bound would take minutes', () => {
  // That it is less than a second is for `npm run bench -- verify` to say: here neighbours run.
  expect(cost.files.filter(({ seconds }) => seconds > 10)).toEqual([])
})

test.each(heaviest)('%s: below 128 MB, with 64 MB of heap', { timeout: 60_000 }, (name) => {
  expect(costOf(paths[names.indexOf(name)] ?? name).memory).toBeLessThan(128)
})

test('an encrypted file says that it is, whatever its signature is worth', async () => {
  const bytes = await hostileFiles['encrypted']?.()
  const verdict = await verifyPdf(bytes ?? new Uint8Array(), { roots: [], crls: [], at: new Date() })
  expect(verdict.reasons).toMatchObject([{ code: 'encrypted', subIndication: 'FORMAT_FAILURE' }])
})

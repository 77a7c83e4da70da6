import { expect, test } from 'vitest'
import { scan } from '../../src/local/scan.ts'
import { openOriginal } from '../../src/paper/original.ts'
import { cases } from '../../src/local/walk-cases.ts'

test(
  'the demo scans papers into originals that a copy can be made of, in each form',
  { timeout: 120_000 },
  async () => {
    const [first] = cases
    if (!first) throw new Error('the walk has cases')
    for (const as of ['pdf', 'png', 'jpeg'] as const) {
      const bytes = await scan(first.result.paper, { as })
      expect(await openOriginal(bytes)).toMatchObject({ ok: true, value: { pages: 1 } })
    }
  },
)

test('the walk has a dossier for each of its six procedures and one of a district that is gone, each copy in its own file', () => {
  expect(new Set(cases.map(({ procedure }) => procedure)).size).toBe(6)
  expect(new Set(cases.map(({ file }) => file)).size).toBe(7)
  expect(cases.filter(({ takenOver }) => takenOver?.unit === '002-0')).toHaveLength(1)
})

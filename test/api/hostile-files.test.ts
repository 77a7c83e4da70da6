import { expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { openOriginal } from '../../src/paper/original.ts'
import { pngOfData } from '../support/pictures.ts'
import { bomb, hostileFiles } from '../support/hostile-files.ts'

// What the runtime itself has to do with, and one of each kind; all the others are judged in test/paper/hostile.test.ts.
test.each([
  'an object stream that inflates to 10 GB',
  'an object stream of 30 MB of strings',
  'cross-references that inflate to 10 GB',
  'cross-references with a predictor over 30 MB',
  'arrays in arrays, 10,000 deep',
  'dictionaries in dictionaries, 10,000 deep',
  'references to references, 10,000 deep',
  'fields in fields, 10,000 deep',
  '1,000 empty signature fields',
  '1,000 signatures',
  '30 signatures over 10 MB',
  '32 certificates with keys of 8192 bits that all name each other',
  'encrypted',
  '100,000 objects, and 30 signatures before another revision',
  'a signature of 2 million values',
])('%s: a verdict, and no fault of ours', async (name) => {
  const body = await hostileFiles[name]?.()
  if (!body) throw new Error(`no file ${name}`)
  const headers = { 'content-type': 'application/pdf' }
  const { status, body: said } = await ask(null, '/v1/verifications', { body, headers })
  expect([status, said.indication, said.registered]).toEqual([200, 'TOTAL-FAILED', null])
  expect([...said.reasons, ...said.signatures.flatMap((one: { reasons: unknown[] }) => one.reasons)]).not.toEqual([])
})

test('a picture that inflates to 10 GB is given up at the first byte too many, whatever size it says', async () => {
  for (const [width, height] of [
    [10, 10],
    [1500, 1500],
  ] as const) {
    const opened = await openOriginal(pngOfData({ width, height, depth: 8, type: 6 }, bomb()))
    expect(opened).toMatchObject({ ok: false, refusal: 'original-damaged' })
  }
})

import { beforeAll, expect, test } from 'vitest'
import { verifyPdf } from '../../src/paper/verify.ts'
import { anOffice, issued, trustIn, type Office } from '../support/paper.ts'
import { flipped } from '../support/tampering.ts'

let office: Office
beforeAll(async () => {
  office = await anOffice()
})

test('the Worker’s own runtime makes a copy that it finds good, and bad after one flipped byte', async () => {
  const { bytes } = await issued(office)
  const trust = await trustIn(office)
  expect(await verifyPdf(bytes, trust)).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
  expect(await verifyPdf(flipped(bytes, 700), trust)).toMatchObject({ indication: 'TOTAL-FAILED' })
})

import 'reflect-metadata'
import { PDF } from '@libpdf/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { archiveCopy, type ArchivedCopy } from '../../src/paper/archive.ts'
import { readCertificate } from '../../src/paper/certificate.ts'
import { hex, sha256 } from '../../src/paper/bytes.ts'
import { verifyPdf, type Trust } from '../../src/paper/verify.ts'
import { hybridPdf, linearizedPdf } from '../support/pdf.ts'
import { anOffice, anOriginal, issued, timestampAt, today, type Office } from '../support/paper.ts'

const later = (days: number) => new Date(today.getTime() + days * 86_400_000)
const soonAfter = (at: Date) => new Date(at.getTime() + 60_000)

let office: Office
let copy: Uint8Array
let archived: ArchivedCopy
const evidenceAt = async (of: Office, at: Date) => ({
  certificates: [of.pki.root, of.pki.issuing, of.pki.timestampAuthority.certificate],
  crls: await of.pki.crls(at),
})
const archive = async (file: Uint8Array, by: Office, at: Date) =>
  archiveCopy(file, timestampAt(by.pki, at), await evidenceAt(by, at))
const trusting = (at: Date, ...offices: Office[]): Trust => ({
  roots: offices.map(({ pki }) => pki.root),
  crls: [],
  at,
})

beforeAll(async () => {
  office = await anOffice()
  copy = (await issued(office)).bytes
  archived = await archive(copy, office, later(1))
})

describe('an archived copy', () => {
  test('keeps the signed file as its exact prefix and passes without a network, covered up to its end', async () => {
    expect(hex(archived.bytes.subarray(0, copy.length))).toBe(hex(copy))
    expect(archived.sha256).toBe(hex(await sha256(archived.bytes)))
    const verdict = await verifyPdf(archived.bytes, trusting(soonAfter(later(1)), office))
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true, signedTo: copy.length })
    expect(verdict.signatures.map(({ kind }) => kind)).toEqual(['signature', 'signature', 'timestamp'])
  })

  test('says when the certificate of its time-stamp ends', () => {
    const { notAfter } = readCertificate(office.pki.timestampAuthority.certificate)
    expect(archived.provableUntil).toEqual(notAfter)
  })

  test('passes when the time-stamps of its signatures have run out, if it was archived again before: others do not', async () => {
    const [inFourYears, inSixYears] = [later(4 * 365), later(6 * 365)]
    const next = await anOffice()
    const again = await archive(archived.bytes, next, inFourYears)
    expect(hex(again.bytes.subarray(0, archived.bytes.length))).toBe(hex(archived.bytes))
    const verdict = await verifyPdf(again.bytes, trusting(soonAfter(inFourYears), office, next))
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
    expect((await verifyPdf(copy, trusting(inSixYears, office))).indication).toBe('INDETERMINATE')
    expect((await verifyPdf(archived.bytes, trusting(inSixYears, office))).indication).toBe('INDETERMINATE')
  })

  test('with one byte changed anywhere does not pass', async () => {
    const added = archived.bytes.length - copy.length
    const places = Array.from({ length: 40 }, (_, at) => copy.length + Math.floor((added * at) / 40))
    for (const at of [700, copy.length - 9, ...places, archived.bytes.length - 1]) {
      const changed = archived.bytes.with(at, (archived.bytes[at] ?? 0) ^ 1)
      const { indication } = await verifyPdf(changed, trusting(soonAfter(later(1)), office))
      expect([at, indication]).toEqual([at, 'TOTAL-FAILED'])
    }
  })

  test.each([
    ['linearized', linearizedPdf()],
    ['for old and new readers at once (hybrid)', hybridPdf()],
    ['a hybrid of an office program', hybridPdf(true)],
  ])('of an original that is %s keeps that as the exact prefix of it all', async (_, original) => {
    const signed = await issued(office, {}, original)
    const { bytes } = await archive(signed.bytes, office, later(1))
    expect(hex(signed.bytes.subarray(0, original.length))).toBe(hex(original))
    expect(hex(bytes.subarray(0, signed.bytes.length))).toBe(hex(signed.bytes))
    const verdict = await verifyPdf(bytes, trusting(soonAfter(later(1)), office))
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
    const [first] = (await PDF.load(bytes)).extractText()
    expect(first?.text).toContain('GIAY TO')
  })

  test('is never made of a file that nobody signed', async () => {
    await expect(archive(await anOriginal(), office, today)).rejects.toThrow('only a signed file is archived')
  })
})

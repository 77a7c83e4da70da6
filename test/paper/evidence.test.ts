import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { rootCertificate } from '../../src/sandbox/certificates.ts'
import { verifyPdf, type Trust } from '../../src/paper/verify.ts'
import {
  certified,
  newPair,
  ocspResponse,
  otherSigner,
  type OcspOrder,
  type OtherSigner,
} from '../support/other-signers.ts'
import { anOffice, anOriginal, timestampAt, today, trustIn, type Office } from '../support/paper.ts'
import { sealed, withStore } from '../support/revisions.ts'

const day = 86_400_000
const later = (days: number) => new Date(today.getTime() + days * day)
const seal = { subFilter: 'ETSI.CAdES.detached' }
const stamp = (office: Office, at: Date) => ({
  subFilter: 'ETSI.RFC3161',
  type: 'DocTimeStamp',
  cms: timestampAt(office.pki, at),
})

let office: Office
let trust: Trust
beforeAll(async () => {
  office = await anOffice()
  trust = await trustIn(office)
})

describe('what others signed is judged like our own', () => {
  test.each(['P-256', 'P-384', 'RSA', 'RSA-PSS'] as const)('with %s', async (kind) => {
    const signer = await otherSigner(office.pki, kind)
    const file = await sealed(await anOriginal(), { ...seal, cms: signer.sign })
    expect(await verifyPdf(file, trust)).toMatchObject({
      indication: 'TOTAL-PASSED',
      wholeDocumentCovered: true,
      signatures: [{ kind: 'signature', signer: `Công ty ${kind}`, signedAt: null }],
    })
    const keys = await newPair('P-256')
    const stranger = await rootCertificate({ commonName: 'Another Root', organisation: 'Elsewhere' }, keys)
    const other = { ...trust, roots: [new Uint8Array(stranger.rawData)] }
    expect(await verifyPdf(file, other)).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    })
    const changed = new Uint8Array(file)
    changed[700] = (changed[700] ?? 0) ^ 1
    expect((await verifyPdf(changed, trust)).indication).toBe('TOTAL-FAILED')
  })
})

describe('an OCSP response', () => {
  let signer: OtherSigner
  let file: Uint8Array
  beforeAll(async () => {
    signer = await otherSigner(office.pki, 'P-256')
    file = await sealed(await anOriginal(), { ...seal, cms: signer.sign })
  })
  // Of the issuing authority's list only the root's stays: then the leaf needs a response.
  const judged = async (order: Partial<OcspOrder>, change?: (response: Uint8Array) => Uint8Array) => {
    const [rootList] = await office.pki.crls(today)
    const asked = { certificate: signer.certificate, thisUpdate: today, nextUpdate: later(1), ...order }
    const response = await ocspResponse(office.pki, asked)
    const { indication, subIndication } = await verifyPdf(file, {
      roots: [office.pki.root],
      crls: [rootList],
      ocsps: [change ? change(response) : response],
      at: new Date(today.getTime() + 60_000),
    })
    return [indication, subIndication]
  }
  const responder = async (...extensions: x509.Extension[]) => {
    const { privateKey, publicKey } = await newPair('P-256')
    return { key: privateKey, certificate: await certified(office.pki, publicKey, 'Responder', extensions) }
  }
  const forOcsp = new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9'])
  const noCheck = new x509.Extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(0x05, 0x00))
  const tryLater = ['INDETERMINATE', 'TRY_LATER']

  test('of the authority itself says that a certificate is good, by either hash', async () => {
    expect(await judged({})).toEqual(['TOTAL-PASSED', null])
    expect(await judged({ idHash: 'SHA-256' })).toEqual(['TOTAL-PASSED', null])
  })
  test('says that it was revoked', async () => {
    expect(await judged({ status: later(-1) })).toEqual(['INDETERMINATE', 'REVOKED_NO_POE'])
  })
  test('of a responder counts only if the authority entrusted it with that, and exempted it from being checked', async () => {
    expect(await judged({ responder: await responder(forOcsp, noCheck) })).toEqual(['TOTAL-PASSED', null])
    expect(await judged({ responder: await responder(noCheck) })).toEqual(tryLater)
    expect(await judged({ responder: await responder(forOcsp) })).toEqual(tryLater)
  })
  test('of a stranger with the right name, or of another authority’s responder, is none', async () => {
    const [real, { privateKey: key }] = [await responder(forOcsp, noCheck), await newPair('P-256')]
    expect(await judged({ responder: { ...real, key } })).toEqual(tryLater)
    const elsewhere = await anOffice()
    const { privateKey, publicKey } = await newPair('P-256')
    const certificate = await certified(elsewhere.pki, publicKey, 'Responder', [forOcsp, noCheck])
    expect(await judged({ responder: { key: privateKey, certificate } })).toEqual(tryLater)
  })
  test('that is changed, about another certificate, unknowing, too old or from the future is none', async () => {
    const flip = (response: Uint8Array) => response.with(response.length - 9, (response.at(-9) ?? 0) ^ 1)
    expect(await judged({}, flip)).toEqual(tryLater)
    expect(await judged({}, (response) => response.subarray(1))).toEqual(tryLater)
    expect(await judged({ certificate: office.seal.certificate })).toEqual(tryLater)
    expect(await judged({ status: 'unknown' })).toEqual(tryLater)
    expect(await judged({ thisUpdate: later(-3), nextUpdate: later(-2) })).toEqual(tryLater)
    expect(await judged({ thisUpdate: later(1), nextUpdate: later(2) })).toEqual(tryLater)
  })
})

describe('what is added for later years', () => {
  let signed: Uint8Array
  let signer: OtherSigner
  beforeAll(async () => {
    signer = await otherSigner(office.pki, 'P-256')
    signed = await sealed(await anOriginal(), { ...seal, cms: signer.sign })
  })
  const evidence = async () => ({
    Certs: [office.pki.root, office.pki.issuing, office.pki.timestampAuthority.certificate],
    CRLs: await office.pki.crls(today),
    OCSPs: [await ocspResponse(office.pki, { certificate: signer.certificate, thisUpdate: today })],
  })
  const withRoots = (at = new Date(today.getTime() + 60_000)): Trust => ({ roots: [office.pki.root], crls: [], at })

  test('validation data in a store of its own is no change, and is enough without a network (B-LT)', async () => {
    expect((await verifyPdf(signed, withRoots())).subIndication).toBe('TRY_LATER')
    const file = await withStore(signed, await evidence())
    expect(await verifyPdf(file, withRoots())).toMatchObject({
      indication: 'TOTAL-PASSED',
      wholeDocumentCovered: false,
    })
  })

  test('but nothing may hide beside the store', async () => {
    const hidden = await withStore(signed, await evidence(), new Map([[500, '(hidden)']]))
    expect(await verifyPdf(hidden, withRoots())).toMatchObject({ reasons: [{ code: 'bytes-after-last-signature' }] })
    const store = await withStore(signed, await evidence())
    for (const more of ['%hidden\n', '(hidden)\n', '500 0 obj\n(hidden)\nendobj\n']) {
      const file = new Uint8Array([...store, ...Buffer.from(more)])
      expect((await verifyPdf(file, withRoots())).indication).toBe('TOTAL-FAILED')
    }
  })

  test('nor may the trailer of the store’s revision say anew what the file is called, or that it is encrypted', async () => {
    const text = Buffer.from(await withStore(signed, await evidence())).toString('latin1')
    const at = text.lastIndexOf('/Info')
    const told = (trailer: string) => verifyPdf(Buffer.from(text.slice(0, at) + trailer, 'latin1'), withRoots())
    const rest = text.slice(at)
    expect((await told(rest)).indication).toBe('TOTAL-PASSED')
    const another = await told(rest.replace(/\/Info \d+ 0 R/, '/Info 1 0 R'))
    expect(another.signatures[0]?.reasons).toMatchObject([{ code: 'changed-after-signing' }])
    expect(await told(`/Encrypt 1 0 R${rest}`)).toMatchObject({
      indication: 'TOTAL-FAILED',
      reasons: [{ code: 'encrypted' }],
    })
  })

  test('a document time-stamp is judged with its authority and proves the time of all before it (B-LTA)', async () => {
    const file = await sealed(await withStore(signed, await evidence()), stamp(office, today))
    const verdict = await verifyPdf(file, withRoots())
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
    expect(verdict.signatures.map(({ kind, signedAt }) => [kind, signedAt?.getTime()])).toEqual([
      ['signature', Math.floor(today.getTime() / 1000) * 1000],
      ['timestamp', Math.floor(today.getTime() / 1000) * 1000],
    ])
    expect(verdict.signedTo).toBe(signed.length)
    // The signer's certificate ends after a year, the stamp was there before.
    expect((await verifyPdf(file, withRoots(later(400)))).indication).toBe('TOTAL-PASSED')
    const alone = await withStore(signed, await evidence())
    expect((await verifyPdf(alone, withRoots(later(400)))).subIndication).toBe('OUT_OF_BOUNDS_NO_POE')
  })

  test('a time-stamp that has itself run out holds as long as a later one covers it', async () => {
    const once = await sealed(await withStore(signed, await evidence()), stamp(office, today))
    const [inFourYears, inSixYears] = [later(4 * 365), later(6 * 365)]
    expect((await verifyPdf(once, withRoots(inSixYears))).indication).toBe('INDETERMINATE')
    const next = await anOffice()
    const roots = [office.pki.root, next.pki.root]
    const [old, lists] = [await evidence(), await next.pki.crls(inFourYears)]
    const store = { ...old, Certs: [...old.Certs, next.pki.issuing], CRLs: [...old.CRLs, ...lists] }
    const twice = await sealed(await withStore(once, store), stamp(next, inFourYears))
    const verdict = await verifyPdf(twice, { roots, crls: [], at: new Date(inFourYears.getTime() + 60_000) })
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
  })

  test('a document time-stamp over other bytes fails, and alone it signs nothing', async () => {
    const wrong = { ...stamp(office, today), cms: () => timestampAt(office.pki, today)(new Uint8Array(9)) }
    const verdict = await verifyPdf(await sealed(signed, wrong), trust)
    expect(verdict).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' })
    const unsigned = await verifyPdf(await sealed(await anOriginal(), stamp(office, today)), trust)
    expect(unsigned).toMatchObject({ indication: 'TOTAL-FAILED', reasons: [{ code: 'no-signature' }] })
  })

  test('with it nothing that shows may come: a widget with extent, another page, an object that was waited for', async () => {
    const seen = await sealed(signed, { ...stamp(office, today), rect: '0 0 500 500' })
    expect((await verifyPdf(seen, trust)).signatures[0]?.reasons).toMatchObject([{ code: 'changed-after-signing' }])

    const text = Buffer.from(await anOriginal()).toString('latin1')
    // The page waits for an object that is not there: to whoever adds it the page belongs.
    const waiting = text.replace(/\/Contents (\[[^\]]*\]|\d+ 0 R)/, (all: string) =>
      '/Contents 99 0 R'.padEnd(all.length),
    )
    expect(waiting).not.toBe(text)
    const early = await sealed(new Uint8Array(Buffer.from(waiting, 'latin1')), { ...seal, cms: signer.sign })
    expect((await verifyPdf(early, trust)).indication).toBe('TOTAL-PASSED')
    const drawing = new Map([[99, Buffer.from('BT /F1 40 Tf 90 700 Td (PAID) Tj ET')]])
    const shadow = await sealed(early, stamp(office, today), drawing)
    expect((await verifyPdf(shadow, trust)).signatures[0]?.reasons).toMatchObject([{ code: 'changed-after-signing' }])
  })
})

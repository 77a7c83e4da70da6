import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { CryptoKeySigner, PDF } from '@libpdf/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, latin1, latin1Text, sha256 } from '../../src/paper/bytes.ts'
import { detached, signedData } from '../../src/paper/cms.ts'
import { oid } from '../../src/paper/oids.ts'
import { issueCopy } from '../../src/paper/issue.ts'
import { localSigner } from '../../src/paper/local-signer.ts'
import { readSignedData } from '../../src/paper/signed-data.ts'
import { verifyPdf, type Trust, type Verdict } from '../../src/paper/verify.ts'
import {
  anOffice,
  anOriginal,
  issued,
  officerName,
  order,
  timestampAt,
  today,
  trustIn,
  unitName,
  type Office,
} from '../support/paper.ts'
import { appended, sealed } from '../support/revisions.ts'
import { cmsOf, coveredBy, flipped, gapOf, rebuilt, withCms } from '../support/tampering.ts'

let office: Office
let copy: Uint8Array
let trust: Trust
beforeAll(async () => {
  office = await anOffice()
  copy = (await issued(office)).bytes
  trust = await trustIn(office)
})

const judged = (bytes: Uint8Array) => verifyPdf(bytes, trust)
const codesOf = ({ reasons }: Pick<Verdict, 'reasons'>) => reasons.map(({ code }) => code)
/** What is said of a file, and of one of its signatures. */
const saidOf = async (bytes: Uint8Array, index: number) => {
  const { indication, subIndication, signatures } = await judged(bytes)
  const one = signatures[index]
  return [indication, subIndication, one && [one.indication, one.subIndication, ...codesOf(one)]]
}
const failsBy = (subIndication: string, ...codes: string[]) => [
  'TOTAL-FAILED',
  subIndication,
  ['TOTAL-FAILED', subIndication, ...codes],
]
const reasonsOf = async (bytes: Uint8Array, index: number) => {
  const signature = (await judged(bytes)).signatures[index]
  return signature && codesOf(signature)
}

describe('a copy is tampered with', () => {
  test('one byte of the original is flipped: TOTAL-FAILED/HASH_FAILURE', async () => {
    const at = latin1Text(copy).indexOf('/MediaBox')
    const verdict = await judged(flipped(copy, at + 12))
    expect(verdict).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' })
    expect(verdict.signatures.every((one) => codesOf(one).includes('content-digest'))).toBe(true)
  })

  test('an update that draws on page 1 is appended: TOTAL-FAILED, the file is not covered', async () => {
    const pdf = await PDF.load(copy)
    pdf.getPage(0)?.drawText('PAID', { x: 100, y: 100 })
    const verdict = await judged(await pdf.save({ incremental: true }))
    expect(verdict).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
      wholeDocumentCovered: false,
      reasons: [{ code: 'bytes-after-last-signature' }],
    })
  })

  test('it is written anew as a whole: TOTAL-FAILED', async () => {
    const pdf = await PDF.load(copy)
    pdf.setTitle('another')
    expect(await judged(await pdf.save())).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
    })
  })

  test('it is signed by a self-made certificate of the same name and serial number: INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND', async () => {
    const evil = await selfMade(office.officer.certificate)
    const result = await issueCopy(await anOriginal(), order, {
      certifier: localSigner(evil),
      seal: office.signers.seal,
    })
    if (!result.ok) throw new Error(result.refusal)
    const verdict = await judged(result.value.bytes)
    expect(verdict).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
    expect(verdict.signatures.map(({ indication }) => indication)).toEqual(['INDETERMINATE', 'TOTAL-PASSED'])
  })

  test('the certificate is replaced by another one: TOTAL-FAILED', async () => {
    const other = await office.pki.issueLeaf({ commonName: unitName, organisation: unitName, kind: 'seal' })
    const cms = rebuilt(cmsOf(copy, 1), { certificates: [other.certificate, office.pki.issuing] })
    expect(await saidOf(withCms(copy, 1, cms), 1)).toEqual(failsBy('FORMAT_FAILURE', 'signing-certificate-missing'))
  })

  test('the certificate is replaced by another one over the same key and number: TOTAL-FAILED by the ESS hash', async () => {
    const twin = await twinOf(office, office.seal.certificate, 'Ủy ban nhân dân phường khác')
    const cms = rebuilt(cmsOf(copy, 1), { certificates: [twin, office.pki.issuing] })
    const verdict = await judged(withCms(copy, 1, cms))
    expect(verdict).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' })
    expect(verdict.signatures[1]?.reasons).toMatchObject([{ code: 'signing-certificate-mismatch' }])
  })

  test('it is cut off behind the first signature: INDETERMINATE, the seal is missing', async () => {
    const verdict = await judged(copy.subarray(0, gapOf(copy, 0).coveredTo))
    expect(verdict).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'SIG_CONSTRAINTS_FAILURE',
      reasons: [{ code: 'signature-missing' }],
      wholeDocumentCovered: true,
    })
  })

  test('data is hidden in the zeros behind a signature: TOTAL-FAILED', async () => {
    const { end } = gapOf(copy, 1)
    const hidden = new Uint8Array(copy)
    hidden.set(latin1('beef'), end - 4)
    expect(await saidOf(hidden, 1)).toEqual(failsBy('FORMAT_FAILURE', 'padding'))
  })

  test('a signature carries other content inside: TOTAL-FAILED', async () => {
    const content = latin1('what the seal signed elsewhere')
    const attached = { type: oid.data, digest: await sha256(content), embedded: content }
    const cms = await signedData(attached, office.signers.seal)
    expect(await saidOf(withCms(copy, 1, cms), 1)).toEqual(failsBy('FORMAT_FAILURE', 'not-detached', 'content-digest'))
  })

  test('a signature gets the time-stamp of another one: TOTAL-FAILED', async () => {
    const token = readSignedData(cmsOf(copy, 0)).signer.unsigned.get(oid.signatureTimestamp)
    if (!token) throw new Error('no token')
    const verdict = await judged(withCms(copy, 1, rebuilt(cmsOf(copy, 1), { timestamp: token.raw })))
    expect(verdict).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' })
    expect(verdict.signatures[1]).toMatchObject({ reasons: [{ code: 'timestamp-imprint' }], signedAt: null })
  })

  test('the seal is taken out of its field by an update: TOTAL-FAILED', async () => {
    const text = latin1Text(copy)
    const [, field, entries] = /(\d+) 0 obj\n<<(\/FT\/Sig\/T\(CoQuanChungThuc\)[^\n]*)\/V \d+ 0 R>>/.exec(text) ?? []
    const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]
    const size = /\/Size (\d+)[^\n]*\/Prev \d+>>\nstartxref\n\d+\n%%EOF\n$/.exec(text)?.[1]
    const root = /\/Root \d+ 0 R/.exec(text)?.[0]
    const object = `${field} 0 obj\n<<${entries}>>\nendobj\n`
    const xref = `xref\n${field} 1\n${String(copy.length).padStart(10, '0')} 00000 n \n`
    const trailer = `trailer\n<</Size ${size}${root}/Prev ${previous}>>\nstartxref\n${copy.length + object.length}\n%%EOF\n`
    const verdict = await judged(concat(copy, latin1(object + xref + trailer)))
    expect(verdict).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
      wholeDocumentCovered: false,
    })
    expect(codesOf(verdict)).toContain('signature-missing')
  })

  test('the seal’s field is led to the certifier’s signature, and a genuine time-stamp covers it: TOTAL-FAILED', async () => {
    const [, field, entries] =
      /(\d+) 0 obj\n(<<\/FT\/Sig\/T\(CoQuanChungThuc\)[^\n]*)\/V \d+ 0 R>>/.exec(latin1Text(copy)) ?? []
    const other = /\/T\(NguoiChungThuc\)[^\n]*\/V (\d+) 0 R/.exec(latin1Text(copy))?.[1]
    const led = await appended(copy, new Map([[Number(field), `${entries}/V ${other} 0 R>>`]]))
    const stamp = { subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', cms: timestampAt(office.pki, today) }
    const verdict = await judged(await sealed(led, stamp))
    expect(verdict).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' })
    expect(verdict.signatures.flatMap(codesOf)).toContain('signature-unreachable')
  })

  test('a signature over other bytes by the right seal is put in: TOTAL-FAILED', async () => {
    const cms = await signedData(detached(await sha256(latin1('other'))), office.signers.seal)
    expect(await saidOf(withCms(copy, 1, cms), 1)).toEqual(failsBy('HASH_FAILURE', 'content-digest'))
    const right = await signedData(detached(await sha256(coveredBy(copy, 1))), office.signers.seal)
    expect(await reasonsOf(withCms(copy, 1, right), 1)).toEqual([])
  })

  test('someone with a good certificate changes a page and signs the whole anew: TOTAL-FAILED, it was certified', async () => {
    const stranger = await office.pki.issueLeaf({ commonName: 'Người khác', organisation: 'Công ty', kind: 'officer' })
    const key = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const pkcs8 = await crypto.subtle.importKey('pkcs8', stranger.privateKeyPkcs8, key, false, ['sign'])
    const pdf = await PDF.load(copy)
    pdf.getPage(0)?.drawText('PAID', { x: 100, y: 100 })
    const signer = new CryptoKeySigner(pkcs8, stranger.certificate, 'EC', 'ECDSA', stranger.chain)
    const { bytes } = await pdf.sign({ signer, fieldName: 'Another', level: 'B-B' })
    const verdict = await judged(bytes)
    expect(verdict).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
      wholeDocumentCovered: true,
    })
    expect(verdict.signatures.map(codesOf)).toEqual([['changed-after-certification'], ['changed-after-signing'], []])
  })

  test('the letters of a signature are written in another case: TOTAL-FAILED, no byte has two forms', async () => {
    const { start } = gapOf(copy, 1)
    const at = start + latin1Text(copy.subarray(start)).search(/[a-f]/)
    const changed = new Uint8Array(copy)
    changed[at] = (changed[at] ?? 0) - 32
    expect(await saidOf(changed, 1)).toEqual(failsBy('FORMAT_FAILURE', 'byte-range-gap'))
  })
})

describe('certificates', () => {
  test('of an unknown root: INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND', async () => {
    const verdict = await verifyPdf(copy, { ...trust, roots: [] })
    expect(verdict).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
  })

  test('without any revocation list at hand: INDETERMINATE/TRY_LATER', async () => {
    const result = await issueCopy(await anOriginal(), order, office.signers)
    if (!result.ok) throw new Error(result.refusal)
    const verdict = await verifyPdf(result.value.bytes, { ...trust, crls: [] })
    expect(verdict).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' })
  })

  test('revoked before the time-stamp: TOTAL-FAILED/REVOKED; after it: the copy stays good', async () => {
    const before = await anOffice()
    const bytes = (await issued(before)).bytes
    before.pki.revoke(before.seal.serialNumber, new Date(today.getTime() + 1000))
    expect(await verifyPdf(bytes, await trustIn(before))).toMatchObject({ indication: 'TOTAL-PASSED' })
    before.pki.revoke(before.officer.serialNumber, new Date(today.getTime() - 1000))
    expect(await verifyPdf(bytes, await trustIn(before))).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'REVOKED',
    })
  })

  test('revoked, and nothing proves when the signature was made: INDETERMINATE/REVOKED_NO_POE', async () => {
    const other = await anOffice()
    const result = await issueCopy(await anOriginal(), order, other.signers)
    if (!result.ok) throw new Error(result.refusal)
    other.pki.revoke(other.officer.serialNumber, today)
    expect(await verifyPdf(result.value.bytes, await trustIn(other))).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'REVOKED_NO_POE',
    })
  })

  test('that had expired when the time-stamp was made: TOTAL-FAILED/EXPIRED', async () => {
    const day = 86_400_000
    const validity = { notBefore: new Date(today.getTime() - 3 * day), notAfter: new Date(today.getTime() - day) }
    const late = await office.pki.issueLeaf({
      commonName: officerName,
      organisation: unitName,
      kind: 'officer',
      validity,
    })
    const signers = { certifier: localSigner(late), seal: office.signers.seal }
    const result = await issueCopy(await anOriginal(), order, signers, { timestamp: timestampAt(office.pki, today) })
    if (!result.ok) throw new Error(result.refusal)
    expect(await judged(result.value.bytes)).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'EXPIRED' })
  })

  test('that expired after the time-stamp: the copy stays good', async () => {
    const later = new Date(office.officer ? today.getTime() + 731 * 86_400_000 : 0)
    const verdict = await verifyPdf(copy, await trustIn(office, { at: later }))
    expect(verdict.indication).toBe('TOTAL-PASSED')
  })

  test('of the required signers must be there by name or by hash', async () => {
    const requiredSigners = [{ commonName: officerName }, { commonName: unitName }]
    expect((await verifyPdf(copy, { ...trust, requiredSigners })).indication).toBe('TOTAL-PASSED')
    const another = [{ certificateSha256: '0'.repeat(64) }]
    expect(await verifyPdf(copy, { ...trust, requiredSigners: another })).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'SIG_CONSTRAINTS_FAILURE',
      reasons: [{ code: 'required-signer-missing' }],
    })
  })
})

describe('what is no signed PDF', () => {
  test('is TOTAL-FAILED/FORMAT_FAILURE, whatever it is', async () => {
    for (const bytes of [
      new Uint8Array(),
      latin1('hello'),
      latin1('%PDF-1.7\n%%EOF'),
      new Uint8Array(5000).fill(0x28),
    ]) {
      expect(await judged(bytes)).toMatchObject({
        indication: 'TOTAL-FAILED',
        subIndication: 'FORMAT_FAILURE',
        signatures: [],
      })
    }
  })
  test('an unsigned PDF says no-signature', async () => {
    expect(codesOf(await judged(await anOriginal()))).toEqual(['no-signature'])
  })
})

/** Same names and serial number, but signed with its own key. */
async function selfMade(certificate: Uint8Array<ArrayBuffer>) {
  const genuine = new x509.X509Certificate(certificate)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('a pair')
  const forged = await x509.X509CertificateGenerator.create({
    serialNumber: genuine.serialNumber,
    subject: genuine.subjectName,
    issuer: genuine.issuerName,
    notBefore: genuine.notBefore,
    notAfter: genuine.notAfter,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: genuine.extensions.filter(({ type }) => type !== '2.5.29.35'),
  })
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  if (!(pkcs8 instanceof ArrayBuffer)) throw new Error('binary')
  const privateKeyPkcs8 = new Uint8Array(pkcs8)
  return { certificate: new Uint8Array(forged.rawData), chain: [], privateKeyPkcs8, algorithm: 'ec' as const }
}

/** A second certificate of the issuing authority over the same key, with the same number and another name. */
async function twinOf({ pki }: Office, certificate: Uint8Array<ArrayBuffer>, commonName: string): Promise<Uint8Array> {
  const genuine = new x509.X509Certificate(certificate)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const pem = readFileSync(join(pki.folder, 'issuing.key'), 'utf8')
  const pkcs8 = x509.PemConverter.decodeFirst(pem)
  const twin = await x509.X509CertificateGenerator.create({
    serialNumber: genuine.serialNumber,
    subject: [{ CN: [commonName] }],
    issuer: genuine.issuerName,
    notBefore: genuine.notBefore,
    notAfter: genuine.notAfter,
    publicKey: genuine.publicKey,
    signingKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    extensions: genuine.extensions,
  })
  return new Uint8Array(twin.rawData)
}

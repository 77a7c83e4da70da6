import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { issueCopy } from '../../src/paper/issue.ts'
import { localSigner } from '../../src/paper/local-signer.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import type { OcspAnswer } from '../../src/store/ocsp-answers.ts'
import { respondersOf } from '../../src/usecases/signing/responders.ts'
import { judged as judgedBy } from '../../src/usecases/signing/signers.ts'
import { certified, newPair, ocspResponse, type OcspOrder } from '../support/other-signers.ts'
import { flipped } from '../support/tampering.ts'
import { anOffice, anOriginal, type Office, order, today } from '../support/paper.ts'

/** An authority that publishes no list of what it issues: its certificates name a responder instead. */
let office: Office
/** Whose time-stamps are used; it has lists as usual. */
let stamps: Office
const responder = 'http://ocsp.example.vn/city'

async function listless(commonName: string) {
  const { privateKey, publicKey } = await newPair('P-256')
  const extension = new x509.AuthorityInfoAccessExtension({
    ocsp: [responder],
    caIssuers: ['http://ca.example.vn/ca.crt'],
  })
  const certificate = await certified(office.pki, publicKey, commonName, [extension])
  const exported = await crypto.subtle.exportKey('pkcs8', privateKey)
  if (!(exported instanceof ArrayBuffer)) throw new Error('no PKCS #8')
  const privateKeyPkcs8 = new Uint8Array(exported)
  return { certificate, chain: [office.pki.issuing], algorithm: 'ec' as const, privateKeyPkcs8 }
}

let [certifier, seal]: Awaited<ReturnType<typeof listless>>[] = []
beforeAll(async () => {
  ;[office, stamps] = await Promise.all([anOffice(), anOffice()])
  ;[certifier, seal] = await Promise.all([listless(order.certifier.name), listless(order.unitName)])
})
afterEach(() => vi.restoreAllMocks())

type Key = Awaited<ReturnType<typeof listless>>
const both = (): [Key, Key] => {
  if (!certifier || !seal) throw new Error('no keys')
  return [certifier, seal]
}
const trust = async () => {
  const [rootList] = await office.pki.crls(today)
  return { roots: [office.pki.root, stamps.pki.root], intermediates: [office.pki.issuing], crls: [rootList] }
}
const tomorrow = new Date(today.getTime() + 86_400_000)

/** What the store of answers does, in memory. */
function kept() {
  const answers = new Map<string, OcspAnswer>()
  const of = (certificate: Uint8Array) => Buffer.from(certificate).toString('hex')
  return {
    answers,
    find: async (certificate: Uint8Array) => answers.get(of(certificate)),
    keep: async (answer: OcspAnswer) => void answers.set(of(answer.certificate), answer),
    noteStamp: async () => {},
    stampedSince: async () => [],
  }
}
const judged = (key: Key, material: Awaited<ReturnType<typeof trust>>, at: Date, ocspAnswers = kept()) =>
  judgedBy(key, material, at, respondersOf({ ocspAnswers, now: () => at }))

/** Answers as the responder does, or with those bytes; answers what was asked of it. */
function answering(answer: (asked: Uint8Array) => Promise<Uint8Array>) {
  const asked: { url: string; type: string | null; request: Uint8Array }[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const request = new Uint8Array(init?.body as Uint8Array)
    asked.push({
      url: url instanceof Request ? url.url : url.toString(),
      type: new Headers(init?.headers).get('content-type'),
      request,
    })
    return new Response(Uint8Array.from(await answer(request)))
  })
  return asked
}
const honest = (change: Partial<OcspOrder> = {}) =>
  answering(async (request) => {
    const about = both().find(({ certificate }) => {
      const serial = new x509.X509Certificate(Uint8Array.from(certificate)).serialNumber
      return Buffer.from(request).toString('hex').endsWith(serial)
    })
    if (!about) throw new Error('asked about a stranger')
    return ocspResponse(office.pki, {
      certificate: about.certificate,
      thisUpdate: today,
      nextUpdate: tomorrow,
      ...change,
    })
  })

describe('a certificate of which no list tells', () => {
  test('signs once its responder says that it is good; what it said lies in the copy, which passes without a network', async () => {
    const asked = honest()
    const material = await trust()
    const [first, second] = await Promise.all(both().map((key) => judged(key, material, today)))
    expect([first?.fault, second?.fault]).toEqual([undefined, undefined])
    const post = { url: responder, type: 'application/ocsp-request' }
    expect(asked).toMatchObject([post, post])
    vi.restoreAllMocks()

    const { timestamp, revocation } = stamps.options
    const [one, two] = both()
    const signers = { certifier: localSigner(one), seal: localSigner(two) }
    const certificates = [...(revocation?.certificates ?? []), office.pki.root, office.pki.issuing]
    const crls = [...material.crls, ...(revocation?.crls ?? [])]
    const made = async (ocsps: Uint8Array[]) => {
      const known = { certificates, crls, ocsps }
      const copy = await issueCopy(await anOriginal(), order, signers, {
        ...(timestamp && { timestamp }),
        revocation: known,
      })
      if (!copy.ok) throw new Error(copy.refusal)
      const at = new Date(today.getTime() + 60_000)
      return verifyPdf(copy.value.bytes, { roots: material.roots, crls: [], at })
    }
    expect(await made([...(first?.ocsps ?? []), ...(second?.ocsps ?? [])])).toMatchObject({
      indication: 'TOTAL-PASSED',
    })
    expect(await made([])).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' })
  })

  test('that was revoked signs nothing', async () => {
    honest({ status: new Date(today.getTime() - 86_400_000) })
    expect((await judged(both()[0], await trust(), today)).fault).toBe('certificate-revoked')
  })

  test.each<[string, () => unknown]>([
    ['does not answer', () => vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('down'))],
    ['answers something else', () => answering(async () => Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06))],
    ['does not know it', () => honest({ status: 'unknown' })],
    ['said it the day before yesterday', () => honest({ thisUpdate: new Date(0), nextUpdate: new Date(86_400_000) })],
  ])('signs nothing while its responder %s', async (_what, begin) => {
    vi.spyOn(console, 'log').mockReturnValue()
    begin()
    expect((await judged(both()[0], await trust(), today)).fault).toBe('revocation-unknown')
  })

  test('is asked about only where the lists at hand do not tell', async () => {
    const asked = honest()
    const material = await trust()
    const lists = { ...material, crls: await office.pki.crls(today) }
    expect(await judged(both()[0], lists, today)).toEqual({ fault: undefined, ocsps: [] })
    expect(asked).toEqual([])
  })

  const hour = (hours: number) => new Date(today.getTime() + hours * 3_600_000)

  test('is asked about once an hour; while its responder is away the last answer serves until its next update', async () => {
    vi.spyOn(console, 'log').mockReturnValue()
    const [material, answers, key] = [await trust(), kept(), both()[0]]
    const asked = honest()
    for (const at of [today, hour(0.5), hour(0.9)]) {
      expect(await judged(key, material, at, answers)).toEqual({ fault: undefined, ocsps: [expect.anything()] })
    }
    expect(asked).toHaveLength(1)
    vi.restoreAllMocks()

    vi.spyOn(console, 'log').mockReturnValue()
    const away = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('down'))
    expect((await judged(key, material, hour(2), answers)).fault).toBeUndefined()
    expect((await judged(key, material, hour(2.05), answers)).fault).toBeUndefined()
    expect(away).toHaveBeenCalledTimes(1)
    expect((await judged(key, material, hour(23), answers)).fault).toBeUndefined()
    expect((await judged(key, material, hour(25), answers)).fault).toBe('revocation-unknown')
  })

  test('that was revoked meanwhile signs no more after an hour, whatever an older answer said', async () => {
    const [material, answers, key] = [await trust(), kept(), both()[0]]
    honest()
    expect((await judged(key, material, today, answers)).fault).toBeUndefined()
    vi.restoreAllMocks()
    honest({ status: hour(0.5), thisUpdate: hour(1), nextUpdate: hour(30) })
    expect((await judged(key, material, hour(0.9), answers)).fault).toBeUndefined()
    expect((await judged(key, material, hour(1.1), answers)).fault).toBe('certificate-revoked')
    vi.restoreAllMocks()
    // Somebody replays what the responder said before.
    honest()
    expect((await judged(key, material, hour(2.2), answers)).fault).toBe('certificate-revoked')
  })

  test.each<[string, () => unknown]>([
    [
      'is signed by a stranger',
      () =>
        answering(async () =>
          ocspResponse(stamps.pki, { certificate: both()[0].certificate, thisUpdate: today, nextUpdate: tomorrow }),
        ),
    ],
    [
      'does not say until when it counts',
      () => answering(async () => ocspResponse(office.pki, { certificate: both()[0].certificate, thisUpdate: today })),
    ],
    ['says nothing', () => honest({ status: 'unknown' })],
  ])('an answer that %s is not kept', async (_what, begin) => {
    begin()
    const answers = kept()
    await judged(both()[0], await trust(), today, answers)
    expect(answers.answers.size).toBe(0)
  })

  test('an answer that was changed where it is kept is worth nothing', async () => {
    const [material, answers, key] = [await trust(), kept(), both()[0]]
    honest()
    await judged(key, material, today, answers)
    for (const [name, answer] of answers.answers)
      answers.answers.set(name, { ...answer, der: flipped(answer.der, answer.der.length - 9) })
    expect((await judged(key, material, hour(0.1), answers)).fault).toBe('revocation-unknown')
  })
})

import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Leaf, openPki } from '../../src/local/pki.ts'
import { type SigningSimulator, startSigningSimulator } from '../../src/local/signing-simulator.ts'
import { issueCopy } from '../../src/paper/issue.ts'
import { localSigner } from '../../src/paper/local-signer.ts'
import { remoteSigner, WrongSignature } from '../../src/paper/remote-signer.ts'
import { type SigningService, signingService, SigningAway, SigningRefused } from '../../src/platform/signing-service.ts'
import { anOffice, anOriginal, type Office, order } from '../support/paper.ts'

const client = { clientId: 'motcua', clientSecret: 'secret' }
let office: Office
let rsa: Leaf
let simulator: SigningSimulator
let service: SigningService
const account = (change = {}) => ({
  name: 'simulator',
  url: `${simulator.url}/csc/v2`,
  tokenUrl: `${simulator.url}/oauth2/token`,
  ...client,
  timeout: 300,
  ...change,
})

beforeAll(async () => {
  office = await anOffice()
  const pki = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  rsa = await pki.issueLeaf({ commonName: 'Dấu', organisation: 'Phường', kind: 'seal', algorithm: 'rsa' })
  const keys = { officer: office.officer, seal: office.seal, rsa }
  simulator = await startSigningSimulator({ port: 0, client, keys, hangUpAfter: 1000 })
  service = signingService(account())
})
afterAll(() => simulator.close())

const at = (name: string, leaf: Leaf) => remoteSigner(leaf, (hash) => service.signHash(name, hash, leaf.algorithm))
const text = (words: string) => new TextEncoder().encode(words)

test('nothing but hashes leaves for a whole copy: every request, word for word', async () => {
  const before = simulator.asked.length
  const signed: string[] = []
  const noting = (leaf: Leaf, name: string) => {
    const signer = at(name, leaf)
    const sign = (bytes: Uint8Array) => {
      signed.push(createHash('sha256').update(bytes).digest('base64'))
      return signer.sign(bytes)
    }
    return { ...signer, sign }
  }
  const signers = { certifier: noting(office.officer, 'officer'), seal: noting(office.seal, 'seal') }
  const made = await issueCopy(await anOriginal('TUYET MAT'), order, signers, office.options)
  expect(made.ok).toBe(true)
  const asked = simulator.asked.slice(before).filter(({ path }) => path !== '/oauth2/token')
  const sha256 = '2.16.840.1.101.3.4.2.1'
  const expected = ['officer', 'seal'].flatMap((credentialID, index) => {
    const about = { credentialID, hashes: [signed[index]], hashAlgorithmOID: sha256 }
    return [
      { path: '/csc/v2/credentials/authorize', body: { ...about, numSignatures: 1 } },
      {
        path: '/csc/v2/signatures/signHash',
        body: { ...about, SAD: expect.any(String), signAlgo: '1.2.840.10045.4.3.2' },
      },
    ]
  })
  expect(asked.map(({ path, body }) => ({ path, body: JSON.parse(body) as unknown }))).toEqual(expected)
  const tokens = simulator.asked.filter(({ path }) => path === '/oauth2/token')
  expect(tokens.map(({ body }) => body)).toEqual(['grant_type=client_credentials&scope=service'])
})

test('RSA keys and EC keys sign alike, and ECDSA answers are taken in either encoding', async () => {
  expect((await at('rsa', rsa).sign(text('một'))).length).toBe(256)
  const bytes = text('hai')
  const inDer = await at('officer', office.officer).sign(bytes)
  expect(inDer.length).toBe(64)
  const sideBySide = remoteSigner(office.officer, () => localSigner(office.officer).sign(bytes))
  expect((await sideBySide.sign(bytes)).length).toBe(64)
})

test('an answer that is no signature over this hash under this certificate is never used', async () => {
  simulator.next('other')
  await expect(at('officer', office.officer).sign(text('ba'))).rejects.toThrow(WrongSignature)
  for (const wrong of [new Uint8Array(), new Uint8Array(64), text('not a signature'), new Uint8Array(256)])
    await expect(remoteSigner(office.officer, async () => wrong).sign(text('ba'))).rejects.toThrow(WrongSignature)
  const others = remoteSigner(office.seal, (hash) => service.signHash('officer', hash, 'ec'))
  await expect(others.sign(text('ba'))).rejects.toThrow(WrongSignature)
})

test.each([
  ['silent', SigningAway],
  ['late', SigningAway],
  ['down', SigningAway],
  ['twice', SigningAway],
] as const)('%s: it may pass, and the next one is signed', async (mishap, fault) => {
  simulator.next(mishap)
  await expect(at('officer', office.officer).sign(text('bốn'))).rejects.toThrow(fault)
  expect((await at('officer', office.officer).sign(text('bốn'))).length).toBe(64)
})

test('an activation that ran out is asked for anew, once; a token that was withdrawn, too', async () => {
  const made = simulator.made()
  simulator.next('expired')
  await at('officer', office.officer).sign(text('năm'))
  simulator.next('unauthorized')
  await at('officer', office.officer).sign(text('năm'))
  expect(simulator.made()).toBe(made + 2)
  simulator.next('expired', 'expired')
  await expect(at('officer', office.officer).sign(text('năm'))).rejects.toThrow(SigningRefused)
})

test('the same request sent twice is signed once: the activation is used up', async () => {
  const [made, count] = [simulator.made(), simulator.asked.length]
  await at('officer', office.officer).sign(text('sáu'))
  const again = simulator.asked.slice(count).find(({ path }) => path.endsWith('signHash'))
  const token = await fetch(`${simulator.url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('motcua:secret')}` },
  })
  const said: unknown = await token.json()
  const { access_token } = z.object({ access_token: z.string() }).parse(said)
  const repeated = await fetch(`${simulator.url}/csc/v2/signatures/signHash`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}` },
    body: again?.body ?? '',
  })
  expect([repeated.status, simulator.made()]).toEqual([400, made + 1])
})

test('a service that does not know us or the credential refuses, and one that is gone is away', async () => {
  await expect(service.info('nobody')).rejects.toThrow(SigningRefused)
  const stranger = signingService(account({ clientId: 'stranger' }))
  await expect(stranger.info('officer')).rejects.toThrow(SigningRefused)
  const gone = signingService(account({ url: 'http://127.0.0.1:1', tokenUrl: 'http://127.0.0.1:1/token' }))
  await expect(gone.info('officer')).rejects.toThrow(SigningAway)
})

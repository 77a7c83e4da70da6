import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Request, Response } from 'miniflare'
import { type Leaf, openPki, type Pki } from '../../src/local/pki.ts'
import { signingStatements } from '../../src/local/signing.ts'
import { startSigningSimulator } from '../../src/local/signing-simulator.ts'
import { timestampReply } from '../../src/sandbox/timestamps.ts'
import { listlessStamps, ocspResponse } from './other-signers.ts'

export const testMasterKey = 'm'.repeat(43)

const day = 86_400_000
const client = { clientId: 'motcua', clientSecret: 's'.repeat(43) }
const newPki = () => openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))

/** Certificates that operators of the tests import: good ones, and one of each kind that must not sign. */
async function importable(pki: Pki): Promise<Record<string, Leaf>> {
  const seal = { commonName: 'Ủy ban nhân dân phường Cửa Nam', organisation: 'Phường Cửa Nam', kind: 'seal' as const }
  const at = (days: number) => new Date(Date.now() + days * day)
  const [good, rsa, remote, remoteRsa, expired, early, revoked, stranger] = await Promise.all([
    pki.issueLeaf(seal),
    pki.issueLeaf({ ...seal, algorithm: 'rsa' }),
    pki.issueLeaf(seal),
    pki.issueLeaf({ ...seal, algorithm: 'rsa' }),
    pki.issueLeaf({ ...seal, validity: { notBefore: at(-30), notAfter: at(-1) } }),
    pki.issueLeaf({ ...seal, validity: { notBefore: at(1), notAfter: at(30) } }),
    pki.issueLeaf(seal),
    (await newPki()).issueLeaf(seal),
  ])
  pki.revoke(revoked.serialNumber)
  return { good, rsa, remote, remoteRsa, expired, early, revoked, stranger }
}

/** As PEM, for the tests that run in the Worker's own runtime. */
const pem = (label: string, der: Uint8Array) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`

const inPem = ({ certificate, chain, privateKeyPkcs8, serialNumber }: Leaf) => ({
  certificate: pem('CERTIFICATE', certificate),
  chain: chain.map((der) => pem('CERTIFICATE', der)),
  privateKey: pem('PRIVATE KEY', privateKeyPkcs8),
  serialNumber,
})

/** Certificates for the certifier and the seal of the units that tests certify at, a time-stamp authority and a remote signing service, from a PKI made for this run. */
export async function testSigning() {
  const pki = await newPki()
  const units = [
    { id: '00082-2025', name: 'Ủy ban nhân dân phường Cửa Nam' },
    { id: 'HN-STC-2025', name: 'Sở Tài chính thành phố Hà Nội' },
  ]
  const leafs = await importable(pki)
  const listless = await listlessStamps(await newPki(), 'http://timestamp.test/ocsp')
  const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64')
  const [rootList] = await listless.crls()
  let ocspAsked = 0
  const { url } = await startSigningSimulator({ port: 0, client, keys: leafs, hangUpAfter: 3500 })
  const service = { url: `${url}/csc/v2`, tokenUrl: `${url}/oauth2/token`, ...client, timeout: 3000 }
  const authorities = [{ url: 'https://timestamp.test/first' }, { url: 'https://timestamp.test/second' }]
  return {
    statements: await signingStatements(pki, units, {
      masterKeys: [['test', testMasterKey]],
      officerIssuer: 'city',
      crlUrl: 'https://timestamp.test/crl',
    }),
    bindings: {
      TIMESTAMP_AUTHORITIES: JSON.stringify(authorities),
      SIGNING_SERVICES: JSON.stringify([{ name: 'simulator', ...service }]),
      TEST_SIGNERS: JSON.stringify(
        Object.fromEntries(Object.entries(leafs).map(([name, leaf]) => [name, inPem(leaf)])),
      ),
      TEST_SIGNING_URL: url,
      // A time-stamp authority of which no list tells, to be trusted by the test that uses it.
      TEST_LISTLESS: JSON.stringify({
        root: base64(listless.root),
        intermediate: base64(listless.issuing),
        crl: base64(rootList),
      }),
    },
    /** Answers what the Worker asks the time-stamp authority; anything else is for somebody else. */
    async answer(request: Request): Promise<Response | undefined> {
      const { hostname, pathname } = new URL(request.url)
      if (hostname !== 'timestamp.test') return undefined
      if (pathname === '/down') return new Response('', { status: 503 })
      if (pathname.startsWith('/crl/') || pathname.startsWith('/strange-crl/')) {
        const lists = await (pathname.startsWith('/crl/') ? pki : await newPki()).crls()
        return new Response(lists[pathname.endsWith('root.crl') ? 0 : 1])
      }
      if (pathname === '/ocsp') {
        ocspAsked++
        const { certificate } = listless.timestampAuthority
        const thisUpdate = new Date()
        const nextUpdate = new Date(thisUpdate.getTime() + day)
        return new Response(Uint8Array.from(await ocspResponse(listless, { certificate, thisUpdate, nextUpdate })))
      }
      if (pathname === '/ocsp-asked') return new Response(String(ocspAsked))
      const authority = pathname === '/stranger' ? await newPki() : pathname === '/listless' ? listless : pki
      const query = new Uint8Array(await request.arrayBuffer())
      const reply = await timestampReply(query, authority.timestampAuthority, new Date())
      return new Response(Uint8Array.from(reply), { headers: { 'content-type': 'application/timestamp-reply' } })
    },
  }
}

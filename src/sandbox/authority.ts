import type { SignerOwner } from '../domain/signing.ts'
import type { KeyPair } from '../paper/local-signer.ts'
import type { Connection } from '../store/database.ts'
import type { SigningStore } from '../store/signing.ts'
import { localTime } from '../platform/time.ts'
import type { Issuer } from './certificates.ts'
import { timestampReply } from './timestamps.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** A certificate with its private key (PKCS #8), both DER, as they are kept. */
type Kept = { certificate: Bytes; pkcs8: Bytes }
/** The authority of one sandbox. `listedAt`: when its revocation lists were made. */
export type AuthorityKeys = { root: Kept; issuing: Kept; timestamp: Kept; listedAt: number }

const organisation = 'SANDBOX - không có giá trị pháp lý'
const day = 86_400_000
/** Lists are good for a week, by their maker. */
const renewAfter = 3 * day

// Half of its size nobody needs who has no sandbox: it is read at the first signature.
const library = () => import('./certificates.ts')

/** A new root with an issuing and a time-stamp authority, from that moment on. */
export async function newAuthority(from: Date): Promise<AuthorityKeys> {
  const x509 = await library()
  const named = (commonName: string) => ({ commonName: `Sandbox ${commonName}`, organisation })
  const keys = {
    root: await x509.newKeys('ec'),
    issuing: await x509.newKeys('ec'),
    timestamp: await x509.newKeys('ec'),
  }
  const root = {
    key: keys.root.privateKey,
    certificate: await x509.rootCertificate(named('Root CA'), keys.root, x509.lasting(3650, from)),
  }
  const issuing = {
    key: keys.issuing.privateKey,
    certificate: await x509.issuingCertificate({
      subject: named('Issuing CA'),
      publicKey: keys.issuing.publicKey,
      issuer: root,
      validity: x509.lasting(1825, from),
    }),
  }
  const timestamp = {
    key: keys.timestamp.privateKey,
    certificate: await x509.timestampCertificate({
      subject: named('Time-Stamp Authority'),
      publicKey: keys.timestamp.publicKey,
      issuer: issuing,
      validity: x509.lasting(1825, from),
    }),
  }
  const [keptRoot, keptIssuing, keptTimestamp] = await Promise.all([root, issuing, timestamp].map(kept))
  if (!keptRoot || !keptIssuing || !keptTimestamp) throw new Error('three authorities were made')
  return { root: keptRoot, issuing: keptIssuing, timestamp: keptTimestamp, listedAt: 0 }
}

const kept = async ({ certificate, key }: Issuer): Promise<Kept> => ({
  certificate: new Uint8Array(certificate.rawData),
  pkcs8: await exported(key),
})

async function exported(key: CryptoKey): Promise<Bytes> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key)
  if (!(pkcs8 instanceof ArrayBuffer)) throw new Error('PKCS #8 is binary')
  return new Uint8Array(pkcs8)
}

const asIssuer = async ({ certificate, pkcs8 }: Kept): Promise<Issuer> => (await library()).issuerOf(certificate, pkcs8)

/** A new certificate for an officer or a unit of the sandbox, active from that moment on. */
export async function certify(
  { issuing }: AuthorityKeys,
  signing: SigningStore,
  owner: SignerOwner,
  at: Date,
): Promise<void> {
  const x509 = await library()
  const { privateKey, publicKey } = await x509.newKeys('ec')
  const certificate = await x509.documentSigningCertificate({
    subject: { commonName: `SANDBOX ${owner}`.slice(0, 64), organisation },
    publicKey,
    issuer: await asIssuer(issuing),
    validity: x509.lasting(730, at),
  })
  const id = `${owner}:${certificate.serialNumber}`
  const act = { by: 'service:sandbox', at }
  const credential = {
    id,
    owner,
    certificate: new Uint8Array(certificate.rawData),
    chain: [issuing.certificate],
    algorithm: 'ec' as const,
    validFrom: localTime(certificate.notBefore),
    validTo: localTime(certificate.notAfter),
    key: { kind: 'sealed' as const, pkcs8: await exported(privateKey) },
  }
  await signing.add(credential, act, [])
  await signing.activate(id, act, [])
}

/** Makes the revocation lists anew where they are getting old by that moment; answers the keys with when that was. */
export async function withFreshLists(keys: AuthorityKeys, db: Connection, at: Date): Promise<AuthorityKeys> {
  if (at.getTime() - keys.listedAt < renewAfter) return keys
  const { revocationList } = await library()
  const lists = await Promise.all(
    [keys.root, keys.issuing].map(async (one) => (await revocationList(await asIssuer(one), [], at)).rawData),
  )
  const row = db.prepare(
    'INSERT INTO trust_material (kind, name, der, url) VALUES (?1, ?2, ?3, NULL) ON CONFLICT (kind, name) DO UPDATE SET der = excluded.der',
  )
  await db.batch([
    row.bind('root', 'sandbox-root', keys.root.certificate),
    row.bind('intermediate', 'sandbox-issuing', keys.issuing.certificate),
    row.bind('crl', 'sandbox-root', lists[0]),
    row.bind('crl', 'sandbox-issuing', lists[1]),
  ])
  return { ...keys, listedAt: at.getTime() }
}

/** A time-stamp of the sandbox's own authority, at the sandbox's own time. */
export const stampedBy = ({ timestamp }: AuthorityKeys, query: Uint8Array, at: Date): Promise<Uint8Array> => {
  const authority: KeyPair = {
    certificate: timestamp.certificate,
    chain: [],
    privateKeyPkcs8: timestamp.pkcs8,
    algorithm: 'ec',
  }
  return timestampReply(query, authority, at)
}

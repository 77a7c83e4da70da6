// The development PKI: a root, an issuing authority, a time-stamp authority and leafs for officers and seals.
// Never for real copies: its private keys lie in a folder as plain files.
import 'reflect-metadata'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PemConverter, X509Certificate } from '@peculiar/x509'
import {
  algorithms,
  documentSigningCertificate,
  issuingCertificate,
  lasting,
  newKeys,
  revocationList,
  rootCertificate,
  timestampCertificate,
  type Issuer,
  type Keys,
  type KeyKind,
  type Revoked,
} from '../sandbox/certificates.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A certificate with its key and the authorities above it without the root; all DER, the key in PKCS #8. */
export type Leaf = {
  certificate: Bytes
  chain: Bytes[]
  privateKeyPkcs8: Bytes
  algorithm: KeyKind
  serialNumber: string
}

export type LeafOrder = {
  commonName: string
  organisation: string
  kind: 'officer' | 'seal'
  algorithm?: KeyKind
  /** Default: from an hour ago for two years. */
  validity?: { notBefore: Date; notAfter: Date }
}

export type Pki = {
  folder: string
  root: Bytes
  issuing: Bytes
  timestampAuthority: Leaf
  /** A new certificate and key, kept nowhere. */
  issueLeaf(order: LeafOrder): Promise<Leaf>
  /** The leaf that the folder keeps under this name; made at the first call. */
  leaf(name: string, order: LeafOrder): Promise<Leaf>
  /** Puts a certificate's serial number on the issuing authority's list. */
  revoke(serialNumber: string, at?: Date): void
  /** Fresh lists of the root and of the issuing authority, in this order, valid for a week. */
  crls(at?: Date): Promise<[root: Bytes, issuing: Bytes]>
}

export type PkiOptions = {
  algorithm?: KeyKind
  /** The folder in which the lists can be fetched as `root.crl` and `issuing.crl`; written into every leaf. */
  crlUrl?: string
}

const organisation = 'Motcua (môi trường phát triển)'

/** Opens the PKI in a folder and makes what is missing there; beside the keys it keeps `root.pem` and `issuing.pem`. */
export async function openPki(folder = '.local/pki', options: PkiOptions = {}): Promise<Pki> {
  mkdirSync(folder, { recursive: true })
  const { algorithm = 'ec', crlUrl = 'http://127.0.0.1:8788/crl' } = options
  const issuingCrl = `${crlUrl}/issuing.crl`
  const root = await kept(folder, 'root', algorithm, (keys) =>
    rootCertificate({ commonName: 'Motcua Development Root CA', organisation }, keys),
  )
  const issuing = await kept(folder, 'issuing', algorithm, ({ publicKey }) =>
    issuingCertificate({
      subject: { commonName: 'Motcua Development Issuing CA', organisation },
      publicKey,
      issuer: root,
    }),
  )
  const timestamp = await kept(folder, 'timestamp', algorithm, ({ publicKey }) => {
    const subject = { commonName: 'Motcua Development Time-Stamp Authority', organisation }
    return timestampCertificate({ subject, publicKey, issuer: issuing }, issuingCrl)
  })
  const leafCertificate = (order: LeafOrder) => (keys: Keys) =>
    documentSigningCertificate(
      { subject: order, publicKey: keys.publicKey, issuer: issuing, validity: order.validity ?? lasting(730) },
      issuingCrl,
    )
  const revocations = join(folder, 'revoked.json')
  return {
    folder,
    root: der(root.certificate),
    issuing: der(issuing.certificate),
    timestampAuthority: asLeaf(timestamp, issuing),
    issueLeaf: async (order) => asLeaf(await made(order.algorithm ?? algorithm, leafCertificate(order)), issuing),
    leaf: async (name, order) =>
      asLeaf(await kept(folder, `leaf-${name}`, order.algorithm ?? algorithm, leafCertificate(order)), issuing),
    revoke: (serialNumber, at = new Date()) =>
      writeFileSync(revocations, JSON.stringify([...readRevoked(revocations), { serialNumber, at }], null, 2)),
    crls: async (at = new Date()) => [
      new Uint8Array((await revocationList(root, [], at)).rawData),
      new Uint8Array((await revocationList(issuing, readRevoked(revocations), at)).rawData),
    ],
  }
}

type Pair = Issuer & { pkcs8: Bytes }

const der = (certificate: X509Certificate): Bytes => new Uint8Array(certificate.rawData)
const kindOf = (certificate: X509Certificate): KeyKind =>
  certificate.publicKey.algorithm.name === 'ECDSA' ? 'ec' : 'rsa'

const asLeaf = ({ certificate, pkcs8 }: Pair, issuing: Issuer): Leaf => ({
  certificate: der(certificate),
  chain: [der(issuing.certificate)],
  privateKeyPkcs8: pkcs8,
  algorithm: kindOf(certificate),
  serialNumber: certificate.serialNumber,
})

async function made(kind: KeyKind, certify: (keys: Keys) => Promise<X509Certificate>): Promise<Pair> {
  const keys = await newKeys(kind)
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  if (!(pkcs8 instanceof ArrayBuffer)) throw new Error('PKCS #8 is binary')
  return { certificate: await certify(keys), key: keys.privateKey, pkcs8: new Uint8Array(pkcs8) }
}

/** The pair in `<name>.pem` and `<name>.key`; made and written if the folder has none yet. */
async function kept(
  folder: string,
  name: string,
  kind: KeyKind,
  certify: (keys: Keys) => Promise<X509Certificate>,
): Promise<Pair> {
  const certificatePath = join(folder, `${name}.pem`)
  const keyPath = join(folder, `${name}.key`)
  if (!existsSync(keyPath)) {
    const pair = await made(kind, certify)
    writeFileSync(certificatePath, `${pair.certificate.toString('pem')}\n`)
    // The key comes last: a half-written pair is made again.
    writeFileSync(keyPath, `${PemConverter.encode(pair.pkcs8, 'PRIVATE KEY')}\n`, { mode: 0o600 })
  }
  const certificate = new X509Certificate(readFileSync(certificatePath, 'utf8'))
  const pkcs8 = new Uint8Array(PemConverter.decodeFirst(readFileSync(keyPath, 'utf8')))
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithms[kindOf(certificate)], false, ['sign'])
  return { certificate, key, pkcs8 }
}

function readRevoked(path: string): Revoked[] {
  if (!existsSync(path)) return []
  const rows: { serialNumber: string; at: string }[] = JSON.parse(readFileSync(path, 'utf8'))
  return rows.map(({ serialNumber, at }) => ({ serialNumber, at: new Date(at) }))
}

import { fromBase64Url, seal, toHex } from '../platform/crypto.ts'
import { readCertificate } from '../paper/certificate.ts'
import { localTime } from '../platform/time.ts'
import type { Leaf, Pki } from './pki.ts'
import { personaNamed } from './personas.ts'

/** A unit whose certifier and seal get development certificates. */
export type SigningUnit = { id: string; name: string }

/** Officers' ids begin with the key of the issuer that knows them, as `ISSUERS` names it. */
type Settings = {
  masterKeys: [id: string, key: string][]
  officerIssuer: string
  /** The folder in which both lists are published. */
  crlUrl?: string
  /** The signing service that keeps the keys of the seals; the database has them, sealed, without. */
  sealService?: string
}

/** SQL texts that give each unit's certifier and seal a signing credential and tell verification whom to trust. Running them again renews both. */
export async function signingStatements(pki: Pki, units: SigningUnit[], settings: Settings): Promise<string[]> {
  const credentials = await Promise.all(units.flatMap((unit) => credentialsOf(pki, unit, settings)))
  const [rootCrl, issuingCrl] = await pki.crls()
  const published = (file: string) => (settings.crlUrl ? quoted(`${settings.crlUrl}/${file}`) : 'NULL')
  const trust: [kind: string, name: string, der: Uint8Array, url: string][] = [
    ['root', 'development-root', pki.root, 'NULL'],
    ['intermediate', 'development-issuing', pki.issuing, 'NULL'],
    ['crl', 'development-root', rootCrl, published('root.crl')],
    ['crl', 'development-issuing', issuingCrl, published('issuing.crl')],
  ]
  return [
    ...credentials,
    ...trust.map(
      ([kind, name, der, url]) =>
        `INSERT INTO trust_material (kind, name, der, url) VALUES ('${kind}', '${name}', ${blob(der)}, ${url}) ON CONFLICT (kind, name) DO UPDATE SET der = excluded.der, url = excluded.url, renew_at = NULL`,
    ),
  ]
}

const sealOf = (pki: Pki, { id, name }: SigningUnit) =>
  pki.leaf(`seal-${id}`, { commonName: name, organisation: name, kind: 'seal' })

/** The keys of these units' seals by the names that a signing service knows them by. */
export const sealKeys = async (pki: Pki, units: SigningUnit[]): Promise<Record<string, Leaf>> =>
  Object.fromEntries(
    await Promise.all(units.map(async (unit): Promise<[string, Leaf]> => [`seal-${unit.id}`, await sealOf(pki, unit)])),
  )

function credentialsOf(pki: Pki, unit: SigningUnit, settings: Settings): Promise<string>[] {
  const certifier = personaNamed(`certifier@${unit.id}`)
  if (certifier?.kind !== 'officer') throw new Error('the personas have a certifier')
  const officer = pki.leaf(`certifier-${unit.id}`, {
    commonName: certifier.name,
    organisation: unit.name,
    kind: 'officer',
  })
  const seal = sealOf(pki, unit)
  const { sealService } = settings
  return [
    officer.then((leaf) => credentialStatement(`officer:${settings.officerIssuer}:${certifier.sub}`, leaf, settings)),
    seal.then((leaf) =>
      sealService
        ? serviceStatement(`unit:${unit.id}`, leaf, sealService, `seal-${unit.id}`)
        : credentialStatement(`unit:${unit.id}`, leaf, settings),
    ),
  ]
}

async function credentialStatement(owner: string, leaf: Leaf, { masterKeys }: Settings): Promise<string> {
  const [newest] = masterKeys
  if (!newest) throw new Error('no master key')
  const id = `${owner}:${leaf.serialNumber}`
  const box = await seal(fromBase64Url(newest[1]), leaf.privateKeyPkcs8, id)
  return signerStatement(id, owner, leaf, {
    columns: 'key_master, key_box',
    values: `${quoted(newest[0])}, ${blob(box)}`,
  })
}

/** A credential whose key lies at the simulated signing service, under the name that {@link sealKeys} has for it. */
const serviceStatement = (owner: string, leaf: Leaf, service: string, keyName: string): string =>
  signerStatement(`${owner}:${leaf.serialNumber}`, owner, leaf, {
    columns: 'service, key_name',
    values: `${quoted(service)}, ${quoted(keyName)}`,
  })

const again =
  'service = excluded.service, key_name = excluded.key_name, key_master = excluded.key_master, key_box = excluded.key_box'

type KeyColumns = { columns: string; values: string }

function signerStatement(id: string, owner: string, leaf: Leaf, key: KeyColumns): string {
  const chain = JSON.stringify(leaf.chain.map((der) => Buffer.from(der).toString('base64')))
  const { notBefore, notAfter } = readCertificate(leaf.certificate)
  const now = localTime(new Date())
  const values = [id, owner].map(quoted).join(', ')
  const times = [localTime(notBefore), localTime(notAfter), now, 'operator:setup', now, 'operator:setup']
  return `INSERT INTO signer (id, owner, certificate, chain, algorithm, ${key.columns}, valid_from, valid_to, imported_at, imported_by, activated_at, activated_by)
    VALUES (${values}, ${blob(leaf.certificate)}, ${quoted(chain)}, '${leaf.algorithm}', ${key.values}, ${times.map(quoted).join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${again}`
}

const blob = (bytes: Uint8Array) => `X'${toHex(bytes)}'`
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

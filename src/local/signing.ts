import { fromBase64Url, seal, toHex } from '../platform/crypto.ts'
import { localTime } from '../platform/time.ts'
import type { Leaf, Pki } from './pki.ts'
import { personaNamed } from './personas.ts'

/** A unit whose certifier and seal get development certificates. */
export type SigningUnit = { id: string; name: string }

/** Officers' ids begin with the key of the issuer that knows them, as `ISSUERS` names it. */
type Settings = { masterKeys: [id: string, key: string][]; officerIssuer: string }

const day = 86_400_000

/** SQL texts that give each unit's certifier and seal a signing credential and tell verification whom to trust. Running them again renews both. */
export async function signingStatements(pki: Pki, units: SigningUnit[], settings: Settings): Promise<string[]> {
  const credentials = await Promise.all(units.flatMap((unit) => credentialsOf(pki, unit, settings)))
  const [rootCrl, issuingCrl] = await pki.crls()
  const trust: [kind: string, name: string, der: Uint8Array][] = [
    ['root', 'development-root', pki.root],
    ['intermediate', 'development-issuing', pki.issuing],
    ['crl', 'development-root', rootCrl],
    ['crl', 'development-issuing', issuingCrl],
  ]
  return [
    ...credentials,
    ...trust.map(
      ([kind, name, der]) =>
        `INSERT INTO trust_material (kind, name, der) VALUES ('${kind}', '${name}', ${blob(der)}) ON CONFLICT (kind, name) DO UPDATE SET der = excluded.der`,
    ),
  ]
}

function credentialsOf(pki: Pki, unit: SigningUnit, settings: Settings): Promise<string>[] {
  const certifier = personaNamed(`certifier@${unit.id}`)
  if (certifier?.kind !== 'officer') throw new Error('the personas have a certifier')
  const officer = pki.leaf(`certifier-${unit.id}`, {
    commonName: certifier.name,
    organisation: unit.name,
    kind: 'officer',
  })
  const seal = pki.leaf(`seal-${unit.id}`, { commonName: unit.name, organisation: unit.name, kind: 'seal' })
  return [
    officer.then((leaf) => credentialStatement(`officer:${settings.officerIssuer}:${certifier.sub}`, leaf, settings)),
    seal.then((leaf) => credentialStatement(`unit:${unit.id}`, leaf, settings)),
  ]
}

async function credentialStatement(owner: string, leaf: Leaf, { masterKeys }: Settings): Promise<string> {
  const [newest] = masterKeys
  if (!newest) throw new Error('no master key')
  const id = `${owner}:${leaf.serialNumber}`
  const box = await seal(fromBase64Url(newest[1]), leaf.privateKeyPkcs8, id)
  const chain = JSON.stringify(leaf.chain.map((der) => Buffer.from(der).toString('base64')))
  const now = Date.now()
  const from = localTime(new Date(now - day))
  const to = localTime(new Date(now + 700 * day))
  const values = [id, owner].map(quoted).join(', ')
  return `INSERT INTO signing_credential (id, owner, certificate, chain, algorithm, key_kind, key_master, key_box, valid_from, valid_to)
    VALUES (${values}, ${blob(leaf.certificate)}, ${quoted(chain)}, '${leaf.algorithm}', 'local', ${quoted(newest[0])}, ${blob(box)}, '${from}', '${to}')
    ON CONFLICT (id) DO UPDATE SET key_master = excluded.key_master, key_box = excluded.key_box`
}

const blob = (bytes: Uint8Array) => `X'${toHex(bytes)}'`
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

import { Buffer } from 'node:buffer'
import { and, eq, sql } from 'drizzle-orm'
import {
  fromBase64Url,
  hmacSha256,
  seal,
  sha256,
  toBase64Url,
  toHex,
  unseal,
  utf8,
  type Bytes,
} from '../platform/crypto.ts'
import { canonical } from '../platform/leaves.ts'
import type { Database, Statement } from './database.ts'
import { dossierKey, dossierSealed } from './tables/dossiers.ts'

/** What one event said about persons or in free words; it lives only sealed. */
export type SealedPart = Record<string, unknown>

/** The keys of the house: who may open what is decided elsewhere. */
export interface Vault {
  /** A fresh key for one dossier, and the statement that keeps it (wrapped by the newest master key). */
  newKey(dossierId: string): Promise<{ key: Bytes; statement: Statement }>
  /** The dossier's key, or null once it was destroyed. */
  keyOf(dossierId: string): Promise<Bytes | null>
  /** Seals one part under the dossier's key; `digest` is what the journal chains. */
  sealPart(
    dossierId: string,
    version: number,
    part: SealedPart,
    key: Bytes,
  ): Promise<{ digest: string; statement: Statement }>
  /** All parts of a dossier by event version; empty once its key was destroyed. */
  open(dossierId: string): Promise<Map<number, SealedPart>>
  /** The first part (who handed in what) of many dossiers at once; those whose key was destroyed are left out. */
  submissions(dossierIds: readonly string[]): Promise<Map<string, SealedPart>>
  /** Keyed hash of a person or organisation, the only form in which the tables know them. */
  personHash(subject: { personalId: string } | { taxCode: string }): Promise<string>
  /** Keyed hash of what a dossier is about, whatever the order of its fields. */
  matterHash(matter: unknown): Promise<string>
  /** The four characters printed on the receipt; derived, so they need no place of their own. */
  lookupSecret(dossierId: string): Promise<string>
  /** What opens a share: 256 bits, derived, so that a repeated command can be answered alike and no table holds it. */
  shareToken(shareId: string): Promise<string>
  /** What proves a consent's refresh token of that generation: derived, so that an old one is known for what it is without being kept. */
  refreshProof(consentId: string, generation: number): Promise<string>
  /** Seals a small secret (such as a development signing key) under the newest master key. */
  wrap(secret: Bytes, bound: string): Promise<{ master: string; box: Bytes }>
  unwrap(master: string, box: Bytes, bound: string): Promise<Bytes>
}

// No 0/O, 1/I/L: read aloud and typed by hand.
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

export type VaultKeys = { masterKeys: [id: string, key: string][]; indexKey: string }

export function vault(db: Database, keys: VaultKeys): Vault {
  const indexKey = fromBase64Url(keys.indexKey)
  const [newest] = keys.masterKeys
  if (!newest) throw new Error('no master key')
  const masterKey = (id: string) => {
    const found = keys.masterKeys.find(([known]) => known === id)
    if (!found) throw new Error(`master key ${id} is not configured`)
    return fromBase64Url(found[1])
  }
  const wrap = async (secret: Bytes, bound: string) => ({
    master: newest[0],
    box: await seal(masterKey(newest[0]), secret, bound),
  })
  const unwrap = (master: string, box: Bytes, bound: string) => unseal(masterKey(master), box, bound)

  async function keyOf(dossierId: string) {
    const [row] = await db.select().from(dossierKey).where(eq(dossierKey.dossierId, dossierId))
    return row ? unwrap(row.master, Uint8Array.from(row.wrapped), dossierId) : null
  }

  return {
    wrap,
    unwrap,
    keyOf,
    async newKey(dossierId) {
      const key = crypto.getRandomValues(new Uint8Array(32))
      const { master, box } = await wrap(key, dossierId)
      return { key, statement: db.insert(dossierKey).values({ dossierId, master, wrapped: Buffer.from(box) }) }
    },
    async sealPart(dossierId, version, part, key) {
      const box = await seal(key, utf8(JSON.stringify(part)), `${dossierId}:${version}`)
      const statement = db.insert(dossierSealed).values({ dossierId, version, box: Buffer.from(box) })
      return { digest: toHex(await sha256(box)), statement }
    },
    async open(dossierId) {
      const key = await keyOf(dossierId)
      if (!key) return new Map()
      const rows = await db.select().from(dossierSealed).where(eq(dossierSealed.dossierId, dossierId))
      const parts = rows.map(async ({ version, box }): Promise<[number, SealedPart]> => {
        const plain = await unseal(key, Uint8Array.from(box), `${dossierId}:${version}`)
        return [version, JSON.parse(new TextDecoder().decode(plain)) as SealedPart]
      })
      return new Map((await Promise.all(parts)).toSorted(([a], [b]) => a - b))
    },
    async submissions(dossierIds) {
      // D1: 100 bound parameters per statement, so the ids go as one.
      const wanted = sql`(SELECT value FROM json_each(${JSON.stringify(dossierIds)}))`
      const rows = await db
        .select({
          id: dossierSealed.dossierId,
          box: dossierSealed.box,
          master: dossierKey.master,
          key: dossierKey.wrapped,
        })
        .from(dossierSealed)
        .innerJoin(dossierKey, eq(dossierKey.dossierId, dossierSealed.dossierId))
        .where(and(eq(dossierSealed.version, 1), sql`${dossierSealed.dossierId} IN ${wanted}`))
      const opened = rows.map(async ({ id, box, master, key }): Promise<[string, SealedPart]> => {
        const plain = await unseal(await unwrap(master, Uint8Array.from(key), id), Uint8Array.from(box), `${id}:1`)
        return [id, JSON.parse(new TextDecoder().decode(plain)) as SealedPart]
      })
      return new Map(await Promise.all(opened))
    },
    async personHash(subject) {
      const name = 'personalId' in subject ? `person:${subject.personalId}` : `organisation:${subject.taxCode}`
      return toBase64Url(await hmacSha256(indexKey, name))
    },
    async matterHash(matter) {
      return toBase64Url(await hmacSha256(indexKey, `matter:${canonical(matter)}`))
    },
    shareToken: async (shareId) => toBase64Url(await hmacSha256(indexKey, `share:${shareId}`)),
    refreshProof: async (consentId, generation) =>
      toBase64Url(await hmacSha256(indexKey, `refresh:${consentId}:${generation}`)),
    async lookupSecret(dossierId) {
      const mac = new DataView((await hmacSha256(indexKey, `lookup:${dossierId}`)).buffer)
      // 24 bits a character make the bias of the modulo immaterial.
      return [0, 3, 6, 9].map((at) => alphabet[(mac.getUint32(at) >>> 8) % alphabet.length]).join('')
    },
  }
}

import { Buffer } from 'node:buffer'
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, lte, max, or } from 'drizzle-orm'
import type { SignerOwner } from '../domain/signing.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import type { Act } from './apps.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { signer, trustMaterial } from './tables/copies.ts'
import type { Vault } from './vault.ts'

/** What verification goes by: certificates and revocation lists in DER. */
export type TrustMaterial = { roots: Uint8Array[]; intermediates: Uint8Array[]; crls: Uint8Array[] }

/** Where the key lies: sealed in the database, or at a signing service under a name of its own. */
export type KeyPlace = { kind: 'sealed' } | { kind: 'service'; service: string; credential: string }

/** A certificate with the way to its key. `certificate` and `chain` (nearest first, without the root) are DER. */
export type SigningCredential = {
  id: string
  owner: SignerOwner
  certificate: Uint8Array
  chain: Uint8Array[]
  algorithm: 'ec' | 'rsa'
  key: KeyPlace
  validFrom: string
  validTo: string
  importedAt: string
  importedBy: string
  activatedAt: string | null
  activatedBy: string | null
  retiredAt: string | null
  retiredBy: string | null
}

export type NewCredential = Pick<
  SigningCredential,
  'id' | 'owner' | 'certificate' | 'chain' | 'algorithm' | 'validFrom' | 'validTo'
> & { key: Exclude<KeyPlace, { kind: 'sealed' }> | { kind: 'sealed'; pkcs8: Uint8Array<ArrayBuffer> } }

/** A revocation list with the address that it is published at. */
export type PublishedList = { name: string; url: string; der: Uint8Array }

export interface SigningStore {
  /** Those that may sign for an officer or unit, the last activated first. */
  activeOf(owner: SignerOwner): Promise<SigningCredential[]>
  /** For whom each of these certificates (DER) was ever activated, in their order. */
  ownersOf(certificates: Uint8Array[]): Promise<SignerOwner[][]>
  /** For whom the last certificate that may sign ends by then, the earliest first, at most 1,000. */
  endingBy(time: Date): Promise<{ owner: SignerOwner; until: string }[]>
  /** The private key (PKCS #8) of a credential whose key is sealed. */
  openKey(id: string): Promise<Uint8Array>
  find(id: string): Promise<SigningCredential | undefined>
  /** Newest first, one more than `limit` when there is a next page. */
  list(owner: SignerOwner | undefined, before: string | undefined, limit: number): Promise<SigningCredential[]>
  add(credential: NewCredential, act: Act, along: Statement[]): Promise<Result<void, 'key-in-use'>>
  /** Both are harmless twice: the first time stands. */
  activate(id: string, act: Act, along: Statement[]): Promise<void>
  retire(id: string, act: Act): Promise<void>
  trust(): Promise<TrustMaterial>
  listsDue(now: Date): Promise<PublishedList[]>
  renewList(name: string, der: Uint8Array, next: Date): Promise<void>
}

export function signingStore(db: Database, vault: Vault): SigningStore {
  const keyColumns = async (id: string, key: NewCredential['key']) => {
    if (key.kind === 'service') return { service: key.service, keyName: key.credential }
    const { master, box } = await vault.wrap(key.pkcs8, id)
    return { keyMaster: master, keyBox: Buffer.from(box) }
  }
  return {
    async activeOf(owner) {
      const active = and(eq(signer.owner, owner), isNotNull(signer.activatedAt), isNull(signer.retiredAt))
      const newest = [desc(signer.activatedAt), desc(signer.id)]
      return (
        await db
          .select()
          .from(signer)
          .where(active)
          .orderBy(...newest)
          .limit(10)
      ).map(shown)
    },
    async ownersOf(certificates) {
      if (certificates.length === 0) return []
      const wanted = inArray(
        signer.certificate,
        certificates.map((der) => Buffer.from(der)),
      )
      const rows = await db
        .select({ certificate: signer.certificate, owner: signer.owner })
        .from(signer)
        .where(and(wanted, isNotNull(signer.activatedAt)))
      return certificates.map((der) =>
        rows.filter(({ certificate }) => Buffer.from(certificate).equals(der)).map(({ owner }) => owner),
      )
    },
    async endingBy(time) {
      const until = max(signer.validTo)
      const rows = await db
        .select({ owner: signer.owner, until })
        .from(signer)
        .where(and(isNotNull(signer.activatedAt), isNull(signer.retiredAt)))
        .groupBy(signer.owner)
        .having(lte(until, localTime(time)))
        .orderBy(asc(until))
        .limit(1000)
      return rows.map((row) => ({ ...row, until: row.until ?? '' }))
    },
    async openKey(id) {
      const [row] = await db.select().from(signer).where(eq(signer.id, id))
      if (!row?.keyMaster || !row.keyBox) throw new Error(`the key of ${id} is not kept here`)
      return vault.unwrap(row.keyMaster, Uint8Array.from(row.keyBox), id)
    },
    async find(id) {
      const [row] = await db.select().from(signer).where(eq(signer.id, id))
      return row && shown(row)
    },
    async list(owner, before, limit) {
      const wanted = and(owner ? eq(signer.owner, owner) : undefined, before ? lt(signer.id, before) : undefined)
      return (
        await db
          .select()
          .from(signer)
          .where(wanted)
          .orderBy(desc(signer.id))
          .limit(limit + 1)
      ).map(shown)
    },
    async add({ certificate, chain, key, ...rest }, { by, at }, along) {
      const row = {
        ...rest,
        ...(await keyColumns(rest.id, key)),
        certificate: Buffer.from(certificate),
        chain: chain.map((der) => Buffer.from(der).toString('base64')),
        importedAt: localTime(at),
        importedBy: by,
      }
      try {
        await commit(db, [db.insert(signer).values(row), ...along])
        return ok(undefined)
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    async activate(id, { by, at }, along) {
      const waits = and(eq(signer.id, id), isNull(signer.activatedAt), isNull(signer.retiredAt))
      const activated = { activatedAt: localTime(at), activatedBy: by }
      await commit(db, [db.update(signer).set(activated).where(waits), ...along])
    },
    async retire(id, { by, at }) {
      const live = and(eq(signer.id, id), isNull(signer.retiredAt))
      await db
        .update(signer)
        .set({ retiredAt: localTime(at), retiredBy: by })
        .where(live)
    },
    async listsDue(now) {
      const { kind, url, renewAt } = trustMaterial
      const due = or(isNull(renewAt), lte(renewAt, localTime(now)))
      const rows = await db
        .select()
        .from(trustMaterial)
        .where(and(eq(kind, 'crl'), isNotNull(url), due))
      return rows.flatMap((row) =>
        row.url === null ? [] : [{ name: row.name, url: row.url, der: Uint8Array.from(row.der) }],
      )
    },
    async renewList(name, der, next) {
      const { kind } = trustMaterial
      const renewed = { der: Buffer.from(der), renewAt: localTime(next) }
      await db
        .update(trustMaterial)
        .set(renewed)
        .where(and(eq(kind, 'crl'), eq(trustMaterial.name, name)))
    },
    async trust() {
      const rows = await db.select().from(trustMaterial)
      const of = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => Uint8Array.from(row.der))
      return { roots: of('root'), intermediates: of('intermediate'), crls: of('crl') }
    },
  }
}

function shown(row: typeof signer.$inferSelect): SigningCredential {
  const { service, keyName, keyMaster: _master, keyBox: _box, certificate, chain, ...rest } = row
  const atService = service !== null && keyName !== null
  return {
    ...rest,
    certificate: Uint8Array.from(certificate),
    chain: chain.map((der) => Uint8Array.from(Buffer.from(der, 'base64'))),
    key: atService ? { kind: 'service', service, credential: keyName } : { kind: 'sealed' },
  }
}

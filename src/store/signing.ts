import { Buffer } from 'node:buffer'
import { and, desc, eq, gt, lte } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import type { Signer } from '../paper/issue.ts'
import { localSigner } from '../paper/local-signer.ts'
import type { Database } from './database.ts'
import { signingCredential, trustMaterial } from './tables/copies.ts'
import type { Vault } from './vault.ts'

/** What verification goes by: certificates and revocation lists in DER. */
export type TrustMaterial = { roots: Uint8Array[]; intermediates: Uint8Array[]; crls: Uint8Array[] }

export interface SigningStore {
  /** The newest credential of an officer (`officer:{id}`) or unit (`unit:{id}`) that is valid at that moment. */
  signerFor(owner: string, at: Date): Promise<Signer | undefined>
  trust(): Promise<TrustMaterial>
}

export function signingStore(db: Database, vault: Vault): SigningStore {
  return {
    async signerFor(owner, at) {
      const now = localTime(at)
      const [row] = await db
        .select()
        .from(signingCredential)
        .where(
          and(
            eq(signingCredential.owner, owner),
            lte(signingCredential.validFrom, now),
            gt(signingCredential.validTo, now),
          ),
        )
        .orderBy(desc(signingCredential.validFrom))
        .limit(1)
      if (!row) return undefined
      const pkcs8 = await vault.unwrap(row.keyMaster, Uint8Array.from(row.keyBox), row.id)
      return localSigner({
        certificate: Uint8Array.from(row.certificate),
        chain: row.chain.map((der) => Uint8Array.from(Buffer.from(der, 'base64'))),
        privateKeyPkcs8: pkcs8,
        algorithm: row.algorithm,
      })
    },
    async trust() {
      const rows = await db.select().from(trustMaterial)
      const of = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => Uint8Array.from(row.der))
      return { roots: of('root'), intermediates: of('intermediate'), crls: of('crl') }
    },
  }
}

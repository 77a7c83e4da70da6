import { lt } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import type { Database } from './database.ts'
import { usedProof } from './tables/identity.ts'

/** Proofs of possession that came already. */
export interface ProofStore {
  /** True the first time only. One statement, on the primary database. */
  useOnce(key: string, until: Date): Promise<boolean>
  /** Forgets those that are refused for their age by now. */
  forget(now: Date): Promise<void>
}

export const proofStore = (db: Database): ProofStore => ({
  async useOnce(key, until) {
    const row = { key, expiresAt: localTime(until) }
    const { meta } = await db.insert(usedProof).values(row).onConflictDoNothing().run()
    return meta.changes === 1
  },
  async forget(now) {
    await db.delete(usedProof).where(lt(usedProof.expiresAt, localTime(now)))
  },
})

import { Buffer } from 'node:buffer'
import { desc, eq, gt, lt } from 'drizzle-orm'
import { sha256, toHex } from '../platform/crypto.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database } from './database.ts'
import { ocspAnswer } from './tables/copies.ts'

/** About whom a responder is asked: a certificate and the one of its authority, both in DER. */
export type OcspSubject = { certificate: Uint8Array; issuer: Uint8Array }

/** `der` is the response as it came; its signature is judged whenever it is used. */
export type OcspAnswer = OcspSubject & { der: Uint8Array; thisUpdate: Date; nextUpdate: Date; renewAt: Date }

export interface OcspAnswerStore {
  find(certificate: Uint8Array): Promise<OcspAnswer | undefined>
  /** Takes the place of what was kept about that certificate; what nobody renewed for 30 days goes. */
  keep(answer: OcspAnswer, now: Date): Promise<void>
  /** Notes that the time-stamp of a certificate needed its answer. */
  noteStamp(certificate: Uint8Array, now: Date): Promise<void>
  /** Those that time-stamps needed since then, the last first, at most 8. */
  stampedSince(time: Date): Promise<OcspAnswer[]>
}

const monthBefore = (now: Date) => localTime(new Date(now.getTime() - 30 * 86_400_000))

export function ocspAnswerStore(db: Database): OcspAnswerStore {
  const about = async (certificate: Uint8Array) =>
    eq(ocspAnswer.certificateSha256, toHex(await sha256(Uint8Array.from(certificate))))
  return {
    async find(certificate) {
      const [row] = await db
        .select()
        .from(ocspAnswer)
        .where(await about(certificate))
      return row && shown(row)
    },
    async keep({ certificate, issuer, der, thisUpdate, nextUpdate, renewAt }, now) {
      const said = {
        issuer: Buffer.from(issuer),
        der: Buffer.from(der),
        thisUpdate: localTime(thisUpdate),
        nextUpdate: localTime(nextUpdate),
        renewAt: localTime(renewAt),
      }
      const certificateSha256 = toHex(await sha256(Uint8Array.from(certificate)))
      const row = { certificateSha256, certificate: Buffer.from(certificate), ...said }
      await commit(db, [
        db.insert(ocspAnswer).values(row).onConflictDoUpdate({ target: ocspAnswer.certificateSha256, set: said }),
        db.delete(ocspAnswer).where(lt(ocspAnswer.renewAt, monthBefore(now))),
      ])
    },
    async noteStamp(certificate, now) {
      await db
        .update(ocspAnswer)
        .set({ stampedAt: localTime(now) })
        .where(await about(certificate))
    },
    async stampedSince(time) {
      const recent = gt(ocspAnswer.stampedAt, localTime(time))
      const rows = await db.select().from(ocspAnswer).where(recent).orderBy(desc(ocspAnswer.stampedAt)).limit(8)
      return rows.map(shown)
    },
  }
}

const shown = ({ certificate, issuer, der, ...times }: typeof ocspAnswer.$inferSelect): OcspAnswer => ({
  certificate: Uint8Array.from(certificate),
  issuer: Uint8Array.from(issuer),
  der: Uint8Array.from(der),
  thisUpdate: new Date(times.thisUpdate),
  nextUpdate: new Date(times.nextUpdate),
  renewAt: new Date(times.renewAt),
})

import type { Context } from '../../context.ts'
import { isSigned, UnacceptedAlgorithm } from '../../paper/algorithms.ts'
import { equal } from '../../paper/bytes.ts'
import { readCertificate } from '../../paper/certificate.ts'
import { NotDer } from '../../paper/der.ts'
import { readRevocationList } from '../../paper/revocation-list.ts'
import { log } from '../../platform/log.ts'
import { getBytes } from '../../platform/post.ts'
import type { PublishedList, TrustMaterial } from '../../store/signing.ts'

const minutes = (count: number, from: Date) => new Date(from.getTime() + count * 60_000)

/** Fetches the revocation lists that are due: each hour, so that a revoked certificate soon signs nothing; after a fault sooner. */
export async function renewLists(context: Context): Promise<void> {
  const now = context.now()
  const due = await context.signing.listsDue(now)
  if (due.length === 0) return
  const trust = await context.signing.trust()
  for (const list of due) {
    try {
      const der = await getBytes(list.url)
      await mustReplace(list, der, trust)
      await context.signing.renewList(list.name, der, minutes(60, now))
    } catch (error) {
      log('list.not-renewed', { name: list.name, error })
      await context.signing.renewList(list.name, list.der, minutes(5, now))
    }
  }
}

/** A list counts when an authority that we know signed it; an older one never takes the place of a newer. */
async function mustReplace(
  known: PublishedList,
  der: Uint8Array,
  { roots, intermediates }: TrustMaterial,
): Promise<void> {
  const list = readRevocationList(der)
  if (!list) throw new Error('this is no revocation list')
  const before = readRevocationList(known.der)
  if (before && list.thisUpdate < before.thisUpdate) throw new Error('the list is older than the one that is known')
  const { issuer, signatureAlgorithm: algorithm, signature, toBeSigned: bytes } = list
  const authorities = [...roots, ...intermediates].map(readCertificate).filter(({ subject }) => equal(subject, issuer))
  const signed = await Promise.all(
    authorities.map(({ publicKey }) => isSigned({ algorithm, signature, bytes, publicKey }).catch(neverTrue)),
  )
  if (!signed.includes(true)) throw new Error('no authority that is known here signed the list')
}

function neverTrue(error: unknown): false {
  if (error instanceof NotDer || error instanceof UnacceptedAlgorithm) return false
  throw error
}

import { isSigned, UnacceptedAlgorithm } from './algorithms.ts'
import { concat, sha256 } from './bytes.ts'
import { readCertificate } from './certificate.ts'
import type { Signer } from './cms.ts'
import { oid } from './oids.ts'
import { members, NotDer, objectIdentifier, read, sequence, tag, tlv, unsigned } from './der.ts'

/** The service gave back something that is no signature of ours; nothing may be made with it. */
export class WrongSignature extends Error {}

/** Signs a SHA-256 where the key is kept; the answer is a signature in DER or, for EC, r and s side by side. */
export type HashSigner = (hash: Uint8Array) => Promise<Uint8Array>

const named = {
  ec: sequence(objectIdentifier(oid.ecdsaWithSha256)),
  rsa: sequence(objectIdentifier(oid.sha256WithRsa), tlv(tag.null)),
}

/** A signer whose key never leaves its owner: only the hash goes out, and what comes back is verified before it is used. */
export function remoteSigner(certified: Omit<Signer, 'sign'>, signHash: HashSigner): Signer {
  const { algorithm } = certified
  const { publicKey } = readCertificate(certified.certificate)
  return {
    ...certified,
    async sign(toBeSigned) {
      const answer = await signHash(await sha256(toBeSigned))
      const halves = algorithm === 'ec' ? halvesOf(answer) : []
      const signature = algorithm === 'ec' ? sequence(...halves.map(unsigned)) : answer
      const asked = { algorithm: named[algorithm], publicKey, signature, bytes: toBeSigned }
      if (!(await isSigned(asked).catch(neverTrue))) throw new WrongSignature('the signature does not verify')
      return algorithm === 'ec' ? concat(...halves.map((half) => padded(half, halves))) : answer
    },
  }
}

/** r and s of an ECDSA signature. The standard leaves the encoding to the service: in DER, or side by side. */
function halvesOf(answer: Uint8Array): Uint8Array[] {
  try {
    const parts = members(read(answer))
    const halves = [parts.take(tag.integer).body, parts.take(tag.integer).body]
    parts.end()
    return halves.map((half) => (half[0] === 0 ? half.subarray(1) : half))
  } catch (error) {
    if (!(error instanceof NotDer)) throw error
    return [answer.subarray(0, answer.length / 2), answer.subarray(answer.length / 2)]
  }
}

/** Both halves are as long as the numbers of their curve (IEEE P1363). */
function padded(half: Uint8Array, halves: Uint8Array[]): Uint8Array {
  const longest = Math.max(...halves.map(({ length }) => length))
  const size = [32, 48, 66].find((one) => one >= longest) ?? longest
  return concat(new Uint8Array(size - half.length), half)
}

function neverTrue(error: unknown): false {
  if (error instanceof NotDer || error instanceof UnacceptedAlgorithm) return false
  throw error
}

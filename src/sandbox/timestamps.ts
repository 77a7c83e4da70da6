// A time-stamp authority (RFC 3161) for a machine or a sandbox: it stamps with whatever time it is told.
import { Buffer } from 'node:buffer'
import { sha256 } from '../paper/bytes.ts'
import { signedData } from '../paper/cms.ts'
import { members, NotDer, objectIdentifier, oidOf, read, sequence, tag, tlv, unsigned } from '../paper/der.ts'
import { oid } from '../paper/oids.ts'
import { type KeyPair, localSigner } from '../paper/local-signer.ts'

/** A policy of our own, under the arc that IANA keeps for examples in documentation (RFC 5612). */
export const developmentPolicy = '1.3.6.1.4.1.32473.1.1'

// PKIStatus and PKIFailureInfo of RFC 3161, 2.4.2.
const granted = sequence(unsigned(Uint8Array.of(0)))
const rejected = (failureBit: number) => {
  const bits = new Uint8Array(Math.floor(failureBit / 8) + 2)
  bits[0] = 7 - (failureBit % 8)
  bits[bits.length - 1] = 0x80 >> (failureBit % 8)
  return sequence(sequence(unsigned(Uint8Array.of(2)), tlv(tag.bitString, bits)))
}
const failure = { badAlgorithm: 0, badDataFormat: 5, unacceptedPolicy: 15 } as const

/** Answers a TimeStampReq with a TimeStampResp, both in DER. */
export async function timestampReply(query: Uint8Array, authority: KeyPair, at: Date): Promise<Uint8Array> {
  const asked = readQuery(query)
  if (!asked) return rejected(failure.badDataFormat)
  if (asked.hash !== oid.sha256) return rejected(failure.badAlgorithm)
  if (asked.policy && asked.policy !== developmentPolicy) return rejected(failure.unacceptedPolicy)
  const info = sequence(
    unsigned(Uint8Array.of(1)),
    objectIdentifier(developmentPolicy),
    asked.imprint,
    unsigned(crypto.getRandomValues(new Uint8Array(12))),
    tlv(tag.generalizedTime, Buffer.from(at.toISOString().replaceAll(/[-:T]|\.\d+/g, ''))),
    sequence(unsigned(Uint8Array.of(1))), // accurate to a second
    ...(asked.nonce ? [asked.nonce] : []),
  )
  // Only the authority's own certificate: whatever else stood in the token, no signature would cover it.
  const signer = { ...localSigner(authority), chain: [] }
  const token = await signedData({ type: oid.timestampInfo, digest: await sha256(info), embedded: info }, signer)
  return sequence(granted, token)
}

type Query = { imprint: Uint8Array; hash: string; policy: string | null; nonce: Uint8Array | null }

function readQuery(query: Uint8Array): Query | null {
  try {
    const parts = members(read(query))
    parts.take(tag.integer)
    const imprint = parts.take(tag.sequence)
    const hash = oidOf(members(members(imprint).take()).take())
    const policy = parts.takeIf(tag.objectIdentifier)
    const nonce = parts.takeIf(tag.integer)
    return { imprint: imprint.raw, hash, policy: policy ? oidOf(policy) : null, nonce: nonce?.raw ?? null }
  } catch (error) {
    if (error instanceof NotDer) return null
    throw error
  }
}

import { equal, sha256 } from './bytes.ts'
import type { TimestampClient } from './cms.ts'
import { oid } from './oids.ts'
import {
  context,
  expect,
  members,
  objectIdentifier,
  octetString,
  oidOf,
  read,
  sequence,
  smallNumber,
  tag,
  timeOf,
  tlv,
  unsigned,
} from './der.ts'

/** The time-stamp authority answered, but not with what was asked for. */
export class TimestampRefused extends Error {}

/** Carries a request to the authority and its answer back: an HTTP POST of application/timestamp-query. */
export type TimestampPost = (request: Uint8Array) => Promise<Uint8Array>

/**
 * A client of RFC 3161. The answer must carry our nonce and imprint and, if given, the policy that was asked for;
 * the token's signature is judged with the document (see verify.ts), not here.
 */
export function timestampClient(post: TimestampPost, options: { policy?: string } = {}): TimestampClient {
  return async (stamped) => {
    const imprint = await sha256(stamped)
    const nonce = unsigned(crypto.getRandomValues(new Uint8Array(8)))
    const policy = options.policy ? [objectIdentifier(options.policy)] : []
    const request = sequence(
      unsigned(Uint8Array.of(1)),
      sequence(sequence(objectIdentifier(oid.sha256), tlv(tag.null)), octetString(imprint)),
      ...policy,
      nonce,
      tlv(tag.boolean, Uint8Array.of(0xff)), // certReq: the token must carry the authority's certificate
    )
    const token = tokenOf(await post(request))
    const info = timestampInfo(contentOf(token))
    if (!equal(info.imprint, imprint)) throw new TimestampRefused('the token is for other bytes')
    if (!info.nonce || !equal(info.nonce, nonce)) throw new TimestampRefused('the token is for another request')
    if (options.policy && info.policy !== options.policy)
      throw new TimestampRefused(`the token has policy ${info.policy}`)
    return new Uint8Array(token)
  }
}

/** TimeStampResp: status granted (0) or granted with modifications (1), then the token. */
function tokenOf(reply: Uint8Array): Uint8Array {
  const parts = members(read(reply))
  const status = smallNumber(members(parts.take()).take(tag.integer))
  if (status > 1) throw new TimestampRefused(`the authority refused with status ${status}`)
  return parts.take(tag.sequence).raw
}

/** The TSTInfo inside a TimeStampToken, without judging its signature. */
function contentOf(token: Uint8Array): Uint8Array {
  const outer = members(read(token))
  if (oidOf(outer.take()) !== oid.signedData) throw new TimestampRefused('the token is no SignedData')
  const signed = members(read(outer.take(context(0)).body))
  signed.take(tag.integer)
  signed.take(tag.set)
  const content = members(signed.take())
  if (oidOf(content.take()) !== oid.timestampInfo) throw new TimestampRefused('the token has no TSTInfo')
  return read(content.take(context(0)).body, tag.octetString).body
}

/** What a time-stamp says (RFC 3161, 2.4.2): which bytes existed when. */
export type TimestampInfo = { policy: string; hash: string; imprint: Uint8Array; at: Date; nonce: Uint8Array | null }

/** @throws NotDer if the bytes are no TSTInfo. */
export function timestampInfo(der: Uint8Array): TimestampInfo {
  const parts = members(read(der))
  parts.take(tag.integer)
  const policy = oidOf(parts.take())
  const messageImprint = members(parts.take())
  const hash = oidOf(members(messageImprint.take()).take())
  const imprint = expect(messageImprint.take(), tag.octetString).body
  parts.take(tag.integer)
  const at = timeOf(parts.take(tag.generalizedTime))
  parts.takeIf(tag.sequence) // accuracy
  parts.takeIf(tag.boolean) // ordering
  return { policy, hash, imprint, at, nonce: parts.takeIf(tag.integer)?.raw ?? null }
}

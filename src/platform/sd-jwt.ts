import { sha256, toBase64Url, utf8 } from './crypto.ts'

export type Claims = Record<string, unknown>

/** 128 random bits, as RFC 9901 recommends for each disclosure. */
export const newSalt = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(16)))

/**
 * The payload that is signed, with `hidden` claims only as digests, and the disclosures that open them (RFC 9901, 4.2). The digests
 * are sorted: their order tells nothing.
 */
export async function withDisclosures(
  open: Claims,
  hidden: Claims,
  salt: () => string = newSalt,
): Promise<{ payload: Claims; disclosures: string[] }> {
  const disclosures = Object.entries(hidden).map(([name, value]) =>
    toBase64Url(utf8(JSON.stringify([salt(), name, value]))),
  )
  const digests = await Promise.all(disclosures.map(async (one) => toBase64Url(await sha256(one))))
  return { payload: { ...open, _sd: digests.toSorted(), _sd_alg: 'sha-256' }, disclosures }
}

/** Issuer-signed JWT and disclosures in one line; its end says that no key of a holder is bound. */
export const sdJwt = (jwt: string, disclosures: readonly string[]): string => [jwt, ...disclosures, ''].join('~')

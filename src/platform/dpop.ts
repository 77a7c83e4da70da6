import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, errors, jwtVerify } from 'jose'
import { sha256, toBase64Url } from './crypto.ts'
import { ok, refuse, type Result } from './result.ts'

/** What a proof may be signed with: never a shared secret, never nothing. */
export const proofAlgorithms = ['ES256', 'RS256', 'EdDSA', 'Ed25519']

/** How old a proof may be, and by how much the client’s clock may differ from ours; in seconds. */
const oldest = 60
const clockTolerance = 10
const longestProof = 8_192

/** That a client holds a private key. `jkt`: its RFC 7638 thumbprint. `once`: what may not come again before `until`. */
export type Possession = { jkt: string; once: string; until: Date }

/** What the proof has to be about; `url` without query. `token`: the access token that comes with it, at a resource. */
export type ProofContext = { method: string; url: string; token?: string; now: Date }

/**
 * Checks a DPoP proof by RFC 9449 §4.3, all but whether it came before. The header field as it came: two of them arrive as one with
 * a comma in it, and no JWT has one. The refusal’s detail is safe to show.
 */
export async function verifyProof(
  proof: string,
  { method, url, token, now }: ProofContext,
): Promise<Result<Possession, 'dpop-proof-invalid'>> {
  if (proof.length > longestProof || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof))
    return invalid('the header DPoP must be one JWT')
  const options = {
    typ: 'dpop+jwt',
    algorithms: proofAlgorithms,
    requiredClaims: ['jti', 'htm', 'htu', 'iat'],
    maxTokenAge: oldest,
    clockTolerance,
    currentDate: now,
  }
  try {
    const { payload } = await jwtVerify(proof, EmbeddedJWK, options)
    const { jti, htm, htu, iat = 0, ath } = payload
    if (typeof jti !== 'string' || jti === '') return invalid('jti must be a string')
    if (htm !== method) return invalid(`htm must be ${method}`)
    if (typeof htu !== 'string' || normal(htu) !== normal(url)) return invalid(`htu must be ${url}`)
    if (token !== undefined && ath !== toBase64Url(await sha256(token)))
      return invalid('ath must be the digest of the token')
    const { jwk } = decodeProtectedHeader(proof)
    const jkt = await calculateJwkThumbprint(jwk ?? {})
    const once = toBase64Url(await sha256(`${jkt} ${jti}`))
    return ok({ jkt, once, until: new Date((iat + oldest + 2 * clockTolerance) * 1000) })
  } catch (error) {
    if (error instanceof errors.JWTExpired) return invalid(`iat is more than ${oldest} seconds ago`)
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(`${error.claim} is missing or wrong`)
    if (error instanceof errors.JOSEAlgNotAllowed) return invalid(`alg must be one of ${proofAlgorithms.join(', ')}`)
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return invalid('the signature does not verify with the public key in the header')
    throw error
  }
}

/** Without query and fragment, and alike where RFC 3986 §6.2.2 and §6.2.3 say that two mean the same; undefined for what is no address. */
function normal(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, host, pathname } = new URL(text)
  if (username !== '' || password !== '') return undefined
  const path = pathname.replaceAll(/%[\da-f]{2}/gi, (escaped) => {
    const letter = String.fromCodePoint(Number.parseInt(escaped.slice(1), 16))
    return /[\w.~-]/.test(letter) ? letter : escaped.toUpperCase()
  })
  return `${protocol}//${host}${path}`
}

const invalid = (en: string) => refuse('dpop-proof-invalid', { detail: { vi: `DPoP: ${en}.`, en: `DPoP: ${en}.` } })

import { z } from 'zod'

/** An account at a remote signing service; `url` is the folder of `credentials/info` and the others. */
export type SigningAccount = {
  name: string
  url: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  /** In milliseconds, for each request. */
  timeout: number
}

/** No usable answer came; the same may work later. */
export class SigningAway extends Error {}
/** The service answered that it will not. */
export class SigningRefused extends Error {}

export type CredentialInfo = { certificates: string[]; isEnabled: boolean; needsPerson: boolean }

/** A remote signing service (Cloud Signature Consortium API v2.0). All that it is ever told of a document is a hash. */
export type SigningService = {
  name: string
  info(credential: string): Promise<CredentialInfo>
  /** Signs one SHA-256; answers the signature as the service encodes it. */
  signHash(credential: string, hash: Uint8Array, algorithm: 'ec' | 'rsa'): Promise<Uint8Array>
}

const sha256 = '2.16.840.1.101.3.4.2.1'
const signAlgo = { ec: '1.2.840.10045.4.3.2', rsa: '1.2.840.113549.1.1.11' }

const base64 = z.base64().max(20_000)
const Token = z.object({ access_token: z.string().max(8192), expires_in: z.number().positive().default(300) })
const Info = z.object({
  key: z.object({ status: z.string() }),
  cert: z.object({ certificates: z.array(base64).min(1).max(10) }),
  auth: z.object({ mode: z.string() }),
})
const Authorized = z.object({ SAD: z.string().min(1).max(8192) })
const Signed = z.object({ signatures: z.array(base64).min(1) })

// One isolate serves many requests: the token of an account lasts for all of them.
const tokens = new Map<string, { value: string; until: number }>()

/** The client of one account, with OAuth 2 client credentials for the service itself. */
export function signingService(account: SigningAccount, now: () => number = Date.now): SigningService {
  const send = async (url: string, headers: Record<string, string>, body: string): Promise<Response> => {
    const signal = AbortSignal.timeout(account.timeout)
    return fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }).catch((cause: unknown) => {
      throw new SigningAway(`no answer from ${account.name}`, { cause })
    })
  }

  async function token(): Promise<string> {
    const known = tokens.get(keyOf(account))
    if (known && known.until > now()) return known.value
    const secret = btoa(`${encodeURIComponent(account.clientId)}:${encodeURIComponent(account.clientSecret)}`)
    const headers = { authorization: `Basic ${secret}`, 'content-type': 'application/x-www-form-urlencoded' }
    const response = await send(account.tokenUrl, headers, 'grant_type=client_credentials&scope=service')
    const { access_token: value, expires_in: seconds } = await read(account, 'the token', response, Token)
    tokens.set(keyOf(account), { value, until: now() + (seconds - 10) * 1000 })
    return value
  }

  async function call<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const post = async () =>
      send(
        `${account.url}/${path}`,
        { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        JSON.stringify(body),
      )
    let response = await post()
    // A token may be withdrawn before its time.
    if (response.status === 401) {
      await response.body?.cancel()
      tokens.delete(keyOf(account))
      response = await post()
    }
    return read(account, path, response, schema)
  }

  async function signOnce(credentialID: string, hash: Uint8Array, algorithm: 'ec' | 'rsa'): Promise<Uint8Array> {
    const hashes = [btoa(String.fromCharCode(...hash))]
    const about = { credentialID, hashes, hashAlgorithmOID: sha256 }
    const { SAD } = await call('credentials/authorize', { ...about, numSignatures: 1 }, Authorized)
    const asked = { ...about, SAD, signAlgo: signAlgo[algorithm] }
    const { signatures } = await call('signatures/signHash', asked, Signed)
    const [signature] = signatures
    if (signature === undefined || signatures.length > 1)
      throw new SigningAway(`${account.name} answered ${signatures.length} signatures to one hash`)
    return Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0))
  }

  return {
    name: account.name,
    async info(credentialID) {
      const asked = { credentialID, certificates: 'chain', authInfo: true }
      const { key, cert, auth } = await call('credentials/info', asked, Info)
      const needsPerson = auth.mode !== 'implicit'
      return { certificates: cert.certificates, isEnabled: key.status === 'enabled', needsPerson }
    },
    async signHash(credential, hash, algorithm) {
      try {
        return await signOnce(credential, hash, algorithm)
      } catch (error) {
        if (!(error instanceof SigningRefused)) throw error
        // An activation (SAD) that ran out or was used up looks like any other refusal: a fresh one tells.
        return signOnce(credential, hash, algorithm)
      }
    },
  }
}

const keyOf = ({ tokenUrl, clientId }: SigningAccount) => `${clientId} ${tokenUrl}`

const Refusal = z.object({ error: z.string().max(100), error_description: z.string().max(500).optional() })

async function read<T>({ name }: SigningAccount, what: string, response: Response, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined)
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    const said = Refusal.safeParse(body).data
    throw new SigningRefused(`${name} refused ${what}: ${response.status} ${said?.error ?? ''}`)
  }
  const parsed = response.status === 200 ? schema.safeParse(body) : undefined
  if (parsed?.success) return parsed.data
  throw new SigningAway(`${name} answered ${response.status} to ${what}, in no form that is known`)
}

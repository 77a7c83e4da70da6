// A remote signing service for one machine, as the Cloud Signature Consortium's API v2 has it, that also fails when told to.
import { constants, createECDH, createHash, createPrivateKey, privateEncrypt, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { sequence, unsigned } from '../paper/der.ts'
import type { SigningAccount } from '../platform/signing-service.ts'
import type { Leaf } from './pki.ts'

/** What it does with one of the next calls of `signatures/signHash`, instead of answering as it should. */
export const mishaps = ['silent', 'late', 'down', 'expired', 'refused', 'twice', 'other', 'unauthorized'] as const
export type Mishap = (typeof mishaps)[number]

export type Asked = { path: string; body: string }

export type SigningSimulator = {
  url: string
  /** Every request so far, as it came. */
  asked: Asked[]
  /** How many signatures were made, whether or not the caller heard of them. */
  made(): number
  next(...mishaps: Mishap[]): void
  close(): Promise<void>
}

export type SigningSimulatorOptions = {
  port: number
  host?: string
  client: Pick<SigningAccount, 'clientId' | 'clientSecret'>
  /** How long it leaves a caller without an answer before it hangs up, in milliseconds. */
  hangUpAfter?: number
  /** By the name of the credential. */
  keys: Record<string, Leaf>
}

type Answer = { status: number; body: unknown } | 'never'

const refusal = (error: string, words: string, status = 400): Answer => ({
  status,
  body: { error, error_description: words },
})

const Hashed = z.object({
  credentialID: z.string(),
  hashes: z.array(z.base64()).length(1),
  hashAlgorithmOID: z.literal('2.16.840.1.101.3.4.2.1'),
})
const SignRequest = Hashed.extend({ SAD: z.string(), signAlgo: z.string() })
const algorithmOf = { ec: '1.2.840.10045.4.3.2', rsa: '1.2.840.113549.1.1.11' }

/** Port 0 takes any free one. */
export async function startSigningSimulator(options: SigningSimulatorOptions): Promise<SigningSimulator> {
  const { port, host = '127.0.0.1', client, keys, hangUpAfter = 30_000 } = options
  const asked: Asked[] = []
  const waiting: Mishap[] = []
  const tokens = new Set<string>()
  /** An activation is good for one hash of one credential, once. */
  const activations = new Map<string, string>()
  let made = 0

  const grant = (authorization: string | undefined): Answer => {
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')
    if (authorization !== `Basic ${basic}`) return refusal('invalid_client', 'unknown client', 401)
    const token = randomUUID()
    tokens.add(token)
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } }
  }

  const info = (credential: string): Answer => {
    const leaf = keys[credential]
    if (!leaf) return refusal('invalid_request', 'Invalid parameter credentialID')
    const certificates = [leaf.certificate, ...leaf.chain].map((der) => Buffer.from(der).toString('base64'))
    return {
      status: 200,
      body: {
        key: { status: 'enabled', algo: [algorithmOf[leaf.algorithm]], len: leaf.algorithm === 'ec' ? 256 : 2048 },
        cert: { status: 'valid', certificates },
        auth: { mode: 'implicit' },
        SCAL: '2',
        multisign: 1,
      },
    }
  }

  const authorize = (body: unknown): Answer => {
    const request = Hashed.safeParse(body).data
    if (!request) return refusal('invalid_request', 'Missing or invalid parameter')
    if (!keys[request.credentialID]) return refusal('invalid_request', 'Invalid parameter credentialID')
    const sad = randomUUID()
    activations.set(sad, `${request.credentialID} ${request.hashes.join()}`)
    return { status: 200, body: { SAD: sad, expiresIn: 300 } }
  }

  const signHash = (body: unknown): Answer => {
    const request = SignRequest.safeParse(body).data
    if (!request) return refusal('invalid_request', 'Missing or invalid parameter')
    const { credentialID, SAD, hashes, signAlgo } = request
    const leaf = keys[credentialID]
    const mishap = waiting.shift()
    if (mishap === 'unauthorized') {
      tokens.clear()
      return refusal('invalid_token', 'The access token is not valid', 401)
    }
    if (mishap === 'silent') return 'never'
    if (mishap === 'down') return { status: 503, body: {} }
    if (mishap === 'expired') activations.delete(SAD)
    if (mishap === 'refused') return refusal('access_denied', 'The credential is suspended', 403)
    if (!leaf || signAlgo !== algorithmOf[leaf.algorithm])
      return refusal('invalid_request', 'Invalid parameter signAlgo')
    // Whoever sends the same request again holds an activation that is used up.
    if (activations.get(SAD) !== `${credentialID} ${hashes.join()}`)
      return refusal('invalid_request', 'Invalid or expired SAD')
    activations.delete(SAD)
    made += 1
    if (mishap === 'late') return 'never'
    const hash = Buffer.from(hashes[0] ?? '', 'base64')
    const signature = signedHash(leaf, mishap === 'other' ? createHash('sha256').update(hash).digest() : hash)
    return { status: 200, body: { signatures: mishap === 'twice' ? [signature, signature] : [signature] } }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? ''
    const text = await bodyOf(request)
    if (path === '/mishaps') {
      waiting.push(...z.array(z.enum(mishaps)).parse(JSON.parse(text)))
      return { status: 200, body: { made } }
    }
    asked.push({ path, body: text })
    if (path === '/oauth2/token') return grant(request.headers.authorization)
    if (!tokens.has(String(request.headers.authorization).replace('Bearer ', '')))
      return refusal('invalid_token', 'The access token is not valid', 401)
    const body: unknown = JSON.parse(text)
    if (path === '/csc/v2/credentials/info')
      return info(z.object({ credentialID: z.string() }).parse(body).credentialID)
    if (path === '/csc/v2/credentials/authorize') return authorize(body)
    return path === '/csc/v2/signatures/signHash' ? signHash(body) : { status: 404, body: {} }
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((): Answer => refusal('invalid_request', 'malformed'))
      .then((said) =>
        said === 'never'
          ? setTimeout(() => response.destroy(), hangUpAfter).unref()
          : response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body)),
      )
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the simulator has no port')
  server.unref()
  return {
    url: `http://${host}:${address.port}`,
    asked,
    made: () => made,
    next: (...mishaps) => void waiting.push(...mishaps),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
    },
  }
}

/** A signature over a hash that was made elsewhere, in DER as most services answer. */
function signedHash({ privateKeyPkcs8, algorithm }: Leaf, hash: Buffer): string {
  const key = createPrivateKey({ key: Buffer.from(privateKeyPkcs8), format: 'der', type: 'pkcs8' })
  if (algorithm === 'ec') return ecdsa(String(key.export({ format: 'jwk' }).d), hash)
  // PKCS #1 v1.5 signs a DigestInfo (RFC 8017, 9.2): the algorithm's name, then the hash.
  const digestInfo = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), hash])
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo).toString('base64')
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
const numberIn = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const bytesOf = (number: bigint) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex')

/** ECDSA over P-256 of a hash as it is (FIPS 186-5, 6.4.1): Node's own signer would hash it once more. */
function ecdsa(privateKey: string, hash: Uint8Array): string {
  const once = createECDH('prime256v1')
  const point = once.generateKeys()
  const r = numberIn(point.subarray(1, 33)) % order
  const k = numberIn(once.getPrivateKey())
  const sum = (numberIn(hash) + r * numberIn(Buffer.from(privateKey, 'base64url'))) % order
  const s = (inverse(k) * sum) % order
  return Buffer.from(sequence(unsigned(bytesOf(r)), unsigned(bytesOf(s)))).toString('base64')
}

/** By Fermat: the order is a prime. */
function inverse(number: bigint): bigint {
  let result = 1n
  for (let base = number, exponent = order - 2n; exponent > 0n; exponent >>= 1n, base = (base * base) % order)
    if (exponent & 1n) result = (result * base) % order
  return result
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('an HTTP body comes in bytes')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const Accounts = z.array(z.object({ clientSecret: z.string() }))

/** The account of the simulator for `SIGNING_SERVICES`; the secret that is known already stays. */
export function localSigningAccount(url: string, known: string, newKey: () => string): SigningAccount {
  const [before] = Accounts.safeParse(JSON.parse(known)).data ?? []
  return {
    name: 'simulator',
    url: `${url}/csc/v2`,
    tokenUrl: `${url}/oauth2/token`,
    clientId: 'motcua',
    clientSecret: before?.clientSecret ?? newKey(),
    timeout: 10_000,
  }
}

/** The client in what {@link localSigningAccount} wrote. */
export function signingClient(vars: { SIGNING_SERVICES: string }): SigningSimulatorOptions['client'] {
  const [account] = z
    .array(z.object({ clientId: z.string(), clientSecret: z.string() }))
    .parse(JSON.parse(vars.SIGNING_SERVICES))
  if (!account) throw new Error('no signing service is configured')
  return account
}

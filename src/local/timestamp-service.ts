// A time-stamp authority (RFC 3161 over HTTP) and the revocation lists of the development PKI, for one machine.
import { createServer, type IncomingMessage } from 'node:http'
import { sha256 } from '../paper/bytes.ts'
import { signedData } from '../paper/cms.ts'
import { oid } from '../paper/oids.ts'
import { members, NotDer, objectIdentifier, oidOf, read, sequence, tag, tlv, unsigned } from '../paper/der.ts'
import { localSigner } from '../paper/local-signer.ts'
import type { Pki } from './pki.ts'

export type TimestampService = {
  /** Where to POST an application/timestamp-query. */
  url: string
  /** The folder of `root.crl` and `issuing.crl`. */
  crlUrl: string
  close(): Promise<void>
}

export type TimestampServiceOptions = { pki: Pki; port: number; host?: string; now?: () => Date }

/** A policy of our own, under the arc that IANA keeps for examples in documentation (RFC 5612). */
export const developmentPolicy = '1.3.6.1.4.1.32473.1.1'

/** Port 0 takes any free one. */
export async function startTimestampService(options: TimestampServiceOptions): Promise<TimestampService> {
  const { pki, port, host = '127.0.0.1', now = () => new Date() } = options
  const server = createServer((request, response) => {
    answer(request, pki, now)
      .catch((): Answer => ({ status: 500, type: 'text/plain', body: 'fault' }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body))
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the service has no port')
  const origin = `http://${host}:${address.port}`
  return {
    url: `${origin}/timestamp`,
    crlUrl: `${origin}/crl`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  }
}

type Answer = { status: number; type: string; body: Uint8Array | string }

const refused = (status: number): Answer => ({ status, type: 'text/plain', body: '' })

async function answer(request: IncomingMessage, pki: Pki, now: () => Date): Promise<Answer> {
  const path = request.url ?? ''
  if (path === '/timestamp')
    return request.method === 'POST' ? stampAnswer(await bodyOf(request), pki, now()) : refused(405)
  const list = path === '/crl/root.crl' ? 0 : path === '/crl/issuing.crl' ? 1 : null
  if (list === null) return refused(404)
  const lists = await pki.crls(now())
  return { status: 200, type: 'application/pkix-crl', body: lists[list] }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('an HTTP body comes in bytes')
    length += chunk.length
    if (length > 4096) return new Uint8Array()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function stampAnswer(query: Uint8Array, pki: Pki, at: Date): Promise<Answer> {
  return { status: 200, type: 'application/timestamp-reply', body: await timestampReply(query, pki, at) }
}

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
export async function timestampReply(query: Uint8Array, pki: Pki, at: Date): Promise<Uint8Array> {
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
  const signer = { ...localSigner(pki.timestampAuthority), chain: [] }
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

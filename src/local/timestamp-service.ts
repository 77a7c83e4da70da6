// A time-stamp authority (RFC 3161 over HTTP) and the revocation lists of the development PKI, for one machine.
import { createServer, type IncomingMessage } from 'node:http'
import { timestampReply } from '../sandbox/timestamps.ts'
import type { Pki } from './pki.ts'

export type TimestampService = {
  /** Where to POST an application/timestamp-query. */
  url: string
  /** The folder of `root.crl` and `issuing.crl`. */
  crlUrl: string
  close(): Promise<void>
}

export type TimestampServiceOptions = { pki: Pki; port: number; host?: string; now?: () => Date }

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
  return {
    status: 200,
    type: 'application/timestamp-reply',
    body: await timestampReply(query, pki.timestampAuthority, at),
  }
}

// Looks at bytes as clamav-rest does, for one machine: it knows the one string that every scanner knows.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

export type ScannerSimulator = { url: string; close(): Promise<void> }

/** The test string of EICAR (https://www.eicar.org), in two halves: a scanner on a developer's machine must not find this file. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** What a file holds so that the simulator answers 500, or not at all. */
export const scannerFails = 'motcua-scanner-fails'
export const scannerSleeps = 'motcua-scanner-sleeps'

/** Port 0 takes any free one. */
export async function startScannerSimulator({
  port,
  host = '127.0.0.1',
}: {
  port: number
  host?: string
}): Promise<ScannerSimulator> {
  const server = createServer((request, response) => {
    answer(request)
      .then((said) => said && response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body))
      .catch(() => response.destroy())
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the scanner has no port')
  return {
    url: `http://${host}:${address.port}/scanHandlerBody`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Answer = { status: number; body: string }

/** Undefined: it never answers. */
async function answer(request: IncomingMessage): Promise<Answer | undefined> {
  if (request.url !== '/scanHandlerBody') return { status: 404, body: '' }
  if (request.method !== 'POST') return { status: 405, body: '' }
  return verdictOn(await bodyOf(request))
}

/** As the gateway prints it. */
export function verdictOn(bytes: Buffer): Answer | undefined {
  if (bytes.includes(scannerSleeps)) return undefined
  if (bytes.includes(scannerFails)) return { status: 500, body: '' }
  return bytes.includes(eicar)
    ? { status: 406, body: '{FOUND Eicar-Test-Signature 406 }' }
    : { status: 200, body: '{OK  200 }' }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('an HTTP body comes in bytes')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

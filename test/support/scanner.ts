import { Buffer } from 'node:buffer'
import { type Request, Response } from 'miniflare'
import { verdictOn } from '../../src/local/scanner-simulator.ts'

/** Beside the Worker under test, in Node: the scanner, at `https://scanner.test/scanHandlerBody`; nobody asks it unless a test says so. */
export function testScanner() {
  return {
    bindings: { SCANNER: 'null' },
    async answer(request: Request): Promise<Response | undefined> {
      const { hostname, pathname } = new URL(request.url)
      if (hostname !== 'scanner.test') return undefined
      const bytes = Buffer.from(await request.arrayBuffer())
      if (pathname === '/empty') return new Response('', { status: 200 })
      const said = verdictOn(bytes)
      return said ? new Response(said.body, { status: said.status }) : new Promise(() => undefined)
    },
  }
}

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Request, Response } from 'miniflare'
import { openPki } from '../../src/local/pki.ts'
import { signingStatements } from '../../src/local/signing.ts'
import { timestampReply } from '../../src/local/timestamp-service.ts'

export const testMasterKey = 'm'.repeat(43)

/** Certificates for the certifier and the seal of the units that tests certify at, and a time-stamp authority, from a PKI made for this run. */
export async function testSigning() {
  const pki = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  const units = [
    { id: '00082-2025', name: 'Ủy ban nhân dân phường Cửa Nam' },
    { id: 'HN-STC-2025', name: 'Sở Tài chính thành phố Hà Nội' },
  ]
  return {
    statements: await signingStatements(pki, units, { masterKeys: [['test', testMasterKey]], officerIssuer: 'city' }),
    bindings: { TIMESTAMP_URL: 'https://timestamp.test/' },
    /** Answers what the Worker asks the time-stamp authority; anything else is for somebody else. */
    async answer(request: Request): Promise<Response | undefined> {
      if (new URL(request.url).hostname !== 'timestamp.test') return undefined
      const reply = await timestampReply(new Uint8Array(await request.arrayBuffer()), pki, new Date())
      return new Response(Uint8Array.from(reply), { headers: { 'content-type': 'application/timestamp-reply' } })
    },
  }
}

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPki } from '../../src/local/pki.ts'
import { signingStatements } from '../../src/local/signing.ts'

export const testMasterKey = 'm'.repeat(43)

/** Certificates for the certifier and the seal of the units that tests certify at, from a PKI made for this run. */
export async function testSigning(): Promise<string[]> {
  const pki = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  const units = [
    { id: '00082-2025', name: 'Ủy ban nhân dân phường Cửa Nam' },
    { id: 'HN-STC-2025', name: 'Sở Tài chính thành phố Hà Nội' },
  ]
  return signingStatements(pki, units, { masterKeys: [['test', testMasterKey]], officerIssuer: 'city' })
}

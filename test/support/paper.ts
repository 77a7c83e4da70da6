import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDF } from '@libpdf/core'
import { openPki, type Leaf, type Pki } from '../../src/local/pki.ts'
import type { KeyKind } from '../../src/sandbox/certificates.ts'
import { timestampReply } from '../../src/sandbox/timestamps.ts'
import { issueCopy, type CopyOrder, type CopySigners, type IssueOptions } from '../../src/paper/issue.ts'
import { localSigner } from '../../src/paper/local-signer.ts'
import { timestampClient } from '../../src/paper/timestamp.ts'
import type { Trust } from '../../src/paper/verify.ts'

/** Now, for everything that these tests do. */
export const today = new Date()

export const unitName = 'Ủy ban nhân dân phường Cửa Nam'
export const officerName = 'Nguyễn Thị Hồng Ánh'

export const order: CopyOrder = {
  number: '123',
  register: '01/2026 - SCTĐT/BS',
  certifiedAt: new Date('2026-11-05T08:30:00Z'),
  place: 'Trụ sở Ủy ban nhân dân phường Cửa Nam, thành phố Hà Nội',
  unitName,
  certifier: { name: officerName, title: 'Phó Chủ tịch' },
  subject: 'Giấy khai sinh',
  checkUrl: 'https://api.example.gov.vn/v1/verifications/CN-2026-123',
}

/** A PKI of its own, an officer, a seal, and a time-stamp authority that is asked without a network. */
export type Office = { pki: Pki; officer: Leaf; seal: Leaf; signers: CopySigners; options: IssueOptions }

export async function anOffice(algorithm: KeyKind = 'ec'): Promise<Office> {
  const pki = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')), { algorithm })
  const officer = await pki.issueLeaf({ commonName: officerName, organisation: unitName, kind: 'officer' })
  const seal = await pki.issueLeaf({ commonName: unitName, organisation: unitName, kind: 'seal' })
  const leafs = [officer.certificate, seal.certificate, pki.timestampAuthority.certificate]
  return {
    pki,
    officer,
    seal,
    signers: { certifier: localSigner(officer), seal: localSigner(seal) },
    options: {
      timestamp: timestampAt(pki, today),
      revocation: { certificates: [pki.root, pki.issuing, ...leafs], crls: await pki.crls(today) },
    },
  }
}

export const timestampAt = (pki: Pki, at: Date) =>
  timestampClient((query) => timestampReply(query, pki.timestampAuthority, at))

export async function anOriginal(text = 'TRICH LUC KHAI SINH', pages = 1): Promise<Uint8Array> {
  const pdf = PDF.create()
  for (let page = 1; page <= pages; page++) {
    pdf.addPage({ width: 595, height: 842 }).drawText(`${text} ${page}/${pages}`, { x: 90, y: 700, size: 20 })
  }
  return pdf.save()
}

/** A copy that must come out; a refusal fails the test. */
export async function issued(office: Office, changes: Partial<CopyOrder> = {}, original?: Uint8Array) {
  const copy = await issueCopy(
    original ?? (await anOriginal()),
    { ...order, ...changes },
    office.signers,
    office.options,
  )
  if (!copy.ok) throw new Error(`refused: ${copy.refusal}`)
  return copy.value
}

/** Trusts the office's root and has its lists of today. */
export async function trustIn({ pki }: Office, changes: Partial<Trust> = {}): Promise<Trust> {
  return { roots: [pki.root], crls: await pki.crls(today), at: new Date(today.getTime() + 60_000), ...changes }
}

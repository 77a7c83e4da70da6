// Writes copies of every kind that the demo has none of, for judges that are not ours: node test/support/judge-files.ts folder
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { archiveCopy } from '../../src/paper/archive.ts'
import { anOffice, anOriginal, issued, timestampAt, today, type Office } from './paper.ts'

/** The file with its objects in streams and cross-references in a stream, as newer software writes it. */
function inStreams(original: Uint8Array, folder: string): Uint8Array {
  const [plain, packed] = [join(folder, 'plain.tmp'), join(folder, 'packed.tmp')]
  writeFileSync(plain, original)
  const { status, stderr } = spawnSync('qpdf', ['--object-streams=generate', plain, packed], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`qpdf: ${stderr}`)
  return readFileSync(packed)
}

async function archived({ pki }: Office, copy: Uint8Array): Promise<Uint8Array> {
  const certificates = [pki.root, pki.issuing, pki.timestampAuthority.certificate]
  return (await archiveCopy(copy, timestampAt(pki, today), { certificates, crls: await pki.crls(today) })).bytes
}

const [folder = ''] = process.argv.slice(2)
if (!folder) throw new Error('usage: judge-files.ts folder')
for (const algorithm of ['ec', 'rsa'] as const) {
  const place = join(folder, algorithm)
  mkdirSync(place, { recursive: true })
  const office = await anOffice(algorithm)
  copyFileSync(join(office.pki.folder, 'root.pem'), join(place, 'root.pem'))
  const pages = await anOriginal('TRICH LUC', 10)
  const copies = {
    'one-page': await issued(office),
    'ten-pages': await issued(office, {}, pages),
    'in-streams': await issued(office, {}, inStreams(pages, place)),
  }
  for (const [name, { bytes }] of Object.entries(copies)) {
    writeFileSync(join(place, `${name}.pdf`), bytes)
    writeFileSync(join(place, `${name}-archived.pdf`), await archived(office, bytes))
  }
}

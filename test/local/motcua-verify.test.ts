import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleCommand, bundleForBrowsers } from '../../src/local/bundle.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import { anOffice, issued, officerName, today, unitName } from '../support/paper.ts'
import { latin1Text } from '../../src/paper/bytes.ts'
import { flipped } from '../support/tampering.ts'

const folder = mkdtempSync(join(tmpdir(), 'motcua-verify-'))
const inFolder = (name: string) => join(folder, name)
const command = inFolder('motcua-verify.mjs')
const at = new Date(today.getTime() + 60_000)

let copy: Uint8Array
let roots: Uint8Array[]
beforeAll(async () => {
  const office = await anOffice()
  copy = (await issued(office)).bytes
  roots = [office.pki.root]
  writeFileSync(inFolder('root.pem'), readFileSync(join(office.pki.folder, 'root.pem')))
  writeFileSync(inFolder('stranger.pem'), readFileSync(join((await anOffice('rsa')).pki.folder, 'issuing.pem')))
  writeFileSync(inFolder('copy.pdf'), copy)
  writeFileSync(inFolder('changed.pdf'), flipped(copy, latin1Text(copy).indexOf('/MediaBox') + 12))
  await bundleCommand(command)
})
afterAll(() => rmSync(folder, { recursive: true }))

// Whatever would reach for another machine ends the program.
const noNetwork = `--import=data:text/javascript,${encodeURIComponent(
  `import net from 'node:net'; import dns from 'node:dns'
   const off = () => { console.error('network'); process.exit(99) }
   net.Socket.prototype.connect = off; dns.lookup = off; globalThis.fetch = off`,
)}`

function ran(file: string, ...more: string[]) {
  const from = ['--root', inFolder('root.pem'), '--at', at.toISOString()]
  const args = [noNetwork, command, inFolder(file), ...(more.includes('--root') ? [] : from), ...more]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder })
  return { status, stdout, stderr }
}

test('the command is one file that says without a network what the service says', async () => {
  const good = ran('copy.pdf', '--json', '--signer', officerName, '--signer', unitName)
  const requiredSigners = [{ commonName: officerName }, { commonName: unitName }]
  const said = JSON.parse(JSON.stringify(await verifyPdf(copy, { roots, crls: [], at, requiredSigners })))
  expect([good.status, JSON.parse(good.stdout)]).toEqual([0, said])
  expect(said).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
  expect(ran('copy.pdf').stdout).toContain(`CoQuanChungThuc: ${unitName}, proven at`)
})

test('its exit status tells what was found, also to a script', () => {
  const changed = ran('changed.pdf')
  expect([changed.status, changed.stdout]).toEqual([1, expect.stringContaining('TOTAL-FAILED, ')])
  expect(changed.stdout).toContain(
    'content-digest (HASH_FAILURE): Nội dung của tệp không phải là nội dung đã được ký. The contents',
  )
  const stranger = ran('copy.pdf', '--root', inFolder('stranger.pem'))
  expect([stranger.status, stranger.stdout]).toEqual([2, expect.stringContaining('NO_CERTIFICATE_CHAIN_FOUND')])
  const missing = ran('copy.pdf', '--signer', unitName, '--signer', 'Người khác')
  expect([missing.status, missing.stdout]).toEqual([2, expect.stringContaining('  Người khác: has not signed\n')])
  expect(missing.stdout).not.toContain(`${unitName}: has not signed`)
  for (const wrong of [ran('none.pdf'), ran('copy.pdf', '--at', 'soon'), ran('copy.pdf', '--unknown')])
    expect(wrong).toMatchObject({ status: 64, stdout: '' })
})

test('the same code bundles for browsers, where there is no Node, and judges alike', async () => {
  const module = inFolder('verify-pdf.mjs')
  await bundleForBrowsers(module)
  expect(readFileSync(module, 'utf8')).not.toMatch(/\bfrom\s*["']|\brequire\(|\bimport\s*\(|\bBuffer\b|\bprocess\b/)
  const { verifyPdf: inBrowsers } = await import(module)
  const trust = { roots, crls: [], at }
  expect(await inBrowsers(copy, trust)).toEqual(await verifyPdf(copy, trust))
  expect(await inBrowsers(flipped(copy, 700), trust)).toMatchObject({ indication: 'TOTAL-FAILED' })
})

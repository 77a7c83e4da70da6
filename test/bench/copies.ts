// What a certified copy costs in workerd against the floor, 2 × (SHA-256 of the original + raw signature), B-B without the network of a
// time-stamp; and what a large one takes of memory. `npm run bench -- copies`
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PDF } from '@libpdf/core'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import type { Leaf } from '../../src/local/pki.ts'
import type { Job, Timing } from '../support/copies-worker.ts'
import { anOffice, order } from '../support/paper.ts'

/** Pages of pictures that do not deflate, as scanners make them. */
async function original(pages: number, bytes: number): Promise<Uint8Array> {
  const pdf = PDF.create()
  for (let page = 0; page < pages; page++) {
    const sheet = pdf.addPage({ width: 595, height: 842 })
    sheet.drawText(`Trang ${page + 1}`.normalize('NFD').replaceAll(/\p{M}/gu, ''), { x: 90, y: 700, size: 20 })
    const noise = new Uint8Array(Math.floor(bytes / pages))
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
    pdf.addAttachment(`page-${page}`, noise)
  }
  return pdf.save()
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const wired = ({ certificate, chain, privateKeyPkcs8, algorithm }: Leaf): Job['officer'] => ({
  certificate: base64(certificate),
  chain: chain.map(base64),
  privateKeyPkcs8: base64(privateKeyPkcs8),
  algorithm,
})

async function inWorkerd<T>(use: (ask: (job: Job) => Promise<Timing>) => Promise<T>): Promise<T> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, '../support/copies-worker.ts')],
    write: false,
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*'],
    logLevel: 'warning',
  })
  const contents = built.outputFiles[0]?.text ?? ''
  const worker = new Miniflare({
    workers: [
      {
        config: {
          name: 'bench',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['nodejs_compat'],
          manifest: {
            mainModule: 'worker.mjs',
            modulesRoot: '/',
            modules: { 'worker.mjs': { type: 'esm', contents } },
          },
        },
      },
    ],
  })
  try {
    return await use(async (job) => {
      const reply = await worker.dispatchFetch('http://bench/', { method: 'POST', body: JSON.stringify(job) })
      if (!reply.ok) throw new Error(await reply.text())
      return (await reply.json()) as Timing
    })
  } finally {
    await worker.dispose()
  }
}

/** How much more a process of its own holds at most while it issues this original, in sizes of the original. */
function peakOf(megabytes: number): number {
  const program = join(import.meta.dirname, '../support/copies-memory.ts')
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, String(megabytes)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}

export async function measure() {
  const originals = { small: await original(1, 40_000), large: await original(10, 2_000_000) }
  const offices = { Ec: await anOffice('ec'), Rsa: await anOffice('rsa') }
  const figures: Record<string, number> = {}
  await inWorkerd(async (ask) => {
    for (const [size, bytes] of Object.entries(originals)) {
      for (const [kind, { officer, seal }] of Object.entries(offices)) {
        const rounds = size === 'small' ? 40 : 10
        const job = { original: base64(bytes), officer: wired(officer), seal: wired(seal), order, rounds }
        const { issue, floor } = await ask(job)
        figures[`${size}${kind}Milliseconds`] = issue
        figures[`${size}${kind}OverFloor`] = issue - floor
        figures[`${size}${kind}TimesFloor`] = issue / floor
      }
    }
  })
  return { ...figures, peakTimesSize: peakOf(9) }
}

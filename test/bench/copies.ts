// What a certified copy costs in workerd against the floor, 2 × (SHA-256 of the original + raw signature), B-B without the network of a
// time-stamp; and what a large one takes of memory. Where the system tells it, processor time is what counts: neighbours on the
// machine do not change the answer. `npm run bench -- copies`
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PDF } from '@libpdf/core'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import type { Leaf } from '../../src/local/pki.ts'
import type { Job, Work } from '../support/copies-worker.ts'
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

type Ask = (asked: Job | Work) => Promise<void>

async function inWorkerd<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
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
    return await use(async (asked) => {
      const reply = await worker.dispatchFetch('http://bench/', { method: 'POST', body: JSON.stringify(asked) })
      if (!reply.ok) throw new Error(await reply.text())
    })
  } finally {
    await worker.dispose()
  }
}

/** Milliseconds of processor time that workerd, a child of ours, has had so far in all its threads; elsewhere than on Linux, of the clock. */
function spent(): number {
  const children = '/proc/thread-self/children'
  if (!existsSync(children)) return performance.now()
  const all = readFileSync(children, 'utf8').trim().split(' ')
  const workerd = all.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('workerd'))
  if (!workerd) throw new Error('workerd is no child of this process')
  const threads = readdirSync(`/proc/${workerd}/task`)
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${workerd}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6
}

/** Warmed up, then alternating, so that a busy neighbour slows both; the best of each is what the code can do. */
async function best(ask: Ask, rounds: number): Promise<Record<Work['what'], number>> {
  const found = { issue: Infinity, floor: Infinity, nothing: Infinity }
  for (let turn = -2; turn < 15; turn++) {
    for (const what of ['issue', 'floor', 'nothing'] as const) {
      const before = spent()
      await ask({ what, rounds })
      if (turn >= 0) found[what] = Math.min(found[what], spent() - before)
    }
  }
  return found
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
        const rounds = size === 'small' ? 100 : 10
        await ask({ original: base64(bytes), officer: wired(officer), seal: wired(seal), order })
        const took = await best(ask, rounds)
        const [issue, floor] = [took.issue - took.nothing, took.floor - took.nothing].map((all) => all / rounds)
        if (issue === undefined || floor === undefined) throw new Error('nothing was measured')
        figures[`${size}${kind}Milliseconds`] = issue
        figures[`${size}${kind}OverFloor`] = issue - floor
        figures[`${size}${kind}TimesFloor`] = issue / floor
      }
    }
  })
  return { ...figures, peakTimesSize: peakOf(9) }
}

// What it costs to judge files, measured in a process of its own that has no more heap than a Worker would leave it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { verifyPdf } from '../../src/paper/verify.ts'

/** Of each file: what was said of it, and seconds of processor time. `memory`: MB by which the process grew at most, the files included. */
export type Cost = { memory: number; files: { indication: string; seconds: number }[] }

/** @throws Error if the process dies, for want of memory or otherwise. */
export function costOf(...files: string[]): Cost {
  const bounded = ['--max-old-space-size=64', '--expose-gc', import.meta.filename, ...files]
  const { stdout, stderr, status } = spawnSync(process.execPath, bounded, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${files.join(', ')}: ${stderr}`)
  return JSON.parse(stdout)
}

const trust = { roots: [], crls: [], at: new Date() }

async function judged(file: string) {
  globalThis.gc?.()
  const began = process.cpuUsage()
  const { indication } = await verifyPdf(new Uint8Array(readFileSync(file)), trust)
  const { user, system } = process.cpuUsage(began)
  return { indication, seconds: (user + system) / 1e6 }
}

/** In bytes. What a process inherits of its parent's maximum does not count: where the system tells it, its own memory is asked. */
function mostResident(): number {
  const own = '/proc/self/status'
  const kilobytes = existsSync(own) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(own, 'utf8'))?.[1]
  return Number(kilobytes || process.resourceUsage().maxRSS) * 1024
}

async function cost(paths: string[]): Promise<Cost> {
  // What is loaded and compiled before the first file is no cost of a file.
  await verifyPdf(new TextEncoder().encode('%PDF-1.7\n'), trust)
  const before = process.memoryUsage().rss
  const files: Cost['files'] = []
  for (const path of paths) files.push(await judged(path))
  return { memory: (mostResident() - before) / 1024 / 1024, files }
}

if (import.meta.main) console.log(JSON.stringify(await cost(process.argv.slice(2))))

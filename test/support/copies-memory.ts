// In a process of its own for test/bench/copies.ts: by how many times its own size one copy makes the process grow.
import { issueCopy } from '../../src/paper/issue.ts'
import { anOffice, anOriginal, order } from './paper.ts'
import { PDF } from '@libpdf/core'

async function original(bytes: number): Promise<Uint8Array> {
  const pdf = await PDF.load(await anOriginal())
  const noise = new Uint8Array(bytes)
  for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
  pdf.addAttachment('noise', noise)
  return pdf.save()
}

const bytes = await original(Number(process.argv[2]) * 1024 * 1024)
const { signers } = await anOffice()
await issueCopy(await anOriginal(), order, signers)
globalThis.gc?.()
const before = process.memoryUsage().rss
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 1)
const made = await issueCopy(bytes, order, signers)
clearInterval(watch)
if (!made.ok) throw new Error(made.refusal)
peak = Math.max(peak, process.memoryUsage().rss)
console.log((peak - before) / made.value.bytes.length)

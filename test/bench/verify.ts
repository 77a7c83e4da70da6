// What the most hostile files cost to judge, and an honest one, each in a process of its own: `npm run bench -- verify`
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDF } from '@libpdf/core'
import { hostileFiles } from '../support/hostile-files.ts'
import { anOffice, anOriginal, issued } from '../support/paper.ts'
import { costOf } from '../support/verify-cost.ts'

/** A certified copy as large as one may be, of pictures as scanners make them. */
async function honestFile(): Promise<Uint8Array> {
  const pdf = await PDF.load(await anOriginal())
  const noise = new Uint8Array(9.8 * 1024 * 1024)
  for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
  pdf.addAttachment('noise', noise)
  return (await issued(await anOffice(), {}, await pdf.save())).bytes
}

export async function measure() {
  const figures: Record<string, number> = { mostMegabytes: 0, mostSeconds: 0 }
  const file = join(tmpdir(), `motcua-hostile-${process.pid}.pdf`)
  for (const [name, make] of Object.entries({ ...hostileFiles, 'an honest copy of 10 MB': honestFile })) {
    writeFileSync(file, await make())
    // The better of two rounds: the other was disturbed.
    const rounds = [costOf(file), costOf(file)]
    const memory = Math.max(...rounds.map((round) => round.memory))
    const seconds = Math.min(...rounds.map(({ files }) => files[0]?.seconds ?? Number.NaN))
    figures[`${name}: megabytes`] = memory
    figures[`${name}: seconds`] = seconds
    figures['mostMegabytes'] = Math.max(figures['mostMegabytes'] ?? 0, memory)
    figures['mostSeconds'] = Math.max(figures['mostSeconds'] ?? 0, seconds)
  }
  rmSync(file)
  return figures
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { registerPrefix } from './judge.ts'
import { type Client, Unexpected, Verdict } from './walk-client.ts'
import { called, demoFolder } from './walk-story.ts'
import { voice } from './walk-voice.ts'

/** The register in print, for who binds it; other judges look at it, too. */
export const registerFile = `${registerPrefix}chung-thuc-ban-sao.pdf`

const Book = z.object({ year: z.string(), last: z.number(), items: z.array(z.object({ serial: z.number() })) })

/** The supervisor reads the book of the year: as data, and as the volume that is printed, bound and sealed. */
export async function readRegister(client: Client): Promise<void> {
  const path = '/v1/registers/copies'
  const book = await client.read(Book, 'supervisor', `${path}?limit=100`)
  const serials = book.items.map(({ serial }) => serial)
  if (serials.some((serial, index) => serial !== index + 1))
    throw new Unexpected(`the numbers are ${serials.join(' ')}`)
  voice.step(
    called('supervisor'),
    `sổ chứng thực năm ${book.year} · the register: ${book.last} số, liên tục · numbers without a gap`,
    book.ms,
  )
  const volume = await client.ask('supervisor', path, { headers: { accept: 'application/pdf' } })
  if (volume.status !== 200) throw new Unexpected(`the register in print: ${volume.status}`)
  const file = join(demoFolder, registerFile)
  writeFileSync(file, volume.bytes)
  voice.step(called('supervisor'), `bản in đóng dấu số · in print, sealed: ${file}`, volume.ms)
  const verdict = await client.read(Verdict, null, '/v1/verifications', {
    bytes: volume.bytes,
    headers: { 'content-type': 'application/pdf' },
  })
  if (verdict.indication !== 'TOTAL-PASSED') throw new Unexpected(`the register was judged ${JSON.stringify(verdict)}`)
  voice.step('Bất kỳ ai · anybody', `kiểm tra sổ · checks the register: ${verdict.indication}`, verdict.ms)
}

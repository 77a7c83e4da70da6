import { Syntax } from './syntax.ts'
import { NotPdf, Stream } from './values.ts'
import type { PdfFile } from './file.ts'

const whitespace = new Set([0x0a, 0x0d, 0x20])

/** Whether every byte from `start` on belongs to an object in use or to a cross-reference section. @throws NotPdf */
export async function isCovered(file: PdfFile, start: number): Promise<boolean> {
  const { bytes } = file
  const objects = new Map<number, number>()
  for (const [number, place] of file.places) if ('at' in place && place.at >= start) objects.set(place.at, number)
  const syntax = new Syntax(bytes, start)
  for (;;) {
    while (whitespace.has(bytes[syntax.at] ?? -1)) syntax.at++
    if (syntax.at === bytes.length) return true
    const tableEnd = file.sections.get(syntax.at)
    if (tableEnd) syntax.at = tableEnd
    else if (syntax.takeWord('startxref')) {
      syntax.wholeNumber()
      syntax.expectLine('%%EOF')
    } else {
      const number = objects.get(syntax.at)
      if (number === undefined) return false
      await skipObject(file, syntax, number)
    }
  }
}

async function skipObject(file: PdfFile, syntax: Syntax, number: number): Promise<void> {
  const value = syntax.indirectObject(number)
  if (value instanceof Stream) {
    const length = await file.resolve(value.dictionary.get('Length'))
    if (typeof length !== 'number' || !(length >= 0)) throw new NotPdf('no length')
    syntax.at = value.start + length
    syntax.expectWord('endstream')
  }
  syntax.expectWord('endobj')
}

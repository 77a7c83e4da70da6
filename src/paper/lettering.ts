import { bold, regular, type Face } from './font.ts'

export type Weight = 'regular' | 'bold'

const faces: Record<Weight, Face> = { regular, bold }

/** A letter that the papers' typeface does not have; whoever gave the text must hear of it. */
export class UnprintableText extends Error {
  readonly letter: string
  constructor(letter: string) {
    super(`no glyph for U+${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`)
    this.letter = letter
  }
}

function glyphsOf(text: string, face: Face): number[] {
  return Array.from(text.normalize('NFC'), (letter) => {
    const glyph = face.glyphs[letter]
    if (glyph === undefined) throw new UnprintableText(letter)
    return glyph
  })
}

/** The text as a PDF hex string of two-byte glyph ids: nothing in it can end the string or become an operator. */
export const glyphString = (text: string, weight: Weight): string =>
  `<${glyphsOf(text, faces[weight])
    .map((glyph) => glyph.toString(16).padStart(4, '0'))
    .join('')}>`

/** How wide the text is set, in points. */
export function widthOf(text: string, size: number, weight: Weight = 'regular'): number {
  const face = faces[weight]
  const thousandths = glyphsOf(text, face).reduce((width, glyph) => width + (face.widths[glyph] ?? 0), 0)
  return (thousandths * size) / 1000
}

/** Breaks a text at its spaces into lines no wider than `width` points; a longer word is broken between letters. */
export function wrap(text: string, width: number, size: number, weight: Weight = 'regular'): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.normalize('NFC').split(/\s+/)) {
    if (word === '') continue
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer, size, weight) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = breakWord(word, width, size, weight)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return line === '' ? lines : [...lines, line]
}

/** As few lines as `wrap` makes, but of lengths as even as they can be: no single word is left behind. */
export function wrapEvenly(text: string, width: number, size: number, weight: Weight = 'regular'): string[] {
  let lines = wrap(text, width, size, weight)
  for (let narrower = width - size; narrower > 0; narrower -= size) {
    const tighter = wrap(text, narrower, size, weight)
    if (tighter.length > lines.length) break
    lines = tighter
  }
  return lines
}

function breakWord(word: string, width: number, size: number, weight: Weight): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const letter of word) {
    if (piece !== '' && widthOf(piece + letter, size, weight) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += letter
  }
  return [...pieces, piece]
}

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

/** A face by code point: what each letter's glyph is, how wide it is, and how it is written in a PDF string. */
type Compiled = { glyphs: Int32Array; widths: number[]; codes: string[] }

const compiled = new Map<Weight, Compiled>()

function faceOf(weight: Weight): Compiled {
  const known = compiled.get(weight)
  if (known) return known
  const { glyphs, widths } = faces[weight]
  const letters = Object.entries(glyphs).map(([letter, glyph]) => [letter.codePointAt(0) ?? 0, glyph] as const)
  const byCode = new Int32Array(Math.max(...letters.map(([code]) => code)) + 1).fill(-1)
  for (const [code, glyph] of letters) byCode[code] = glyph
  const codes = widths.map((_, glyph) => glyph.toString(16).padStart(4, '0'))
  const made = { glyphs: byCode, widths, codes }
  compiled.set(weight, made)
  return made
}

function glyphsOf(text: string, face: Compiled): number[] {
  const glyphs: number[] = []
  for (const letter of text.normalize('NFC')) {
    const glyph = face.glyphs[letter.codePointAt(0) ?? 0] ?? -1
    if (glyph < 0) throw new UnprintableText(letter)
    glyphs.push(glyph)
  }
  return glyphs
}

/** The text as a PDF hex string of two-byte glyph ids: nothing in it can end the string or become an operator. */
export function glyphString(text: string, weight: Weight): string {
  const face = faceOf(weight)
  return `<${glyphsOf(text, face)
    .map((glyph) => face.codes[glyph])
    .join('')}>`
}

/** How wide the text is set, in points. */
export function widthOf(text: string, size: number, weight: Weight = 'regular'): number {
  const face = faceOf(weight)
  let thousandths = 0
  for (const glyph of glyphsOf(text, face)) thousandths += face.widths[glyph] ?? 0
  return (thousandths * size) / 1000
}

/** Nothing is kerned, so a line is as wide as its words and the spaces between them: each word is measured once. */
type Word = { text: string; width: number }

const wordsOf = (text: string, size: number, weight: Weight): Word[] =>
  text
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ({ text: word, width: widthOf(word, size, weight) }))

/** Breaks a text at its spaces into lines no wider than `width` points; a longer word is broken between letters. */
export const wrap = (text: string, width: number, size: number, weight: Weight = 'regular'): string[] =>
  fill(wordsOf(text, size, weight), width, size, weight)

function fill(words: Word[], width: number, size: number, weight: Weight): string[] {
  const space = widthOf(' ', size, weight)
  const lines: string[] = []
  let line: Word | undefined
  for (const word of words) {
    const longer: Word = line ? { text: `${line.text} ${word.text}`, width: line.width + space + word.width } : word
    // Sums of widths in another order differ in their last bits.
    if (longer.width <= width + 1e-6) {
      line = longer
      continue
    }
    if (line) lines.push(line.text)
    const pieces = breakWord(word, width, size, weight)
    lines.push(...pieces.slice(0, -1).map((piece) => piece.text))
    line = pieces.at(-1)
  }
  return line ? [...lines, line.text] : lines
}

/** As few lines as `wrap` makes, but of lengths as even as they can be: no single word is left behind. */
export function wrapEvenly(text: string, width: number, size: number, weight: Weight = 'regular'): string[] {
  const words = wordsOf(text, size, weight)
  let lines = fill(words, width, size, weight)
  // One line is as even as lines can be.
  if (lines.length < 2) return lines
  for (let narrower = width - size; narrower > 0; narrower -= size) {
    const tighter = fill(words, narrower, size, weight)
    if (tighter.length > lines.length) break
    lines = tighter
  }
  return lines
}

function breakWord(word: Word, width: number, size: number, weight: Weight): Word[] {
  if (word.width <= width) return [word]
  const pieces: Word[] = []
  let piece: Word = { text: '', width: 0 }
  for (const letter of word.text) {
    const letterWidth = widthOf(letter, size, weight)
    if (piece.text !== '' && piece.width + letterWidth > width) {
      pieces.push(piece)
      piece = { text: '', width: 0 }
    }
    piece = { text: piece.text + letter, width: piece.width + letterWidth }
  }
  return [...pieces, piece]
}

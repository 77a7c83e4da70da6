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

/** Words that were set: their glyphs as hex digits, four each, and their width in thousandths of the type size. */
export type Line = { weight: Weight; glyphs: string; width: number }

/** A face by code point, all of which lie in the first plane: how its glyph is written and how wide it is. */
type Compiled = { glyphs: string[]; widths: number[] }

const compiled: Partial<Record<Weight, Compiled>> = {}

function compile(weight: Weight): Compiled {
  const { glyphs, widths } = faces[weight]
  const letters = Object.entries(glyphs).filter(([letter]) => letter !== '\uffff')
  const size = Math.max(...letters.map(([letter]) => letter.charCodeAt(0))) + 1
  const made: Compiled = { glyphs: Array<string>(size).fill(''), widths: Array<number>(size).fill(0) }
  for (const [letter, glyph] of letters) {
    made.glyphs[letter.charCodeAt(0)] = glyph.toString(16).padStart(4, '0')
    made.widths[letter.charCodeAt(0)] = widths[glyph] ?? 0
  }
  return made
}

/** Sets words in one line. @throws UnprintableText */
export function setLine(words: string, weight: Weight = 'regular'): Line {
  const face = (compiled[weight] ??= compile(weight))
  const text = words.normalize('NFC')
  const line: Line = { weight, glyphs: '', width: 0 }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const glyph = face.glyphs[code]
    if (!glyph) throw new UnprintableText(String.fromCodePoint(text.codePointAt(at) ?? 0))
    line.glyphs += glyph
    line.width += face.widths[code] ?? 0
  }
  return line
}

const standing = { regular: new Map<string, Line>(), bold: new Map<string, Line>() }

/** The same for words that stand on every paper: they are set once. What somebody gave must not stay in memory. */
export function setOnce(words: string, weight: Weight = 'regular'): Line {
  const line = standing[weight].get(words) ?? setLine(words, weight)
  standing[weight].set(words, line)
  return line
}

/** How wide a text is in this size, in points. */
export const widthOf = (text: string | Line, size: number, weight: Weight = 'regular'): number =>
  ((typeof text === 'string' ? setLine(text, weight) : text).width * size) / 1000

/** Nothing is kerned, so a line is as wide as its words and the spaces between them: each word is set once. */
const join = (before: Line, between: Line, word: Line): Line => ({
  weight: word.weight,
  glyphs: before.glyphs + between.glyphs + word.glyphs,
  width: before.width + between.width + word.width,
})

const setWords = (text: string, weight: Weight): Line[] =>
  text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => setLine(word, weight))

/** Breaks a text at its spaces into lines no wider than `width` points; a longer word is broken between letters. */
export const wrap = (text: string, width: number, size: number, weight: Weight = 'regular'): Line[] =>
  fill(setWords(text, weight), (width * 1000) / size, weight)

/** `room` in thousandths of the type size. */
function fill(words: readonly Line[], room: number, weight: Weight): Line[] {
  const space = setOnce(' ', weight)
  const lines: Line[] = []
  let line: Line | undefined
  for (const word of words) {
    if (line && line.width + space.width + word.width <= room) {
      line = join(line, space, word)
      continue
    }
    if (line) lines.push(line)
    const pieces = breakWord(word, room)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1)
  }
  return line ? [...lines, line] : lines
}

/** As few lines as `wrap` makes, but of lengths as even as they can be: no single word is left behind. */
export function wrapEvenly(text: string, width: number, size: number, weight: Weight = 'regular'): Line[] {
  const words = setWords(text, weight)
  const room = (width * 1000) / size
  const lines = fill(words, room, weight)
  // One line is as even as lines can be.
  if (lines.length < 2) return lines
  const widest = Math.max(...words.map((word) => word.width))
  let tightest = room
  for (let tighter = room - 1000; tighter >= widest; tighter -= 1000) {
    if (lineCount(words, tighter, weight) > lines.length) break
    tightest = tighter
  }
  return fill(words, tightest, weight)
}

/** How many lines `fill` makes of words none of which is wider than a line. */
function lineCount(words: readonly Line[], room: number, weight: Weight): number {
  const space = setOnce(' ', weight).width
  let lines = 0
  let width = room
  for (const word of words) {
    width += space + word.width
    if (width <= room) continue
    lines++
    width = word.width
  }
  return lines
}

function breakWord(word: Line, room: number): Line[] {
  if (word.width <= room) return [word]
  const { widths } = faces[word.weight]
  const pieces: Line[] = []
  let piece: Line = { weight: word.weight, glyphs: '', width: 0 }
  for (let at = 0; at < word.glyphs.length; at += 4) {
    const glyph = word.glyphs.slice(at, at + 4)
    const width = widths[Number.parseInt(glyph, 16)] ?? 0
    if (piece.glyphs !== '' && piece.width + width > room) {
      pieces.push(piece)
      piece = { ...piece, glyphs: '', width: 0 }
    }
    piece.glyphs += glyph
    piece.width += width
  }
  return [...pieces, piece]
}

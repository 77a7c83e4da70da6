// ISO 19005-3:2012, 6.2.11: fonts. Their programs are read by fontkit, which had no part in writing them.
import { create } from 'fontkit'
import { shownGlyphs } from './content.ts'
import { type Dict, type ReadFile, said, Stream } from './file.ts'
import { rule, type Rule, unless } from './rule.ts'

type Shown = {
  name: string
  font: Dict
  descendant: Dict
  descriptor: Dict
  glyphs: Set<number>
  program: Buffer | null
}

/** Every font that shows letters. */
const fonts = (file: ReadFile): Shown[] =>
  [...shownGlyphs(file)].map(([font, glyphs]) => {
    const descendant = file.dict(file.list(font.get('DescendantFonts'))[0])
    const descriptor = file.dict(descendant.get('FontDescriptor'))
    const embedded = file.at(descriptor.get('FontFile2'))
    const program = embedded instanceof Stream ? Buffer.from(embedded.data()) : null
    return { name: said(font.get('BaseFont')), font, descendant, descriptor, glyphs, program }
  })

const perFont = (faults: (shown: Shown, file: ReadFile) => string[]) => (file: ReadFile) => {
  const all = fonts(file)
  return [
    ...unless(all.length > 0, 'no font'),
    ...all.flatMap((shown) => faults(shown, file).map((fault) => `${shown.name}: ${fault}`)),
  ]
}

/** The widths of a composite font by glyph, from `first [width width …]` runs (ISO 32000-1, 9.7.4.3). */
function widthsOf(file: ReadFile, descendant: Dict): Map<number, number> {
  const widths = new Map<number, number>()
  const runs = file.list(descendant.get('W'))
  for (let at = 0; at + 1 < runs.length; at += 2) {
    file.list(runs[at + 1]).forEach((width, index) => widths.set(Number(runs[at]) + index, Number(width)))
  }
  return widths
}

const descriptorKeys = ['FontName', 'Flags', 'FontBBox', 'ItalicAngle', 'Ascent', 'Descent', 'CapHeight', 'StemV']

export const lettering: Rule[] = [
  rule(
    '6.2.11.2',
    'has fonts described as ISO 32000-1 asks',
    perFont(({ font, descendant, descriptor }) => [
      ...unless(font.get('Type') === '/Font' && font.get('Subtype') === '/Type0', 'not a composite font'),
      ...unless(descendant.get('Subtype') === '/CIDFontType2' && descendant.has('BaseFont'), 'its descendant'),
      ...descriptorKeys.filter((key) => !descriptor.has(key)),
    ]),
  ),
  rule(
    '6.2.11.3',
    'has codes that are glyphs, in the encoding that every reader knows',
    perFont(({ font, descendant }, file) => [
      ...unless(font.get('Encoding') === '/Identity-H', 'Encoding'),
      ...unless(descendant.get('CIDToGIDMap') === '/Identity', 'CIDToGIDMap'),
      ...['Registry', 'Ordering', 'Supplement'].filter((key) => !file.dict(descendant.get('CIDSystemInfo')).has(key)),
    ]),
  ),
  rule(
    '6.2.11.4',
    'carries the program of every font with every glyph that it shows',
    perFont(({ program, glyphs }) => {
      if (!program) return ['not embedded']
      const { numGlyphs } = create(program)
      return [...glyphs].filter((glyph) => glyph >= numGlyphs).map((glyph) => `no glyph ${glyph}`)
    }),
  ),
  rule(
    '6.2.11.5',
    'says the same widths as the font’s program',
    perFont(({ program, glyphs, descendant }, file) => {
      if (!program) return ['not embedded']
      const face = create(program)
      const widths = widthsOf(file, descendant)
      return [...glyphs].flatMap((glyph) => {
        const real = (face.getGlyph(glyph).advanceWidth * 1000) / face.unitsPerEm
        return unless(Math.abs((widths.get(glyph) ?? 1000) - real) <= 1, `glyph ${glyph} is ${real} wide`)
      })
    }),
  ),
  rule(
    '6.2.11.7',
    'lets every letter be read out as text (more than level B asks)',
    perFont(({ font, glyphs }, file) => {
      const map = file.at(font.get('ToUnicode'))
      const text = map instanceof Stream ? Buffer.from(map.data()).toString('latin1') : ''
      const known = new Set(
        [...text.matchAll(/<([0-9A-F]{4})> <[0-9A-F]{4,}>/g)].map(([, glyph = '']) => parseInt(glyph, 16)),
      )
      return [...glyphs].filter((glyph) => !known.has(glyph)).map((glyph) => `glyph ${glyph} has no letter`)
    }),
  ),
  rule(
    '6.2.11.8',
    'shows no glyph for what it lacks',
    perFont(({ glyphs }) => unless(!glyphs.has(0), '.notdef')),
  ),
]

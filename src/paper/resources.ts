import { fromBase64 } from './bytes.ts'
import type { Draft } from './draft.ts'
import type { Drawing } from './drawing.ts'
import { bold, regular, type Face } from './font.ts'
import { to } from './written.ts'

/** Writes both faces into the file; answers the resources, in the syntax of PDF, under which a `Drawing` finds them. */
export function addFonts(draft: Draft): string {
  return `<</Font<</F1 ${to(addFace(draft, regular))}/F2 ${to(addFace(draft, bold))}>>>>`
}

/** What is the same in every file. */
function constantsOf(face: Face) {
  const known = constants.get(face)
  if (known) return known
  const { name, ascent, descent, capHeight, box, widths } = face
  const made = {
    program: fromBase64(face.program),
    toUnicode: fromBase64(face.toUnicode),
    descriptor:
      `/Type/FontDescriptor/FontName/${name}/Flags 4/FontBBox[${box.join(' ')}]/ItalicAngle 0` +
      `/Ascent ${ascent}/Descent ${descent}/CapHeight ${capHeight}/StemV 80`,
    descendant:
      `/Type/Font/Subtype/CIDFontType2/BaseFont/${name}/CIDToGIDMap/Identity/W[0[${widths.join(' ')}]]` +
      '/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>',
  }
  constants.set(face, made)
  return made
}
const constants = new WeakMap<
  Face,
  { program: Uint8Array; toUnicode: Uint8Array; descriptor: string; descendant: string }
>()

/** A composite font whose codes are glyph ids (ISO 32000-1, 9.7): all but the numbers of its objects is constant. */
function addFace(draft: Draft, face: Face): number {
  const { program, toUnicode, descriptor, descendant } = constantsOf(face)
  const file = draft.addStream(`/Filter/FlateDecode/Length1 ${face.length}`, program)
  const described = draft.add(`<<${descriptor}/FontFile2 ${to(file)}>>`)
  const glyphs = draft.add(`<<${descendant}/FontDescriptor ${to(described)}>>`)
  const letters = draft.addStream('/Filter/FlateDecode', toUnicode)
  const encoding = `/Encoding/Identity-H/DescendantFonts[${to(glyphs)}]/ToUnicode ${to(letters)}`
  return draft.add(`<</Type/Font/Subtype/Type0/BaseFont/${face.name}${encoding}>>`)
}

/** A drawing as a Form XObject of this size, to be placed elsewhere. */
export const addForm = (draft: Draft, drawing: Drawing, width: number, height: number, resources: string): number =>
  draft.addStream(`/Type/XObject/Subtype/Form/BBox[0 0 ${width} ${height}]/Resources${resources}`, String(drawing))

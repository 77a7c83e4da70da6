// Makes pages that look as if they came out of an office scanner. Everything on them is invented, and they say so themselves.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from 'fontkit'
import sharp from 'sharp'
import { Draft } from '../paper/draft.ts'
import { assemble } from '../paper/signing.ts'
import { to } from '../paper/written.ts'

/** A paper: who issued it, what it says line by line, who signed. */
export type Paper = {
  authority: [above: string, below: string]
  title: string
  number?: string
  rows: [label: string, value: string][]
  place: string
  signer: { office: string; name: string }
  /** Drawn below the rows instead of nothing: a floor plan. */
  plan?: true
}

export type ScanForm = {
  as: 'pdf' | 'png' | 'jpeg'
  /** So badly scanned that nobody can read it. */
  blurred?: true
}

export const mediaTypeOf = { pdf: 'application/pdf', png: 'image/png', jpeg: 'image/jpeg' } as const

/** A4 at 96 dpi, in which the page is laid out; the scanner takes it a little finer. */
const sheet = { width: 794, height: 1123, density: 1.3 }

const width = Math.round(sheet.width * sheet.density)
const height = Math.round(sheet.height * sheet.density)

let known: Promise<Buffer> | undefined
/** The grain of the scanner's glass, the same for every page. */
const grain = (): Promise<Buffer> =>
  (known ??= sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 5 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer())

/** The page as bytes of the wanted form; a PDF holds one picture, as scanners make them. */
export async function scan(paper: Paper, form: ScanForm): Promise<Uint8Array<ArrayBuffer>> {
  // Nobody lays a sheet quite straight: by the letters of its title, up to half a degree off.
  const askew = ((paper.title.length * 7) % 11) / 11 - 0.5
  const page = await sharp(Buffer.from(svg(paper)), { density: 96 * sheet.density })
    .rotate(askew, { background: '#dcd9d2' })
    .resize(width, height, { fit: 'cover' })
    .composite([{ input: await grain(), blend: 'soft-light' }])
    .blur(form.blurred ? 9 : 0.5)
    .toColourspace('srgb')
    .removeAlpha()
    .toBuffer({ resolveWithObject: true })
  const image = sharp(page.data)
  if (form.as === 'png') return Uint8Array.from(await image.png({ palette: true, colours: 32 }).toBuffer())
  const jpeg = await image.jpeg({ quality: 62 }).toBuffer()
  return form.as === 'jpeg' ? Uint8Array.from(jpeg) : pdfOf(jpeg)
}

function pdfOf(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const draft = Draft.blank()
  const picture = `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8`
  const image = to(draft.addStream(`${picture}/Filter/DCTDecode`, jpeg))
  const content = to(draft.addStream('', `q 595 0 0 842 0 0 cm /Scan Do Q`))
  draft.addPage(595, 842, `/Resources<</XObject<</Scan ${image}>>>>/Contents ${content}`)
  return assemble(draft.close(), [])
}

const typeface = (file: string) =>
  create(readFileSync(join(import.meta.dirname, '../../node_modules/@expo-google-fonts/tinos', file)))
const faces = {
  regular: typeface('400Regular/Tinos_400Regular.ttf'),
  bold: typeface('700Bold/Tinos_700Bold.ttf'),
  italic: typeface('400Regular_Italic/Tinos_400Regular_Italic.ttf'),
}

type Style = { size: number; face?: keyof typeof faces; fill?: string; align?: 'start' | 'middle' }

/** Letters as outlines, so that the picture does not depend on the machine's fonts. */
function text(
  words: string,
  x: number,
  y: number,
  { size, face = 'regular', fill = '#1c1b22', align = 'start' }: Style,
) {
  const font = faces[face]
  const glyphs = Array.from(words.normalize('NFC'), (letter) =>
    font.getGlyph(font.glyphForCodePoint(letter.codePointAt(0) ?? 32).id),
  )
  const scale = size / font.unitsPerEm
  const width = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) * scale
  let at = align === 'middle' ? x - width / 2 : x
  const outlines = glyphs.map((glyph) => {
    const outline = `<path transform="translate(${at.toFixed(2)} ${y}) scale(${scale} ${-scale})" d="${glyph.path.toSVG()}"/>`
    at += glyph.advanceWidth * scale
    return outline
  })
  return `<g fill="${fill}">${outlines.join('')}</g>`
}

const line = (x1: number, y: number, x2: number, colour = '#1c1b22', width = 1) =>
  `<line x1="${x1}" y1="${y}" x2="${x2}" y2="${y}" stroke="${colour}" stroke-width="${width}"/>`

function svg(paper: Paper): string {
  const middle = sheet.width / 2
  const left = 210
  const right = 560
  const rows = paper.rows.map(([label, value], index) => {
    const y = 372 + index * 38
    return `${text(label, 96, y, { size: 18 })}${text(value, 330, y, { size: 18, face: 'bold' })}${line(330, y + 7, 712, '#9a958a', 0.6)}`
  })
  const below = 372 + paper.rows.length * 38
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}" viewBox="0 0 ${sheet.width} ${sheet.height}">
<rect width="100%" height="100%" fill="#f7f3e8"/>
<rect x="38" y="38" width="718" height="1047" fill="none" stroke="#b98f4a" stroke-width="5"/>
<rect x="47" y="47" width="700" height="1029" fill="none" stroke="#b98f4a" stroke-width="1.2"/>
${text(paper.authority[0], left, 108, { size: 15, align: 'middle' })}
${text(paper.authority[1], left, 130, { size: 15.5, face: 'bold', align: 'middle' })}
${line(left - 40, 140, left + 40)}
${text('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, 108, { size: 15.5, face: 'bold', align: 'middle' })}
${text('Độc lập - Tự do - Hạnh phúc', right, 130, { size: 16.5, face: 'bold', align: 'middle' })}
${line(right - 95, 140, right + 95)}
${text(paper.title, middle, 258, { size: paper.title.length > 34 ? 24 : 32, face: 'bold', fill: '#9c1c1c', align: 'middle' })}
${paper.number ? text(`Số: ${paper.number}`, middle, 300, { size: 18, align: 'middle' }) : ''}
${rows.join('\n')}
${paper.plan ? plan(below + 10) : ''}
${text(paper.place, right, 862, { size: 17, face: 'italic', align: 'middle' })}
${text(paper.signer.office, right, 890, { size: 17, face: 'bold', align: 'middle' })}
${signature(right, 950)}
${stamp(right - 105, 955)}
${text(paper.signer.name, right, 1030, { size: 18, face: 'bold', align: 'middle' })}
<g transform="rotate(-34 ${middle} 640)" opacity="0.16">
${text('BẢN MẪU', middle, 630, { size: 118, face: 'bold', fill: '#8c1414', align: 'middle' })}
${text('không có giá trị – dữ liệu bịa đặt', middle, 690, { size: 40, face: 'bold', fill: '#8c1414', align: 'middle' })}
</g></svg>`
}

/** A pen's stroke that is nobody's name. */
const signature = (x: number, y: number) =>
  `<path d="M${x - 70} ${y + 14} c18 -62 34 -66 30 -12 s-12 44 6 8 s26 -52 24 -10 s8 26 22 -6 s20 -30 18 2 s26 8 62 -26" fill="none" stroke="#20358c" stroke-width="2.6" stroke-linecap="round"/>`

function stamp(x: number, y: number): string {
  const red = '#c8201f'
  const star = Array.from({ length: 10 }, (_, index) => {
    const radius = index % 2 === 0 ? 17 : 7
    const angle = (index * Math.PI) / 5 - Math.PI / 2
    return `${(x + radius * Math.cos(angle)).toFixed(1)},${(y - 14 + radius * Math.sin(angle)).toFixed(1)}`
  })
  return `<g opacity="0.78"><circle cx="${x}" cy="${y}" r="62" fill="none" stroke="${red}" stroke-width="3.4"/>
<circle cx="${x}" cy="${y}" r="55" fill="none" stroke="${red}" stroke-width="1.1"/>
<polygon points="${star.join(' ')}" fill="${red}"/>
${text('CON DẤU MẪU', x, y + 20, { size: 12.5, face: 'bold', fill: red, align: 'middle' })}
${text('không có giá trị', x, y + 36, { size: 11, fill: red, align: 'middle' })}</g>`
}

/** A small house, floor by floor. */
function plan(y: number): string {
  const floor = (x: number, name: string) =>
    `<g fill="none" stroke="#3a3f55" stroke-width="2"><rect x="${x}" y="${y}" width="150" height="200"/><path d="M${x} ${y + 80} h95 m25 0 h30 M${x + 88} ${y + 80} v120"/><path d="M${x + 95} ${y + 80} a25 25 0 0 1 25 -25" stroke-width="1"/></g>${text(name, x + 75, y + 222, { size: 14, align: 'middle' })}`
  return [floor(110, 'Tầng 1'), floor(322, 'Tầng 2'), floor(534, 'Tầng 3')].join('')
}

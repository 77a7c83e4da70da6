import { PDF } from '@libpdf/core'

/** The smallest PDF that readers accept, with a line of its own so that no two are alike. */
export function pdf(line: string = crypto.randomUUID()): Uint8Array {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${line.length + 31}>>\nstream\nBT /F1 12 Tf 72 720 Td (${line}) Tj ET\nendstream`,
    helvetica,
  ]
  return fileOf(objects)
}

/** A file whose first object says that it is linearized, as many producers number it (ISO 32000-1, annex F). */
export function linearizedPdf(): Uint8Array {
  const made = (length: number, first: number) =>
    fileOf(
      [
        `<</Linearized 1/L ${pad(length)}/H[${pad(first)} 0]/O 4/E ${pad(length)}/N 1/T ${pad(first)}>>`,
        '<</Type/Catalog/Pages 3 0 R>>',
        '<</Type/Pages/Kids[4 0 R]/Count 1>>',
        '<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>',
        words,
        helvetica,
      ],
      2,
    )
  const { length } = made(0, 0)
  return made(length, length)
}

/**
 * A file for old and new readers: the font of its words lies where only new ones find it (ISO 32000-1, 7.5.8.4). Beside
 * its table stands a stream; or, as office programs write it, beside an empty table that comes after.
 */
export function hybridPdf(after = false): Uint8Array {
  const hidden = `5 0 ${helvetica}`
  const parts = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    words,
    null,
    `<</Type/ObjStm/N 1/First 4/Length ${hidden.length}>>\nstream\n${hidden}\nendstream`,
  ]
  const { text, offsets } = bodyOf(parts)
  const stream = text.length
  const entry = String.fromCharCode(2, 0, 6, 0)
  const withStream = `${text}7 0 obj\n<</Type/XRef/Size 8/W[1 2 1]/Index[5 1]/Root 1 0 R/Length 4>>\nstream\n${entry}\nendstream\nendobj\n`
  const beside = `/XRefStm ${stream}`
  if (!after) return encoded(`${withStream}${tableOf(offsets, withStream.length, `/Root 1 0 R${beside}`, 8)}`)
  const table = `${withStream}${tableOf(offsets, withStream.length, '/Root 1 0 R', 8)}`
  const trailer = `trailer\n<</Size 8/Root 1 0 R/Prev ${withStream.length}${beside}>>`
  return encoded(`${table}xref\n0 0\n${trailer}\nstartxref\n${table.length}\n%%EOF\n`)
}

/** A page that has its size, its turn and its font from a node between it and the root of the tree. */
export function nestedPdf(): Uint8Array {
  return fileOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 180>>',
    '<</Type/Pages/Parent 2 0 R/Kids[4 0 R]/Count 1/MediaBox[0 0 842 595]/Rotate 90/Resources<</Font<</F1 6 0 R>>>>>>',
    '<</Type/Page/Parent 3 0 R/Contents 5 0 R>>',
    words,
    helvetica,
  ])
}

const helvetica = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'
const words = '<</Length 39>>\nstream\nBT /F1 12 Tf 72 720 Td (GIAY TO) Tj ET\nendstream'
const pad = (value: number) => String(value).padStart(10, '0')
const encoded = (text: string) => new TextEncoder().encode(text)

function bodyOf(objects: (string | null)[]): { text: string; offsets: (number | null)[] } {
  let text = '%PDF-1.7\n'
  const offsets = objects.map((object, index) => {
    if (object === null) return null
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  return { text, offsets }
}

/** The table of these objects and the trailer, at this offset; free entries for what is not in it. */
function tableOf(offsets: (number | null)[], at: number, entries: string, size = offsets.length + 1): string {
  const lines = Array.from({ length: size - 1 }, (_, index) => offsets[index] ?? null)
  const rows = lines.map((offset) => (offset === null ? `${pad(0)} 00000 f \n` : `${pad(offset)} 00000 n \n`))
  return `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${size}${entries}>>\nstartxref\n${at}\n%%EOF\n`
}

function fileOf(objects: string[], root = 1): Uint8Array {
  const { text, offsets } = bodyOf(objects)
  return encoded(`${text}${tableOf(offsets, text.length, `/Root ${root} 0 R`)}`)
}

/** The JSON that a PDF carries under this file name; null where it carries none. */
export async function attachedTo(file: Uint8Array, name: string): Promise<unknown> {
  const bytes = (await PDF.load(file)).getAttachment(name)
  return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null
}

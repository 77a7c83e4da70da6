import { type Dict, type ReadFile, said, Stream } from './file.ts'

/** One operator of a content stream with what stands before it, as it is written. */
type Operation = { operator: string; operands: string[] }

/** A content stream (a page's, a form's, an appearance's) and the resources that are its own. */
export type Content = { resources: Dict | null; operations: Operation[] }

/** All that is painted: pages, and every form and appearance of the file. */
export function contentsOf(file: ReadFile): Content[] {
  const pages = file.objects.flatMap((value): Content[] => {
    if (!(value instanceof Map) || value.get('Type') !== '/Page') return []
    const own = value.get('Contents')
    const parts = Array.isArray(file.at(own)) ? file.list(own) : [own]
    const bytes = parts.flatMap((part) => {
      const stream = file.at(part)
      return stream instanceof Stream ? [Buffer.from(stream.data()), Buffer.from('\n')] : []
    })
    return [{ resources: resourcesOf(file, value), operations: operationsOf(Buffer.concat(bytes)) }]
  })
  const forms = file.objects.flatMap((value): Content[] =>
    value instanceof Stream && value.dict.get('Subtype') === '/Form'
      ? [{ resources: resourcesOf(file, value.dict), operations: operationsOf(value.data()) }]
      : [],
  )
  return [...pages, ...forms]
}

const resourcesOf = (file: ReadFile, of: Dict) => (of.has('Resources') ? file.dict(of.get('Resources')) : null)

const token = /<[0-9A-Fa-f\s]*>|\((?:\\[^]|[^\\)])*\)|\/[^\s<>()[\]{}/%]*|[[\]]|[^\s<>()[\]{}/%]+/g

function operationsOf(bytes: Uint8Array): Operation[] {
  const operations: Operation[] = []
  let operands: string[] = []
  for (const [word] of Buffer.from(bytes).toString('latin1').matchAll(token)) {
    if (/^[A-Za-z'"][A-Za-z0-9*]*$/.test(word) && word !== 'true' && word !== 'false') {
      operations.push({ operator: word, operands })
      operands = []
    } else operands.push(word)
  }
  return operations
}

/** Which glyphs a file shows of each of its fonts, by the name in the resources and the font's dictionary. */
export function shownGlyphs(file: ReadFile): Map<Dict, Set<number>> {
  const shown = new Map<string, { font: Dict; glyphs: Set<number> }>()
  for (const { resources, operations } of contentsOf(file)) {
    const fonts = file.dict(resources?.get('Font'))
    let current: Set<number> | undefined
    for (const { operator, operands } of operations) {
      if (operator === 'Tf') {
        const font = file.dict(fonts.get(operands[0]?.slice(1) ?? ''))
        const key = `${said(font.get('BaseFont'))} ${said(font.get('ToUnicode'))}`
        const entry = shown.get(key) ?? { font, glyphs: new Set() }
        shown.set(key, entry)
        current = entry.glyphs
      }
      if (operator === 'Tj')
        for (const [code] of (operands[0] ?? '').matchAll(/[0-9A-Fa-f]{4}/g)) current?.add(parseInt(code, 16))
    }
  }
  return new Map([...shown.values()].map(({ font, glyphs }) => [font, glyphs]))
}

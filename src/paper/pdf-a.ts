import { deflateSync } from 'node:zlib'
import { pdfDate, xmpDate } from './dates.ts'
import type { Draft } from './draft.ts'
import { srgbName, srgbProfile } from './srgb.ts'
import { textString, to } from './written.ts'

/** What a file says of itself, and the data behind its words: `fileName` is ASCII, `value` becomes JSON. */
export type Archivable = {
  title: string
  /** The unit whose paper it is. */
  author: string
  at: Date
  data: { fileName: string; description: string; value: unknown }
}

const maker = 'motcua'
const language = 'vi'

/**
 * Makes a file that this room draws into PDF/A-3b (ISO 19005-3:2012): says what its colours mean, describes it in XMP and
 * attaches its data. Before the first signature, which lets nobody change the catalog. Fonts and pictures are their makers' duty.
 */
export function makeArchivable(draft: Draft, file: Archivable): void {
  const { catalog } = draft
  catalog['Lang'] = `(${language})`
  catalog['OutputIntents'] = `[${outputIntent(draft)}]`
  describe(draft, file)
  const attached = to(attach(draft, file))
  catalog['AF'] = `[${attached}]`
  catalog['Names'] = `<</EmbeddedFiles<</Names[(${file.data.fileName})${attached}]>>>>`
}

/** Clause 6.2.3: without it, device colours would be nobody's. */
function outputIntent(draft: Draft): string {
  const profile = to(draft.addStream('/N 3', srgbProfile()))
  const named = `/OutputConditionIdentifier(${srgbName})/RegistryName(http://www.color.org)/Info(${srgbName})`
  return `<</Type/OutputIntent/S/GTS_PDFA1${named}/DestOutputProfile ${profile}>>`
}

const onOneLine = (words: string) => words.normalize('NFC').replaceAll(/\s+/g, ' ')

/** Clauses 6.6.2 to 6.6.4: the information dictionary and the XMP say the same, the second for whoever keeps the file. */
function describe(draft: Draft, { title, author, at }: Archivable): void {
  const [oneLine, by] = [onOneLine(title), onOneLine(author)]
  const names = `/Title${textString(oneLine)}/Author${textString(by)}/Creator(${maker})/Producer(${maker})`
  const date = `(${pdfDate(at)})`
  draft.info = `/Info ${to(draft.add(`<<${names}/CreationDate${date}/ModDate${date}>>`))}`
  const xmp = new TextEncoder().encode(xmpOf(oneLine, by, xmpDate(at)))
  // Never compressed: whoever looks for the description reads it without knowing PDF.
  draft.catalog['Metadata'] = to(draft.addStream('/Type/Metadata/Subtype/XML', xmp))
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string) => text.replaceAll(/[&<>]/g, (letter) => escapes[letter] ?? letter)

const xmpOf = (title: string, author: string, date: string) => `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>${language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escaped(author)}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreatorTool>${maker}</xmp:CreatorTool><pdf:Producer>${maker}</pdf:Producer>
<xmp:CreateDate>${date}</xmp:CreateDate><xmp:ModifyDate>${date}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`

/** Clause 6.8 and annex E: the data of which the pages are the picture (`AFRelationship` is Data), as a file within the file. */
function attach(draft: Draft, { at, data: { fileName, description, value } }: Archivable): number {
  const bytes = new TextEncoder().encode(JSON.stringify(value, null, 2))
  const date = `(${pdfDate(at)})`
  const about = `/Params<</Size ${bytes.length}/CreationDate${date}/ModDate${date}>>/Filter/FlateDecode`
  const packed = new Uint8Array(deflateSync(bytes))
  const embedded = to(draft.addStream(`/Type/EmbeddedFile/Subtype/application#2Fjson${about}`, packed))
  const names = `/F(${fileName})/UF(${fileName})/Desc${textString(description)}`
  return draft.add(`<</Type/Filespec${names}/AFRelationship/Data/EF<</F ${embedded}/UF ${embedded}>>>>`)
}

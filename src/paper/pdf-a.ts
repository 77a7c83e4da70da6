import { deflateSync } from 'node:zlib'
import { type PDF, PdfArray, type PdfObject, PdfString } from '@libpdf/core'
import { pdfDate, xmpDate } from './dates.ts'
import { dict, name, number, resolverOf, stream } from './pdf.ts'
import { srgbName, srgbProfile } from './srgb.ts'

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
export function makeArchivable(pdf: PDF, file: Archivable): void {
  const catalog = pdf.getCatalog()
  catalog.set('Lang', PdfString.fromString(language))
  catalog.set('OutputIntents', PdfArray.of(outputIntent(pdf)))
  describe(pdf, file)
  const { fileName } = file.data
  const attached = attach(pdf, file)
  catalog.set('AF', PdfArray.of(attached))
  catalog.set('Names', dict({ EmbeddedFiles: dict({ Names: PdfArray.of(PdfString.fromString(fileName), attached) }) }))
}

/** Clause 6.2.3: without it, device colours would be nobody's. */
function outputIntent(pdf: PDF): PdfObject {
  return dict({
    Type: name('OutputIntent'),
    S: name('GTS_PDFA1'),
    OutputConditionIdentifier: PdfString.fromString(srgbName),
    RegistryName: PdfString.fromString('http://www.color.org'),
    Info: PdfString.fromString(srgbName),
    DestOutputProfile: pdf.register(stream({ N: number(3) }, srgbProfile)),
  })
}

const onOneLine = (words: string) => words.normalize('NFC').replaceAll(/\s+/g, ' ')

/** Clauses 6.6.2 to 6.6.4: the information dictionary and the XMP say the same, the second for whoever keeps the file. */
function describe(pdf: PDF, { title, author, at }: Archivable): void {
  const [oneLine, by] = [onOneLine(title), onOneLine(author)]
  const date = PdfString.fromString(pdfDate(at))
  const said = {
    Title: PdfString.fromString(oneLine),
    Author: PdfString.fromString(by),
    Creator: PdfString.fromString(maker),
    Producer: PdfString.fromString(maker),
    CreationDate: date,
    ModDate: date,
  }
  // The library has one already, and would number all objects anew were it left over.
  const { trailer } = pdf.context.info
  const info = trailer.getDict('Info', resolverOf(pdf)) ?? dict({})
  for (const [key, value] of Object.entries(said)) info.set(key, value)
  if (!trailer.has('Info')) trailer.set('Info', pdf.register(info))
  const xmp = new TextEncoder().encode(xmpOf(oneLine, by, xmpDate(at)))
  // Never compressed: whoever looks for the description reads it without knowing PDF.
  const metadata = pdf.register(stream({ Type: name('Metadata'), Subtype: name('XML') }, xmp))
  pdf.getCatalog().set('Metadata', metadata)
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
function attach(pdf: PDF, { at, data: { fileName, description, value } }: Archivable) {
  const bytes = new TextEncoder().encode(JSON.stringify(value, null, 2))
  const date = PdfString.fromString(pdfDate(at))
  const entries = {
    Type: name('EmbeddedFile'),
    Subtype: name('application/json'),
    Params: dict({ Size: number(bytes.length), CreationDate: date, ModDate: date }),
    Filter: name('FlateDecode'),
  }
  const embedded = pdf.register(stream(entries, new Uint8Array(deflateSync(bytes))))
  const called = PdfString.fromString(fileName)
  return pdf.register(
    dict({
      Type: name('Filespec'),
      F: called,
      UF: called,
      Desc: PdfString.fromString(description),
      AFRelationship: name('Data'),
      EF: dict({ F: embedded, UF: embedded }),
    }),
  )
}

// ISO 19005-3:2012, 6.3 to 6.11: annotations, forms and signatures, actions, metadata, attached files.
import { DOMParser, type Element } from '@xmldom/xmldom'
import { type Dict, everyDict, type ReadFile, said, Stream, Text } from './file.ts'
import { rule, type Rule, unless } from './rule.ts'

const annotations = (file: ReadFile): Dict[] =>
  [...everyDict(file)].filter((dict) => dict.get('Subtype') === '/Widget' || dict.get('Type') === '/Annot')
const textOf = (value: unknown) => (value instanceof Text ? value.text : '')

const forbiddenActions = [
  'Launch',
  'Sound',
  'Movie',
  'ResetForm',
  'ImportData',
  'Hide',
  'SetOCGState',
  'Rendition',
  'Trans',
  'GoTo3DView',
  'JavaScript',
]

const namespaces = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  pdfaid: 'http://www.aiim.org/pdfa/ns/id/',
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  pdf: 'http://ns.adobe.com/pdf/1.3/',
}
const predefined: Record<string, string[]> = {
  [namespaces.pdfaid]: ['part', 'conformance'],
  [namespaces.dc]: ['format', 'language', 'title', 'creator', 'description'],
  [namespaces.xmp]: ['CreatorTool', 'CreateDate', 'ModifyDate'],
  [namespaces.pdf]: ['Producer', 'Keywords'],
}

function metadata(file: ReadFile): { stream: Stream; text: string } | null {
  const stream = file.at(file.catalog.get('Metadata'))
  return stream instanceof Stream ? { stream, text: Buffer.from(stream.raw).toString('utf8') } : null
}

/** The properties of the XMP packet. @throws where it is no well-formed XML. */
function properties(file: ReadFile): Element[] {
  const onError = (_level: unknown, message: string) => {
    throw new Error(message)
  }
  const document = new DOMParser({ onError }).parseFromString(metadata(file)?.text ?? '', 'application/xml')
  const descriptions = Array.from(document.getElementsByTagNameNS(namespaces.rdf, 'Description'))
  return descriptions.flatMap((description) =>
    Array.from(description.childNodes).filter((node): node is Element => node.nodeType === 1),
  )
}

const property = (file: ReadFile, space: keyof typeof namespaces, key: string) =>
  properties(file)
    .find(({ namespaceURI, localName }) => namespaceURI === namespaces[space] && localName === key)
    ?.textContent?.trim()

/** `D:20261105153000+07'00'` as XMP writes it. */
const asXmp = (date: string) =>
  date.replace(/^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d\d)'(\d\d)'?$/, '$1-$2-$3T$4:$5:$6$7:$8')

/** Which property of which schema says what an entry of the information dictionary says. */
const analogous: Partial<Record<string, [space: keyof typeof namespaces, property: string]>> = {
  Title: ['dc', 'title'],
  Author: ['dc', 'creator'],
  Subject: ['dc', 'description'],
  Keywords: ['pdf', 'Keywords'],
  Creator: ['xmp', 'CreatorTool'],
  Producer: ['pdf', 'Producer'],
  CreationDate: ['xmp', 'CreateDate'],
  ModDate: ['xmp', 'ModifyDate'],
}

/** The entries of a name tree, those of its kids too. */
function namesIn(file: ReadFile, tree: Dict): unknown[] {
  return [
    ...file.list(tree.get('Names')),
    ...file.list(tree.get('Kids')).flatMap((kid) => namesIn(file, file.dict(kid))),
  ]
}

export const around: Rule[] = [
  rule('6.3.1', 'has no annotations but the fields of its signatures', (file) =>
    annotations(file).flatMap((one) => unless(one.get('Subtype') === '/Widget', said(one.get('Subtype')))),
  ),
  rule('6.3.2', 'prints every annotation and hides none', (file) =>
    annotations(file).flatMap((one) => {
      const flags = one.get('F')
      // Invisible 1, Hidden 2, Print 4, NoView 32, ToggleNoView 256.
      return unless(typeof flags === 'number' && (flags & (1 | 2 | 4 | 32 | 256)) === 4, `F ${said(flags)}`)
    }),
  ),
  rule('6.3.3', 'shows every annotation as it was drawn, unless it has no extent', (file) =>
    annotations(file).flatMap((one) => {
      const [left, low, right, high] = file.list(one.get('Rect'))
      if (left === right && low === high) return []
      const appearance = file.dict(one.get('AP'))
      const isDrawn = [...appearance.keys()].join(' ') === 'N' && file.at(appearance.get('N')) instanceof Stream
      return unless(isDrawn, textOf(one.get('T')))
    }),
  ),
  rule('6.4.1', 'has fields that run nothing and are never drawn anew', (file) => [
    ...unless(file.dict(file.catalog.get('AcroForm')).get('NeedAppearances') !== true, 'NeedAppearances'),
    ...[...everyDict(file)].flatMap((dict) =>
      dict.has('FT') || dict.get('Subtype') === '/Widget' ? ['A', 'AA'].filter((key) => dict.has(key)) : [],
    ),
  ]),
  rule('6.4.2', 'has no XFA form', (file) => [
    ...unless(!file.dict(file.catalog.get('AcroForm')).has('XFA'), 'XFA'),
    ...unless(!file.catalog.has('NeedsRendering'), 'NeedsRendering'),
  ]),
  rule('6.4.3', 'has signatures over all of their revision but themselves', (file) => {
    const signatures = [...everyDict(file)].filter((dict) => dict.has('ByteRange'))
    return [
      ...unless(signatures.length > 0, 'no signature'),
      ...signatures.flatMap((signature) => {
        const [start = -1, length = 0, resume = 0, rest = 0] = file.list(signature.get('ByteRange')).map(Number)
        const gap = file.text.slice(length, resume)
        return [
          ...unless(start === 0 && /^<[0-9a-f]+>$/i.test(gap), 'its gap'),
          ...unless(/%%EOF\s?$/.test(file.text.slice(0, resume + rest)), 'its end'),
        ]
      }),
    ]
  }),
  rule('6.5.1', 'does nothing by itself that could surprise', (file) => [
    ...[...everyDict(file)].flatMap((dict) => {
      const action = said(dict.get('S')).slice(1)
      return dict.get('S') && forbiddenActions.includes(action) ? [action] : []
    }),
    ...unless(!file.dict(file.catalog.get('Names')).has('JavaScript'), 'JavaScript'),
  ]),
  rule('6.5.2', 'acts on no event of the document or its pages', (file) =>
    [...everyDict(file)].flatMap((dict) => (dict.has('AA') ? ['AA'] : [])),
  ),
  rule('6.6.2.1', 'describes itself in XMP that is well-formed and lies open', (file) => {
    const found = metadata(file)
    if (!found) return ['no Metadata']
    const { stream, text } = found
    const header = /^<\?xpacket ([^]*?)\?>/.exec(text)?.[1] ?? ''
    return [
      ...unless(stream.dict.get('Type') === '/Metadata' && stream.dict.get('Subtype') === '/XML', 'its kind'),
      ...unless(!stream.dict.has('Filter'), 'Filter'),
      ...unless(header.includes('W5M0MpCehiHzreSzNTczkc9d') && !/bytes=|encoding=/.test(header), 'its header'),
      ...unless(/<\?xpacket end=["'][rw]["']\?>\s*$/.test(text), 'its end'),
      ...wellFormed(file),
    ]
  }),
  rule('6.6.2.3', 'uses properties of schemas that every reader knows', (file) =>
    wellFormed(file).length > 0
      ? ['not well-formed']
      : properties(file).flatMap(({ namespaceURI, localName, nodeName }) =>
          unless(predefined[namespaceURI ?? '']?.includes(localName ?? '') ?? false, nodeName),
        ),
  ),
  rule('6.6.3', 'says the same in its information dictionary as in its XMP', (file) =>
    [...file.dict(file.trailer.get('Info'))].flatMap(([key, value]) => {
      if (wellFormed(file).length > 0) return ['not well-formed']
      const [space, name] = analogous[key] ?? []
      const words = textOf(value)
      return unless(!space || property(file, space, name ?? '') === asXmp(words), `${key} is ${words}`)
    }),
  ),
  rule('6.6.4', 'claims part 3 at level B', (file) =>
    wellFormed(file).length > 0
      ? ['not well-formed']
      : [
          ...unless(property(file, 'pdfaid', 'part') === '3', 'part'),
          ...unless(property(file, 'pdfaid', 'conformance') === 'B', 'conformance'),
        ],
  ),
  rule('6.8', 'attaches its data with kind, name, date and relation, where readers look for it', (file) => {
    const attached = file.list(file.catalog.get('AF')).map((one) => file.dict(one))
    const listed = namesIn(file, file.dict(file.dict(file.catalog.get('Names')).get('EmbeddedFiles')))
    return [
      ...unless(attached.length > 0, 'no AF'),
      ...unless(listed.length === attached.length * 2, 'not listed among the embedded files'),
      ...attached.flatMap((one) => {
        const stream = file.at(file.dict(one.get('EF')).get('F'))
        if (!(stream instanceof Stream)) return ['no file']
        const data = stream.data()
        const params = file.dict(stream.dict.get('Params'))
        return [
          ...['F', 'UF', 'Desc'].filter((key) => textOf(one.get(key)) === ''),
          ...unless(
            /^\/(?:Source|Data|Alternative|Supplement|Unspecified)$/.test(said(one.get('AFRelationship'))),
            'AFRelationship',
          ),
          ...unless(stream.dict.get('Subtype') === '/application/json', 'Subtype'),
          ...unless(params.get('Size') === data.length && /^D:\d{14}/.test(textOf(params.get('ModDate'))), 'Params'),
          ...unless(isJson(data), 'not JSON'),
        ]
      }),
    ]
  }),
  rule('6.9', 'has no layers that could be put out', (file) =>
    unless(!file.catalog.has('OCProperties'), 'OCProperties'),
  ),
  rule('6.10', 'has no other ways to be shown', (file) => [
    ...unless(!file.dict(file.catalog.get('Names')).has('AlternatePresentations'), 'AlternatePresentations'),
    ...[...everyDict(file)].flatMap((dict) => (dict.has('PresSteps') ? ['PresSteps'] : [])),
  ]),
  rule('6.11', 'asks nothing of its reader', (file) => unless(!file.catalog.has('Requirements'), 'Requirements')),
]

function wellFormed(file: ReadFile): string[] {
  try {
    return unless(properties(file).length > 0, 'no property')
  } catch (error) {
    return [String(error)]
  }
}

function isJson(data: Uint8Array): boolean {
  try {
    return typeof JSON.parse(Buffer.from(data).toString('utf8')) === 'object'
  } catch {
    return false
  }
}

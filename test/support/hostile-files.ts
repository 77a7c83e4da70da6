import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { concat, latin1 } from '../../src/paper/bytes.ts'
import { detached, signedData } from '../../src/paper/cms.ts'
import { oid } from '../../src/paper/oids.ts'
import { objectIdentifier, sequence, setOf, tag, tlv, unsigned } from '../../src/paper/der.ts'

/** What a file is made of: the text of an object, or a stream with the entries of its dictionary. */
type Body = string | { entries: string; data: Uint8Array }
type Objects = Record<number, Body>

const tenMegabytes = 10 * 1024 * 1024
const megabyte = 1024 * 1024

const objectOf = (number: number | string, body: Body) =>
  typeof body === 'string'
    ? latin1(`${number} 0 obj\n${body}\nendobj\n`)
    : concat(
        latin1(`${number} 0 obj\n<<${body.entries}/Length ${body.data.length}>>\nstream\n`),
        body.data,
        latin1('\nendstream\nendobj\n'),
      )

const row = (at: number) => `${String(at).padStart(10, '0')} 00000 n \n`
const end = (at: number) => latin1(`startxref\n${at}\n%%EOF\n`)

/** A file of these objects with a table of cross-references. Object 1 is its catalog. */
function fileOf(objects: Objects, trailer = '', before = '%PDF-1.7\n'): Uint8Array {
  const numbers = Object.keys(objects).map(Number)
  const parts: Uint8Array[] = [latin1(before)]
  const rows: string[] = []
  let at = before.length
  for (const number of numbers) {
    const part = objectOf(number, objects[number] ?? 'null')
    parts.push(part)
    rows.push(`${number} 1\n${row(at)}`)
    at += part.length
  }
  const size = Math.max(...numbers) + 1
  parts.push(latin1(`xref\n${rows.join('')}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\n`), end(at))
  return concat(...parts)
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const catalog = (fields: string, more = '') => `<</Type/Catalog/AcroForm<</Fields ${fields}>>${more}>>`

/** 9.6 GB of zeros: one deflated piece, again and again. */
export function bomb(): Uint8Array {
  const piece = deflateRawSync(new Uint8Array(64 * megabyte), { finishFlush: constants.Z_SYNC_FLUSH })
  return concat(Uint8Array.of(0x78, 0x9c), ...Array.from({ length: 150 }, () => piece))
}

const predicted = '/DecodeParms<</Predictor 15/Columns 1>>'
const flate = '/Filter/FlateDecode'

/** Entries of a stream of cross-references with fields of 1, 4 and 2 bytes. */
const entry = (type: number, one: number, two: number) => {
  const bytes = new Uint8Array(7)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, type)
  view.setUint32(1, one)
  view.setUint16(5, two)
  return bytes
}

/** A file whose catalog lies in an object stream with these contents. */
function withObjectStream(contents: Uint8Array, entries: string): Uint8Array {
  const head = latin1('%PDF-1.7\n')
  const stream = objectOf(2, { entries: `/Type/ObjStm${flate}${entries}`, data: contents })
  const at = head.length + stream.length
  const rows = concat(entry(0, 0, 0), entry(2, 2, 0), entry(1, head.length, 0), entry(1, at, 0))
  const xref = objectOf(3, { entries: '/Type/XRef/Size 4/W[1 4 2]/Root 1 0 R', data: rows })
  return concat(head, stream, xref, end(at))
}

/** A file that is nothing but a stream of cross-references. */
function crossReferences(entries: string, data: Uint8Array): Uint8Array {
  const head = latin1('%PDF-1.7\n')
  return concat(head, objectOf(2, { entries: `/Type/XRef/Root 1 0 R${entries}`, data }), end(head.length))
}

/** Revision upon revision, each of which has a stream of cross-references read again from another place in the spaces before it. */
function revisionsOver(entries: number, spaces: number): Uint8Array {
  const head = `%PDF-1.7\n`
  const stream = objectOf(7, { entries: `/Type/XRef/Size ${entries}/W[1 4 2]`, data: new Uint8Array(entries * 7) })
  const before = concat(latin1(head + ' '.repeat(spaces)), stream)
  const parts: string[] = []
  let [at, previous] = [before.length, '']
  for (let revision = 0; revision < 250; revision++) {
    const text = `xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R${previous}/XRefStm ${head.length + revision}>>\n`
    parts.push(text)
    previous = `/Prev ${at}`
    at += text.length
  }
  return concat(before, latin1(parts.join('')), end(at - (parts.at(-1)?.length ?? 0)))
}

/** Another revision behind a file: then each object of the first is looked at, whether it changed. */
function updated(first: Uint8Array, number: number, body: string): Uint8Array {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(Buffer.from(first.subarray(-40)).toString('latin1'))?.[1])
  const update = objectOf(number, body)
  const table = `xref\n${number} 1\n${row(first.length)}trailer\n<</Size 9/Root 1 0 R/Prev ${start}>>\n`
  return concat(first, update, latin1(table), end(first.length + update.length))
}

const signed = (value = '9 0 R') => `<</FT/Sig/T(Field)/V ${value}>>`
const signature = (range: string, contents: string) =>
  `<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[${range}]/Contents<${contents}>>>`

/** A file whose one signature covers all but these hexadecimal digits. */
function signedWith(
  contents: string,
  file = (value: string) => fileOf({ 1: catalog('[3 0 R]'), 3: signed(), 9: value }),
) {
  const blank = ' '.repeat(30)
  const bytes = file(signature(`0 ${blank}`, contents))
  const text = Buffer.from(bytes).toString('latin1')
  const start = text.indexOf('/Contents<') + '/Contents'.length
  const resume = start + contents.length + 2
  bytes.set(latin1(`${start} ${resume} ${bytes.length - resume}`.padEnd(30)), text.indexOf(blank) + 1)
  return bytes
}

const fieldsFrom = (first: number) => `[${Array.from({ length: 30 }, (_, at) => `${at + first} 0 R`).join(' ')}]`

const sha256WithRsa = sequence(objectIdentifier(oid.sha256WithRsa), tlv(tag.null))
const number = (length: number) => unsigned(new Uint8Array(length).fill(0xff))
const bits = (bytes: Uint8Array) => tlv(tag.bitString, Uint8Array.of(0), bytes)

/** A certificate that says of itself whatever it likes, over an RSA key of so many bytes. */
function certificateOf(serial: number, keyLength: number): Uint8Array {
  const name = sequence(setOf(sequence(objectIdentifier('2.5.4.3'), tlv(0x0c, latin1('Anybody')))))
  const key = sequence(
    sequence(objectIdentifier('1.2.840.113549.1.1.1'), tlv(tag.null)),
    bits(sequence(number(keyLength), unsigned(Uint8Array.of(1, 0, 1)))),
  )
  const validity = sequence(tlv(tag.utcTime, latin1('200101000000Z')), tlv(tag.utcTime, latin1('400101000000Z')))
  const toBeSigned = sequence(unsigned(Uint8Array.of(serial)), sha256WithRsa, name, validity, name, key)
  return sequence(toBeSigned, sha256WithRsa, bits(new Uint8Array(keyLength).fill(0x55)))
}

/** A file of these objects with 30 fields for one signature, by certificates that nobody issued. */
async function signedByNobody(objects: Objects, certificates: number): Promise<Uint8Array> {
  const [certificate = new Uint8Array(), ...chain] = Array.from({ length: certificates }, (_, at) =>
    certificateOf(at + 1, certificates > 1 ? 1024 : 256),
  )
  const sign = () => Promise.resolve(new Uint8Array(256).fill(0x55))
  const cms = await signedData(detached(new Uint8Array(32)), { certificate, chain, algorithm: 'rsa', sign })
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at + 10, signed()]))
  return signedWith(hexOf(cms).padEnd(cms.length * 2 + 20, '0'), (value) =>
    fileOf({ 1: catalog(fieldsFrom(10)), 9: value, ...fields, ...objects }),
  )
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
/** DER of this tag around these bytes. */
const around = (tag: number, bytes: Uint8Array) => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(bytes.length)
  return concat(Uint8Array.of(tag, 0x84), size, bytes)
}
const ofNulls = (length: number) => Uint8Array.from({ length }, (_, at) => (at % 2 ? 0 : 5))

/** Each a file of at most 10 MB that wants to be read for ever, or to fill the memory, in its own way. */
export const hostileFiles: Record<string, () => Uint8Array | Promise<Uint8Array>> = {
  'an object stream that inflates to 10 GB': () => withObjectStream(bomb(), '/N 1/First 4'),
  'an object stream of 30 MB of strings': () =>
    withObjectStream(deflateSync(latin1(`1 0 ${catalog(`[${'()'.repeat(15 * megabyte)}]`)}`)), '/N 1/First 4'),
  'an object stream that says it holds 30 million objects': () =>
    withObjectStream(deflateSync(latin1('1 0 '.repeat(7 * megabyte))), `/N ${28 * megabyte}/First 4`),
  'cross-references that inflate to 10 GB': () => crossReferences(`/Size 9/W[1 4 2]${flate}`, bomb()),
  'cross-references with a predictor over 30 MB': () =>
    crossReferences(`/Size 9/W[1 4 2]${flate}${predicted}`, deflateSync(new Uint8Array(30 * megabyte))),
  'cross-references with a predictor over 7 MB of the hardest rows': () =>
    crossReferences(`/Size 9/W[1 4 2]${flate}${predicted}`, deflateSync(new Uint8Array(7 * megabyte).fill(4))),
  'cross-references without width': () =>
    crossReferences(`/W[0 0 0]/Index[${'0 200000 '.repeat(100_000)}]`, new Uint8Array(9)),
  'cross-references of a billion objects': () =>
    crossReferences(`/W[1 0 0]/Index[${'0 999999999 '.repeat(9)}]`, new Uint8Array(9 * megabyte)),
  'cross-references that each of 250 revisions has read again': () => revisionsOver(200_000, 600),
  'arrays in arrays, 10,000 deep': () => fileOf({ 1: catalog(nested(10_000)) }),
  'dictionaries in dictionaries, 10,000 deep': () =>
    fileOf({ 1: catalog(`${'<</A'.repeat(10_000)} null ${'>>'.repeat(10_000)}`) }),
  'references to references, 10,000 deep': () =>
    fileOf({
      1: catalog('3 0 R'),
      ...Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [at + 3, `${at + 4} 0 R`])),
    }),
  'fields in fields, 10,000 deep': () =>
    fileOf({
      1: catalog('[3 0 R]'),
      ...Object.fromEntries(
        Array.from({ length: 10_000 }, (_, at) => [
          at + 3,
          `<</T(${'x'.repeat(900)})/FT/Sig/V null/Kids[${at + 4} 0 R]>>`,
        ]),
      ),
    }),
  'fields in a circle': () => fileOf({ 1: catalog('[3 0 R]'), 3: '<</T(a)/Kids[4 0 R]>>', 4: '<</T(b)/Kids[3 0 R]>>' }),
  'half a million kids': () => fileOf({ 1: catalog(`[${'3 0 R '.repeat(500_000)}]`), 3: signed() }),
  '1,000 empty signature fields': () =>
    fileOf({
      1: catalog(`[${Array.from({ length: 1000 }, (_, at) => `${at + 3} 0 R`).join(' ')}]`),
      ...Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [at + 3, `<</FT/Sig/T(${at})>>`])),
    }),
  '1,000 signatures': () =>
    fileOf({
      1: catalog(`[${Array.from({ length: 1000 }, (_, at) => `${at + 10} 0 R`).join(' ')}]`),
      9: signature('0 9 12 9', '00'),
      ...Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [at + 10, signed()])),
    }),
  '30 signatures over 10 MB': () =>
    signedByNobody({ 99: { entries: '', data: new Uint8Array(tenMegabytes - 50_000) } }, 1),
  '32 certificates with keys of 8192 bits that all name each other': () => signedByNobody({}, 32),
  encrypted: () =>
    signedWith('00'.repeat(99), (value) =>
      fileOf(
        { 1: catalog('[3 0 R]'), 3: signed(), 9: value, 10: '<</Filter/Standard/V 2/R 3/O()/U()/P -4>>' },
        '/Encrypt 10 0 R',
      ),
    ),
  'an array of 5 million numbers': () => fileOf({ 1: catalog(`[${'1 '.repeat(5 * megabyte - 200)}]`) }),
  'an array of 5 million strings': () => fileOf({ 1: catalog(`[${'()'.repeat(5 * megabyte - 200)}]`) }),
  'an array of 4 million names': () => fileOf({ 1: catalog(`[${'/A'.repeat(5 * megabyte - 200)}]`) }),
  'an array of dictionaries': () => fileOf({ 1: catalog(`[${'<<>>'.repeat(2.5 * megabyte - 200)}]`) }),
  'a dictionary of a million keys': () => {
    const keys = Array.from({ length: 1_000_000 }, (_, at) => `/${at.toString(36)} 1`).join('')
    return fileOf({ 1: catalog('[]', keys) })
  },
  'four tables of 240,000 objects each, one after the other': () => {
    const rows = '9 0 n\n'.repeat(240_000)
    let text = '%PDF-1.7\n'
    let previous = ''
    for (const _ of [1, 2, 3, 4]) {
      const table = `xref\n20 240000\n${rows}trailer\n<</Size 240020/Root 1 0 R${previous}>>\n`
      previous = `/Prev ${text.length}`
      text += table
    }
    return concat(latin1(text), end(Number(/\d+/.exec(previous)?.[0])))
  },
  '100,000 objects, and 30 signatures before another revision': async () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [at + 100, '[()()()()()]']))
    return updated(await signedByNobody(many, 1), 1, catalog(fieldsFrom(10), '/DSS 4 0 R'))
  },
  'objects over objects': () => {
    const head = '%PDF-1.7\n'
    const inner = '()'.repeat(2 * megabyte)
    const starts = Array.from({ length: 2000 }, (_, at) => `${at + 20} 0 obj [ `)
    let at = head.length
    const rows = starts.map((start, index) => {
      const own = `${index + 20} 1\n${row(at)}`
      at += start.length
      return own
    })
    const body = `${head}${starts.join('')}${inner}${']'.repeat(60)}\nendobj\n`
    const one = `1 0 obj\n${catalog(`[${Array.from({ length: 2000 }, (_, index) => `${index + 20} 0 R`).join(' ')}]`)}\nendobj\n`
    const table = `xref\n1 1\n${row(body.length)}${rows.join('')}trailer\n<</Size 9/Root 1 0 R>>\n`
    return concat(latin1(body + one + table), end(body.length + one.length))
  },
  'a signature of 5 MB of zeros': () => signedWith('00'.repeat(5 * megabyte - 1000)),
  'a signature of 2 million values': () => signedWith(hexOf(around(0x30, ofNulls(5 * megabyte - 1000)))),
  'a signature of a million certificates': () => {
    const data = hexOf(
      around(
        0x30,
        concat(
          latin1('\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02'),
          around(
            0xa0,
            around(0x30, concat(latin1('\x02\x01\x01\x31\x00\x30\x00'), around(0xa0, ofNulls(5 * megabyte - 2000)))),
          ),
        ),
      ),
    )
    return signedWith(data)
  },
  'a comment of 10 MB': () => fileOf({ 1: catalog('[]') }, '', `%PDF-1.7\n%${'x'.repeat(tenMegabytes - 500)}\n`),
  '9 MB of spaces before cross-references that are read from 250 places': () => revisionsOver(0, 9 * megabyte),
}

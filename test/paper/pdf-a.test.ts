import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { claimsPdfA, clauses, readFile } from '../../src/local/pdf-a.ts'
import { type ReadFile, Stream } from '../../src/local/pdf-a/file.ts'
import { archiveCopy } from '../../src/paper/archive.ts'
import type { Context } from '../../src/context.ts'
import type { BookLine } from '../../src/domain/book.ts'
import { localSigner } from '../../src/paper/local-signer.ts'
import { printSlip, type Sheet } from '../../src/paper/slip.ts'
import { srgbProfile } from '../../src/paper/srgb.ts'
import type { BookPage } from '../../src/usecases/registers/copies.ts'
import { bookSheet } from '../../src/usecases/registers/book-sheet.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import {
  anOffice,
  anOriginal,
  issued,
  type Office,
  officerName,
  order,
  today,
  trustIn,
  unitName,
} from '../support/paper.ts'
import { pngOf, someRows } from '../support/pictures.ts'

const sheet: Sheet = {
  form: 'Mẫu số 01',
  authority: null,
  unit: unitName,
  number: 'LOCAL.00082-261123-0001/2',
  placeAndDate: 'Cửa Nam, ngày 23 tháng 11 năm 2026',
  title: ['GIẤY TIẾP NHẬN HỒ SƠ'],
  subtitle: 'Mã <hồ sơ> & số: LOCAL.00082-261123-0001',
  link: { url: 'https://api.example.gov.vn/v1/dossiers/1/progress', caption: 'Tra cứu: quét mã QR' },
  parts: [{ kind: 'facts', rows: [{ label: 'Chủ hồ sơ:', value: 'Nguyễn Thị Mẫu', weight: 'bold' }] }],
  signatures: [null, { office: 'NGƯỜI TIẾP NHẬN', how: '(ký số)', name: 'Lê Thị Tiếp Nhận', sealed: true }],
  notes: [],
}
const data = { fileName: 'phieu.json', description: 'Dữ liệu', value: { owner: 'Nguyễn Thị Mẫu' } }
const long = {
  kind: 'table',
  columns: [{ title: 'Số', share: 1 }],
  rows: Array.from({ length: 200 }, (_, at) => [`${at}`]),
} as const

/** A unit with its register, as far as the sheet of a volume asks. */
const unit = { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' }, level: 'commune', parentId: null }
const registry = {
  now: () => today,
  config: { publicOrigin: 'https://api.example.gov.vn' },
  units: { find: async (id: string) => ({ ...unit, id }) },
} as unknown as Context

const line = (serial: number): BookLine => ({
  serial,
  certifiedAt: '2026-11-23T09:00:00.000+07:00',
  title: 'Bằng tốt nghiệp <đại học> & phụ lục',
  owner: serial % 3 === 0 ? null : 'Nguyễn Thị Mẫu',
  certifier: { name: officerName, title: 'Phó Chủ tịch' },
  fee: serial % 2 === 0 ? null : 8000,
  isVoid: serial % 5 === 0,
  copies: [
    {
      number: `00082-2025.2026.${serial}`,
      status: serial % 5 === 0 ? 'failed' : 'valid',
      at: '2026-11-23T09:00:01.000+07:00',
      reason: serial % 5 === 0 ? 'original-damaged' : null,
      by: null,
    },
  ],
})
const volume = (count: number, keeper = unit.id): BookPage => ({
  unit: unit.id,
  keeper,
  book: { register: `${unit.id}/SCTDT-BS`, year: '2026', last: count, closedAt: null },
  items: Array.from({ length: count }, (_, index) => line(index + 1)),
  next: null,
})
const volumes = {
  'register in print': volume(120),
  'register without a number': volume(0),
  'register of a unit that has ceased': volume(3, '00070-2025'),
}

/** A picture of each kind of pixels that a page can hold: greys, colours, palettes, and what is laid on white. */
function pngs(): [string, Uint8Array][] {
  const palette: [string, Uint8Array] = ['PLTE', Uint8Array.from({ length: 48 }, (_, at) => at * 5)]
  const clear: [string, Uint8Array] = ['tRNS', Uint8Array.of(0, 128)]
  const kinds: [string, number, number, [string, Uint8Array][]][] = [
    ['black and white', 0, 1, []],
    ['grey', 0, 8, []],
    ['a transparent grey', 0, 4, [clear]],
    ['colour', 2, 8, []],
    ['colour in 16 bits', 2, 16, []],
    ['palette', 3, 4, [palette, clear]],
    ['grey with alpha', 4, 8, []],
    ['colour with alpha', 6, 16, []],
  ]
  return kinds.map(([name, type, depth, before]) => {
    const header = { width: 37, height: 23, type, depth }
    return [name, pngOf(header, someRows(header), before)]
  })
}

async function jpegs(): Promise<[string, Uint8Array][]> {
  const drawn = sharp({ create: { width: 40, height: 30, channels: 3, background: '#36c' } })
  const photo = drawn.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const grey = drawn.clone().toColourspace('b-w').jpeg({ progressive: true }).toBuffer()
  return [
    ['turned photograph', Uint8Array.from(await photo)],
    ['grey photograph', Uint8Array.from(await grey)],
  ]
}

const colour = () => pngs().find(([name]) => name === 'colour')?.[1] ?? new Uint8Array()

let office: Office
let trust: Awaited<ReturnType<typeof trustIn>>
const files: Record<string, Uint8Array> = {}
const read: Record<string, ReadFile> = {}

beforeAll(async () => {
  office = await anOffice()
  trust = await trustIn(office)
  const { timestamp, revocation } = office.options
  if (!timestamp || !revocation) throw new Error('an office has both')
  const printed = (one: Sheet) =>
    printSlip(one, data, { seal: localSigner(office.seal), at: today, timestamp, revocation })
  files['slip'] = await printed(sheet)
  files['slip of many pages'] = await printed({ ...sheet, parts: [long] })
  for (const [name, pages] of Object.entries(volumes)) files[name] = await printed(await bookSheet(registry, pages))
  for (const [name, picture] of [...pngs(), ...(await jpegs())]) {
    files[`copy of a picture (${name})`] = (await issued(office, {}, picture)).bytes
  }
  files['archived copy'] = (await archiveCopy(copyOfColour(), timestamp, revocation)).bytes
  for (const [name, bytes] of Object.entries(files)) read[name] = await readFile(bytes)
}, 120_000)

const copyOfColour = () => files['copy of a picture (colour)'] ?? new Uint8Array()

test('every copy of a picture, every slip and the register claim to be PDF/A-3b, and verification passes it', async () => {
  expect(Object.keys(files).length).toBe(16)
  for (const bytes of Object.values(files)) {
    expect(claimsPdfA(bytes)).toBe(true)
    expect((await verifyPdf(bytes, trust)).indication).toBe('TOTAL-PASSED')
  }
})

test('copies of PDFs, which stay as their authors made them, do not claim it', async () => {
  expect(claimsPdfA((await issued(office)).bytes)).toBe(false)
})

test('its colour profile is sRGB to another program: colours in it are the same without it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'motcua-icc-')), 'srgb.icc')
  writeFileSync(path, srgbProfile())
  const colours = Uint8Array.from({ length: 3 * 512 }, (_, at) => (at * 89) % 256)
  const raw = { width: 512, height: 1, channels: 3 } as const
  const picture = await sharp(colours, { raw }).withIccProfile(path, { attach: true }).png().toBuffer()
  expect((await sharp(picture).metadata()).icc).toEqual(Buffer.from(srgbProfile()))
  // Once by way of the profile when it was written, and once more when it is read.
  const data = await sharp(picture).toColourspace('srgb').raw().toBuffer()
  const furthest = colours.reduce((most, value, at) => Math.max(most, Math.abs(value - (data[at] ?? 999))), 0)
  expect(furthest).toBeLessThanOrEqual(1)
})

/** How a file is broken so that this clause must find it: a change that keeps every byte behind it in its place. */
const breaks: Record<string, (text: string) => string> = {
  '6.1.2': swap('%\xe2\xe3', '%ab'),
  '6.1.3': (text) => `${text}\n% more`,
  '6.1.4': swap('\nxref\n', '\nxref '),
  '6.1.6': swap('/Reason<fe', '/Reason< e'),
  '6.1.7.1': swap('/Length 988', '/Length 987'),
  '6.1.7.2': swap('/FlateDecode', '/LZWDecode  '),
  '6.1.8': swap('/DestOutputProfile', '/DestOutputPro#FFe'),
  '6.1.9': swap('\nendobj\n', ' endobj\n'),
  '6.1.12': swap('/DocMDP ', '/DocMDX '),
  '6.1.13': swap('/MediaBox[0 0 595 842]', '/MediaBox[0 0 595   2]'),
  '6.2.2': swap(' Tj ET', ' Tx ET'),
  '6.2.3': swap('/GTS_PDFA1', '/GTS_PDFX1'),
  '6.2.4.3': swap('0.1 0.1 0.12 rg', '1 0.1 0.1 0.1 k'),
  '6.2.5': swap('/RegistryName(http://www.color.org)', '/ExtGState<</A<</TR/Identity>>>>   '),
  '6.2.8': swap('/BitsPerComponent 8', '/BitsPerComponent 7'),
  '6.2.9': swap('/Resources', '/PS       '),
  '6.2.10': swap('/RegistryName(http://www.color.org)', '/ExtGState<</A<</ca 0.5>>>>        '),
  '6.2.11.2': swap('/StemV', '/StemX'),
  '6.2.11.3': swap('/Identity-H', '/Identity-V'),
  '6.2.11.4': swap('/FontFile2', '/FontFile3'),
  '6.2.11.5': swap('[778 250 333', '[778 350 333'),
  '6.2.11.7': swap('/ToUnicode', '/ToUnicodX'),
  '6.2.11.8': (text) => text.replaceAll(/ <[0-9a-f]{4}([0-9a-f]*> Tj)/g, ' <0000$1'),
  '6.3.1': swap('/Subtype/Widget', '/Subtype/Stamp '),
  '6.3.2': swap('/F 132', '/F 130'),
  '6.3.3': swap('/AP<</N ', '/AP<</D '),
  '6.4.1': swap('/Type/Annot', '/AA<<>>    '),
  '6.4.2': swap('/SigFlags 3', '/XFA      3'),
  '6.4.3': swap('/ByteRange[0 ', '/ByteRange[1 '),
  '6.5.1': swap('/S/GTS_PDFA1', '/S/Launch   '),
  '6.5.2': swap('/Type/Annot', '/AA<<>>    '),
  '6.6.2.1': swap('</x:xmpmeta>', '</x:xmpmetb>'),
  '6.6.2.3': swap('dc:format', 'dc:foomat'),
  '6.6.3': swap('<pdf:Producer>motcua', '<pdf:Producer>others'),
  '6.6.4': swap('<pdfaid:part>3', '<pdfaid:part>1'),
  '6.8': swap('/AFRelationship', '/AFRelationshix'),
  '6.9': swap('/OutputIntents', '/OCProperties '),
  '6.10': swap('/RegistryName(http://www.color.org)', '/PresSteps(http://www.color.org)   '),
  '6.11': swap('/OutputIntents', '/Requirements '),
}

function swap(from: string, to: string): (text: string) => string {
  return (text) => text.replaceAll(from, to)
}

describe.each(clauses)('ISO 19005-3, $clause', ({ clause, promise, faults }) => {
  test(`every copy of a picture and every slip ${promise}`, () => {
    const found = Object.entries(read).map(([name, file]) => [name, faults(file)])
    expect(found.filter(([, all]) => all?.length !== 0)).toEqual([])
  })

  test('a file that breaks it is found out', async () => {
    const text = Buffer.from(copyOfColour()).toString('latin1')
    const broken = breaks[clause]?.(text) ?? text
    expect(broken).not.toBe(text)
    if (clause !== '6.1.3') expect(broken.length).toBe(text.length)
    expect(faults(await readFile(Buffer.from(broken, 'latin1')))).not.toEqual([])
  })
})

/** The JSON that a file carries. */
function attached(name: string): unknown {
  const file = read[name]
  const found = file?.at(file.dict(file.dict(file.list(file.catalog.get('AF'))[0]).get('EF')).get('F'))
  if (!(found instanceof Stream)) throw new Error('nothing attached')
  return JSON.parse(Buffer.from(found.data()).toString('utf8'))
}

describe('the data within', () => {
  test('of a copy are the words of its certification, and the hash of the picture', async () => {
    expect(attached('copy of a picture (colour)')).toEqual({
      serial: '123',
      register: order.register,
      certifiedAt: '2026-11-05T15:30:00+07:00',
      place: order.place,
      unit: unitName,
      certifier: { name: officerName, title: 'Phó Chủ tịch' },
      title: 'Giấy khai sinh',
      original: { pages: 1, sha256: createHash('sha256').update(colour()).digest('hex') },
      verification: order.checkUrl,
    })
  })

  test('of a slip are what its maker gave', () => {
    expect(attached('slip')).toEqual(data.value)
  })

  test('and all that makes it keep cost a copy less than five kilobytes', async () => {
    const original = await anOriginal()
    const added = (await issued(office, {}, original)).bytes.length - original.length
    expect(copyOfColour().length - colour().length - added).toBeLessThan(5000)
  })
})

import { deflateSync } from 'node:zlib'
import { PDF, type PdfDict, type PdfRef, PdfArray, PdfName, PdfNumber, PdfStream, PdfString } from '@libpdf/core'
import sharp, { type JpegOptions, type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { concat, latin1, latin1Text } from '../../src/paper/bytes.ts'
import { openOriginal } from '../../src/paper/original.ts'
import { assemble } from '../../src/paper/signing.ts'
import { pngChunk, pngOf, pngOfData, samplesOf, someRows, type PngHeader } from '../support/pictures.ts'

const refusalOf = async (picture: Uint8Array) => {
  const opened = await openOriginal(picture)
  return opened.ok ? 'opened' : opened.refusal
}

/** The page that a picture became. */
async function pageOf(picture: Uint8Array) {
  const opened = await openOriginal(picture)
  if (!opened.ok) throw new Error(`refused: ${opened.refusal}`)
  const { draft, first } = opened.value
  first.paintOver(draft.addStream('/Type/XObject/Subtype/Form/BBox[0 0 1 1]', ''), '')
  const file = assemble(draft.close(), [])
  const pdf = await PDF.load(file)
  const resolve = (ref: PdfRef) => pdf.getObject(ref)
  const page = pdf.getPage(0)
  const image = page?.dict.getDict('Resources', resolve)?.getDict('XObject', resolve)?.get('Picture', resolve)
  const content = page?.dict.get('Contents', resolve)
  if (!page || !(image instanceof PdfStream) || !(content instanceof PdfStream))
    throw new Error('no picture on the page')
  const { width, height } = page.getMediaBox()
  return { width, height, image, content: latin1Text(content.data), file: latin1Text(file) }
}

const numberIn = (dict: PdfDict, key: string) => {
  const value = dict.get(key)
  return value instanceof PdfNumber ? value.value : Number.NaN
}

/** The image XObject as somebody else's decoder sees it: rewritten as a PNG, whose rows are written in the same way. */
async function seen(image: PdfStream): Promise<Uint8Array> {
  const space = image.get('ColorSpace')
  const [kind, palette] = space instanceof PdfArray ? [space.at(1), space.at(3)] : [space, undefined]
  const base = kind instanceof PdfName ? kind.value : ''
  const listed = palette instanceof PdfString ? palette.bytes : undefined
  const colours =
    listed && (base === 'DeviceGray' ? Uint8Array.from([...listed].flatMap((grey) => [grey, grey, grey])) : listed)
  const type = listed ? 3 : base === 'DeviceGray' ? 0 : 2
  const header = {
    width: numberIn(image, 'Width'),
    height: numberIn(image, 'Height'),
    depth: numberIn(image, 'BitsPerComponent'),
    type,
  }
  const empty = pngOf(header, new Uint8Array())
  const chunks = concat(
    ...(colours ? [pngChunk('PLTE', colours)] : []),
    pngChunk('IDAT', image.data),
    pngChunk('IEND', new Uint8Array()),
  )
  return pixelsOf(concat(empty.subarray(0, 33), chunks))
}

/** In red, green and blue of 8 bits, on white. */
const pixelsOf = async (picture: Uint8Array): Promise<Uint8Array> =>
  Uint8Array.from(
    await sharp(picture).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha().raw().toBuffer(),
  )

const furthest = (one: Uint8Array, other: Uint8Array) => {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0)
}

const palette = (depth: number) => Uint8Array.from({ length: 3 * 2 ** depth }, (_, at) => (at * 71) % 256)
const opacities = (depth: number) => Uint8Array.from({ length: 2 ** depth - 1 }, (_, at) => (at * 97) % 256)

describe('a PNG', () => {
  const kinds = [0, 2, 3, 4, 6].flatMap((type) =>
    [1, 2, 4, 8, 16]
      .filter((depth) => type === 0 || (type === 3 ? depth < 16 : depth > 4))
      .map((depth) => ({ type, depth })),
  )
  test.each(kinds)(
    'of type $type in $depth bits looks as it did, on white, and nothing of it is transparent',
    async ({ type, depth }) => {
      const header: PngHeader = { width: 37, height: 23, depth, type }
      const rows = someRows(header)
      const clear = new Uint8Array(samplesOf(type) * 2)
      const first = rows.subarray(1, 1 + (samplesOf(type) * depth) / 8)
      if (depth === 16) clear.set(first)
      else first.forEach((value, at) => (clear[2 * at + 1] = value))
      if (depth < 8) clear[1] = 1
      const listed: [string, Uint8Array][] = type === 3 ? [['PLTE', palette(depth)]] : []
      const transparent: [string, Uint8Array][] = type > 3 ? [] : [['tRNS', type === 3 ? opacities(depth) : clear]]
      for (const before of [listed, [...listed, ...transparent]]) {
        const picture = pngOf(header, rows, before)
        const { image, file } = await pageOf(picture)
        expect(file).not.toMatch(/SMask|\/Mask|\/CA |\/ca /)
        expect(furthest(await seen(image), await pixelsOf(picture))).toBeLessThan(depth === 16 ? 3 : 2)
      }
    },
  )

  test('as scanners make them keeps its bytes: rows of one bit are not unpacked', async () => {
    const header = { width: 2480, height: 3508, depth: 1, type: 0 }
    const picture = pngOf(header, someRows(header))
    const { image, width, height } = await pageOf(picture)
    expect(numberIn(image, 'BitsPerComponent')).toBe(1)
    expect(Buffer.from(picture.subarray(41, -16)).equals(image.data)).toBe(true)
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842])
  })

  test('with an Exif orientation stands as it says', async () => {
    const header = { width: 4, height: 2, depth: 8, type: 0 }
    const big = [0x4d4d, 0x002a, 0, 8, 1, 0x0112, 3, 0, 1, 6, 0].flatMap((word) => [word >> 8, word & 255])
    const { width, height, content } = await pageOf(pngOf(header, someRows(header), [['eXIf', Uint8Array.from(big)]]))
    expect(height > width).toBe(true)
    expect(content).toContain('0 -1 1 0 0 1 cm')
  })

  test('with bytes behind its end is taken without them', async () => {
    const header = { width: 3, height: 3, depth: 8, type: 0 }
    expect(await refusalOf(concat(pngOf(header, someRows(header)), latin1('left over')))).toBe('opened')
  })

  test('whose rows come in passes is refused by its name: original-picture-unsupported', async () => {
    const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } })
      .png({ progressive: true })
      .toBuffer()
    expect(await refusalOf(Uint8Array.from(picture))).toBe('original-picture-unsupported')
  })

  describe('that is damaged is refused, and no page is made of it', () => {
    const header = { width: 20, height: 20, depth: 8, type: 2 }
    const good = pngOf(header, someRows(header))
    const noise = Uint8Array.from({ length: 1200 }, (_, at) => (at * at * 31) % 251)
    const transparent = { ...header, type: 6 }
    test.each([
      ['in its header', good.with(19, 21)],
      [
        'in its data, though the check of the chunk fits',
        concat(good.subarray(0, 33), pngChunk('IDAT', noise), pngChunk('IEND', new Uint8Array())),
      ],
      ['by one bit of its data', good.with(60, (good[60] ?? 0) ^ 1)],
      ['by a row too few', pngOf(header, someRows({ ...header, height: 19 }))],
      ['by a row too many', pngOf(header, someRows({ ...header, height: 21 }))],
      ['by compressed data that ends early', pngOfData(header, deflateSync(someRows(header)).subarray(0, -1))],
      ['by a byte behind its compressed data', pngOfData(header, concat(deflateSync(someRows(header)), latin1(' ')))],
      [
        'by compressed data twice',
        pngOfData(header, concat(deflateSync(someRows(header)), deflateSync(someRows(header)))),
      ],
      [
        'by a checksum of its compressed data',
        pngOfData(
          header,
          ((data: Uint8Array) => data.with(data.length - 1, (data.at(-1) ?? 0) ^ 1))(deflateSync(someRows(header))),
        ),
      ],
      ['by half a row', pngOf(header, someRows(header).subarray(0, 1190))],
      ['by a filter that does not exist', pngOf(header, someRows(header).with(61, 5))],
      ['by a filter that does not exist, with transparency', pngOf(transparent, someRows(transparent).with(81, 5))],
      ['by rows too few, with transparency', pngOf(transparent, someRows({ ...transparent, height: 7 }))],
      ['by the end that is missing', good.subarray(0, -12)],
      ['by a palette that is missing', pngOf({ ...header, type: 3 }, someRows({ ...header, type: 3 }))],
      [
        'by a palette that is too long',
        pngOf({ ...header, type: 3, depth: 1 }, someRows({ ...header, type: 3, depth: 1 }), [['PLTE', palette(2)]]),
      ],
      ['by a transparent colour cut short', pngOf(header, someRows(header), [['tRNS', new Uint8Array(3)]])],
      ['by a depth that its type does not have', pngOf({ ...header, depth: 4 }, someRows({ ...header, depth: 4 }))],
      ['by a size of nothing', pngOf({ ...header, width: 0 }, new Uint8Array(20))],
    ])('%s', async (_, picture) => {
      expect(await refusalOf(picture)).toBe('original-damaged')
    })
  })

  test('that inflates to more than its picture is given up at once', async () => {
    const header = { width: 10, height: 10, depth: 8, type: 0 }
    const picture = pngOf(header, new Uint8Array(60_000_000))
    const began = performance.now()
    expect(await refusalOf(picture)).toBe('original-damaged')
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

/** Six fields of different colours, wider than high, each of 16 pixels' edge. */
const fields = Uint8Array.from([250, 20, 20, 20, 250, 20, 20, 20, 250, 250, 250, 20, 20, 250, 250, 250, 20, 250])
const sixFields = () =>
  sharp(fields, { raw: { width: 3, height: 2, channels: 3 } }).resize(48, 32, { kernel: 'nearest' })
const jpegOf = async (picture: Sharp, options: JpegOptions = {}) =>
  Uint8Array.from(await picture.jpeg({ quality: 100, chromaSubsampling: '4:4:4', ...options }).toBuffer())

describe('a JPEG', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of Exif orientation %d stands as it was photographed', async (orientation) => {
    const picture = await jpegOf(sixFields().withMetadata({ orientation }))
    const page = await pageOf(picture)
    const held = await sharp(picture).autoOrient().raw().toBuffer({ resolveWithObject: true })
    expect(page.width > page.height).toBe(held.info.width > held.info.height)
    const [place = [], turn = []] = [...page.content.matchAll(/((?:[\d.-]+ ){6})cm/g)].map(([, six]) =>
      (six ?? '').trim().split(' ').map(Number),
    )
    const at = ([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: number[], [x = 0, y = 0]: number[]) => [
      a * x + c * y + e,
      b * x + d * y + f,
    ]
    for (let field = 0; field < 6; field++) {
      const [x = 0, y = 0] = at(place, at(turn, [((field % 3) + 0.5) / 3, 1 - (Math.floor(field / 3) + 0.5) / 2]))
      const column = Math.floor((x / page.width) * held.info.width)
      const row = Math.floor((1 - y / page.height) * held.info.height)
      const found = held.data.subarray((row * held.info.width + column) * 3).subarray(0, 3)
      expect(
        furthest(Uint8Array.from(found), fields.subarray(field * 3, field * 3 + 3)),
        `field ${field}`,
      ).toBeLessThan(12)
    }
  })

  test('goes into the page as it is, in grey and in colours, baseline and progressive', async () => {
    for (const [picture, space] of [
      [await jpegOf(sixFields()), 'DeviceRGB'],
      [await jpegOf(sixFields(), { progressive: true }), 'DeviceRGB'],
      [await jpegOf(sixFields().toColourspace('b-w')), 'DeviceGray'],
    ] as const) {
      const { image } = await pageOf(picture)
      const kind = image.get('ColorSpace')
      expect(kind instanceof PdfName && kind.value).toBe(space)
      expect(Buffer.from(image.data).equals(picture)).toBe(true)
    }
  })

  test('with padding behind its end is taken as it is', async () => {
    expect(await refusalOf(concat(await jpegOf(sixFields()), new Uint8Array(500)))).toBe('opened')
  })

  test('in four printing colours is refused by its name: original-picture-unsupported', async () => {
    expect(await refusalOf(await jpegOf(sixFields().toColourspace('cmyk')))).toBe('original-picture-unsupported')
  })

  test.each([
    ['lossless', 0xc3, 8],
    ['with arithmetic coding', 0xc9, 8],
    ['in 12 bits', 0xc1, 12],
  ])('%s is refused by its name: original-picture-unsupported', async (_, marker, bits) => {
    const picture = await jpegOf(sixFields())
    const frame = Buffer.from(picture).indexOf(Buffer.from([0xff, 0xc0]))
    expect(await refusalOf(picture.with(frame + 1, marker).with(frame + 4, bits))).toBe('original-picture-unsupported')
  })

  test('that breaks off anywhere is refused, also where a thumbnail in it is whole: original-damaged', async () => {
    const thumbnail = await jpegOf(sixFields())
    const whole = await jpegOf(sixFields().withMetadata({ orientation: 6 }), { progressive: true })
    const length = thumbnail.length + 2
    const segment = Uint8Array.of(0xff, 0xe2, length >> 8, length & 255)
    const picture = concat(whole.subarray(0, 2), segment, thumbnail, whole.subarray(2))
    expect(await refusalOf(picture)).toBe('opened')
    for (let end = 4; end < picture.length; end += 7) {
      expect([end, await refusalOf(picture.subarray(0, end))]).toEqual([end, 'original-damaged'])
    }
  })

  /** A picture of which every part differs. */
  const noise = (width: number, height: number, channels: 1 | 3 = 3) => {
    const raw = Uint8Array.from({ length: width * height * channels }, (_, at) => (at * at * 31 + (at >> 7) * 17) % 251)
    return sharp(raw, { raw: { width, height, channels } })
  }
  const forms: [string, () => Promise<Uint8Array>][] = [
    ['baseline', () => jpegOf(noise(203, 157))],
    ['baseline with coarser colours', () => jpegOf(noise(203, 157), { chromaSubsampling: '4:2:0' })],
    ['grey', () => jpegOf(noise(231, 64, 1).toColourspace('b-w'))],
    ['progressive', () => jpegOf(noise(203, 157), { progressive: true })],
    [
      'progressive with coarser colours',
      () => jpegOf(noise(75, 203), { progressive: true, chromaSubsampling: '4:2:0' }),
    ],
    ['made small by MozJPEG', () => jpegOf(noise(203, 157), { mozjpeg: true, quality: 60 })],
  ]
  test.each(forms)('that is %s and whole is taken; one whose middle is missing is refused', async (_, make) => {
    const picture = await make()
    expect(await refusalOf(picture)).toBe('opened')
    const first = Buffer.from(picture).indexOf(Buffer.from([0xff, 0xda])) + 14
    for (let cut = 0; cut < 40; cut++) {
      const from = first + Math.floor(((picture.length - first - 600) * cut) / 40)
      const length = 512
      const damaged = concat(picture.subarray(0, from), picture.subarray(from + length))
      expect([from, length, await refusalOf(damaged)]).toEqual([from, length, 'original-damaged'])
    }
  })

  test('that broke off and was given an end by somebody is refused', async () => {
    for (const progressive of [false, true]) {
      const picture = await jpegOf(noise(99, 99), { progressive })
      const first = Buffer.from(picture).indexOf(Buffer.from([0xff, 0xda])) + 14
      for (let end = first; end < picture.length - 4; end += 397)
        expect([end, await refusalOf(concat(picture.subarray(0, end), latin1('\xff\xd9')))]).toEqual([
          end,
          'original-damaged',
        ])
    }
  })

  test('whose last scans are missing, or that has far too many, is refused', async () => {
    const picture = Buffer.from(await jpegOf(noise(99, 99), { progressive: true }))
    const scans: number[] = []
    for (let at = picture.indexOf('ffda', 'hex'); at >= 0; at = picture.indexOf('ffda', at + 1, 'hex')) scans.push(at)
    for (const at of scans) {
      expect(await refusalOf(concat(picture.subarray(0, at), latin1('\xff\xd9')))).toBe('original-damaged')
    }
    const last = picture.subarray(scans.at(-1), -2)
    const again = Array.from({ length: 100 }, () => last)
    expect(await refusalOf(concat(picture.subarray(0, -2), ...again, latin1('\xff\xd9')))).toBe('original-damaged')
  })

  test('with restarts is taken if all are there in their order', async () => {
    // Grey, 64 blocks, each of two bits; a restart after every four of them.
    const table = (kind: number) => [0xff, 0xc4, 0, 20, kind, 1, ...Array.from({ length: 15 }, () => 0), 0]
    const frame = [0xff, 0xc0, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0]
    const head = [0xff, 0xd8, ...frame, ...table(0), ...table(0x10), 0xff, 0xdd, 0, 4, 0, 4]
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]
    const coded = (restarts: number[]) => [...restarts.flatMap((number) => [0, 0xff, 0xd0 + number]), 0]
    const order = Array.from({ length: 15 }, (_, at) => at % 8)
    const withRestarts = (restarts: number[]) => Uint8Array.from([...head, ...scan, ...coded(restarts), 0xff, 0xd9])
    expect(await refusalOf(withRestarts(order))).toBe('opened')
    for (const wrong of [order.slice(1), order.slice(0, -1), order.with(7, 6), [...order, 7]])
      expect(await refusalOf(withRestarts(wrong))).toBe('original-damaged')
  })

  test('as large as may be is walked through in a moment', async () => {
    const picture = await jpegOf(noise(1240, 1754), { quality: 60, progressive: true })
    const began = performance.now()
    expect([await refusalOf(picture), picture.length > 700_000]).toEqual(['opened', true])
    expect(performance.now() - began).toBeLessThan(5000)
  })
})

import { PDF } from '@libpdf/core'
import { PDFDocument } from 'pdf-lib'
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, hex, latin1, latin1Text, sha256 } from '../../src/paper/bytes.ts'
import { issueCopy } from '../../src/paper/issue.ts'
import { setLine } from '../../src/paper/lettering.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import { pngOf } from '../support/pictures.ts'
import { hybridPdf, nestedPdf, pdf } from '../support/pdf.ts'
import { anOffice, anOriginal, issued, officerName, order, trustIn, unitName, type Office } from '../support/paper.ts'

let office: Office
beforeAll(async () => {
  office = await anOffice()
})

/** The red mark as the page's content writes it: glyph ids. */
const mark = `<${setLine('BẢN SAO', 'bold').glyphs}>`

const textOf = async (bytes: Uint8Array) => (await PDF.load(bytes)).extractText().map(({ text }) => text)
const refusalOf = async (original: Uint8Array, changes = {}) => {
  const result = await issueCopy(original, { ...order, ...changes }, office.signers, office.options)
  return result.ok ? 'issued' : result.refusal
}

describe('a certified copy', () => {
  test('keeps the bytes of the original as an exact prefix and tells its own hash', async () => {
    const original = await anOriginal()
    const copy = await issued(office, {}, original)
    expect(copy.bytes.subarray(0, original.length)).toEqual(original)
    expect(copy.sha256).toBe(hex(await sha256(copy.bytes)))
    expect(copy.pages).toBe(1)
  })

  test('has one page more, with the words of the law as text that can be copied', async () => {
    const original = await anOriginal('GIAY', 3)
    const { bytes } = await issued(office, {}, original)
    const last = (await textOf(bytes)).at(-1) ?? ''
    expect(latin1Text(bytes)).toContain(mark)
    for (const words of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Độc lập - Tự do - Hạnh phúc',
      'CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH',
      'Số chứng thực: 123',
      'Quyển số: 01/2026 - SCTĐT/BS',
      '05 tháng 11 năm 2026',
      'mùng năm tháng mười một',
      'Giấy khai sinh',
      'Bản sao điện tử gồm 03 trang',
      officerName,
      'Phó Chủ tịch',
      order.checkUrl,
      hex(await sha256(original)),
    ]) {
      expect(last).toContain(words)
    }
  })

  test('is signed by the officer first, then by the seal, both stamped in time', async () => {
    const { bytes } = await issued(office)
    const verdict = await verifyPdf(bytes, await trustIn(office))
    expect(verdict).toMatchObject({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      wholeDocumentCovered: true,
      reasons: [],
    })
    expect(verdict.signatures.map(({ signer, organisation }) => ({ signer, organisation }))).toEqual([
      { signer: officerName, organisation: unitName },
      { signer: unitName, organisation: unitName },
    ])
    for (const { signedAt } of verdict.signatures) expect(signedAt).toBeInstanceOf(Date)
  })

  test('allows nothing but further signatures once it is certified (ISO 32000-1, 12.8.2.2)', async () => {
    const text = latin1Text((await issued(office)).bytes)
    expect(text.match(/\/DocMDP/g)).toHaveLength(2)
    expect(text).toContain('/TransformParams/P 2/V/1.2')
  })

  test('passes with RSA keys as well', async () => {
    const rsa = await anOffice('rsa')
    const { bytes } = await issued(rsa)
    expect(await verifyPdf(bytes, await trustIn(rsa))).toMatchObject({ indication: 'TOTAL-PASSED' })
  })

  test('without a time-stamp authority is PAdES B-B: it passes, and no time is claimed to be proven', async () => {
    const result = await issueCopy(await anOriginal(), order, office.signers)
    if (!result.ok) throw new Error(result.refusal)
    const verdict = await verifyPdf(result.value.bytes, await trustIn(office))
    expect(verdict.indication).toBe('TOTAL-PASSED')
    expect(verdict.signatures.map(({ signedAt }) => signedAt)).toEqual([null, null])
  })
})

describe('originals', () => {
  test('in cross-reference streams are continued in cross-reference streams', async () => {
    const pdf = await PDF.load(await anOriginal())
    pdf.setTitle('streams')
    const original = await pdf.save({ useXRefStream: true })
    const { bytes } = await issued(office, {}, original)
    expect(latin1Text(bytes)).not.toMatch(/^xref$/m)
    expect((await verifyPdf(bytes, await trustIn(office))).indication).toBe('TOTAL-PASSED')
  })

  test('whose pages inherit their resources keep them', async () => {
    const pdf = await PDF.load(await anOriginal())
    const page = pdf.getPage(0)
    const resources = page?.dict.get('Resources')
    const pages = pdf.getCatalog().getDict('Pages', (ref) => pdf.getObject(ref))
    if (!page || !pages || !resources) throw new Error('unexpected original')
    pages.set('Resources', resources)
    page.dict.delete('Resources')
    const { bytes } = await issued(office, {}, await pdf.save())
    expect((await textOf(bytes))[0]).toContain('TRICH LUC KHAI SINH')
    expect(latin1Text(bytes)).toContain(mark)
  })

  test('whose pages inherit from a node in the middle of the tree are shown as before', async () => {
    const { bytes } = await issued(office, {}, nestedPdf())
    const pdf = await PDFDocument.load(bytes)
    const [first, last] = [pdf.getPage(0), pdf.getPage(1)]
    expect([first.getSize(), first.getRotation().angle]).toEqual([{ width: 842, height: 595 }, 90])
    expect([last.getSize(), last.getRotation().angle]).toEqual([{ width: 595, height: 842 }, 0])
    expect((await textOf(bytes))[0]).toContain('GIAY TO')
    expect((await verifyPdf(bytes, await trustIn(office))).indication).toBe('TOTAL-PASSED')
  })

  test('that refer to an object that is missing do not get one of ours in its place', async () => {
    const text = latin1Text(pdf('GIAY TO'))
    const original = latin1(text.replace('/MediaBox[0 0 595 842]', '/Annots[9 0 R 6 0 R] '.padEnd(22)))
    const { bytes } = await issued(office, {}, original)
    expect(latin1Text(bytes)).not.toMatch(/^[69] 0 obj/m)
    expect((await verifyPdf(bytes, await trustIn(office))).indication).toBe('TOTAL-PASSED')
  })

  test('with objects of a later generation keep it', async () => {
    const text = latin1Text(pdf('GIAY TO'))
    const original = latin1(text.replace('3 0 obj', '3 2 obj').replace('Kids[3 0 R]', 'Kids[3 2 R]'))
    const { bytes } = await issued(office, {}, original)
    expect(latin1Text(bytes).match(/^3 2 obj/gm)).toHaveLength(2)
    expect(latin1Text(bytes)).toMatch(/^\d{10} 00002 n $/m)
  })

  test.each([90, 180, 270] as const)(
    'turned by %d degrees are marked where the reader sees the upper right',
    async (degrees) => {
      const pdf = await PDF.load(await anOriginal())
      pdf.getPage(0)?.setRotation(degrees)
      const { bytes } = await issued(office, {}, await pdf.save())
      expect((await verifyPdf(bytes, await trustIn(office))).indication).toBe('TOTAL-PASSED')
    },
  )

  test('with bytes behind their end are accepted as they are', async () => {
    const original = concat(await anOriginal(), latin1('\n\n'))
    const { bytes } = await issued(office, {}, original)
    expect(bytes.subarray(0, original.length)).toEqual(original)
  })

  test('that are pictures become a page', async () => {
    for (const picture of [aPng(200, 300), aJpeg]) {
      const copy = await issued(office, {}, picture)
      expect(copy.pages).toBe(1)
      expect((await PDF.load(copy.bytes)).getPageCount()).toBe(2)
      expect((await verifyPdf(copy.bytes, await trustIn(office))).indication).toBe('TOTAL-PASSED')
    }
  })

  test('that were signed before stay signed, and ours does not claim to be the first', async () => {
    const once = await issued(office)
    const open = Buffer.from(once.bytes).toString('latin1').replaceAll('/DocMDP', '/NoMDPs')
    const twice = await issued(office, {}, new Uint8Array(Buffer.from(open, 'latin1')))
    expect(latin1Text(twice.bytes)).not.toContain('/DocMDP')
    const fields = (await PDF.load(twice.bytes))
      .getForm()
      ?.getSignatureFields()
      .map(({ name }) => name)
    expect(fields).toEqual(['NguoiChungThuc', 'CoQuanChungThuc', 'NguoiChungThuc2', 'CoQuanChungThuc2'])
  })
})

describe('refused as an original is', () => {
  test('nothing at all: original-empty', async () => {
    expect(await refusalOf(new Uint8Array())).toBe('original-empty')
  })
  test('a PDF without pages: original-empty', async () => {
    const pdf = await PDF.load(await anOriginal())
    pdf.removePage(0)
    expect(await refusalOf(await pdf.save())).toBe('original-empty')
  })
  test('what is neither a PDF nor a picture: original-not-a-document', async () => {
    expect(await refusalOf(latin1('PK\u0003\u0004 an office document'))).toBe('original-not-a-document')
  })
  test('a PDF that was cut off: original-damaged', async () => {
    const original = await anOriginal()
    expect(await refusalOf(original.subarray(0, original.length / 2))).toBe('original-damaged')
  })
  test('a PDF with a bracket where none can be: original-damaged, at once', async () => {
    const text = latin1Text(await anOriginal())
    expect(await refusalOf(latin1(text.replace('/Type /Catalog', '/Type )Catalog')))).toBe('original-damaged')
  })
  test('a PDF that speaks of an object with a number that no reader knows: original-damaged', async () => {
    const text = latin1Text(pdf('GIAY TO'))
    const far = latin1(text.replace('/MediaBox[0 0 595 842]', '/Annots[999999999 0 R]'))
    expect(await refusalOf(far)).toBe('original-damaged')
  })
  test('a PDF whose pages go in a circle: original-damaged', async () => {
    const text = latin1Text(pdf('GIAY TO'))
    expect(await refusalOf(latin1(text.replace('Kids[3 0 R]', 'Kids[2 0 R]')))).toBe('original-damaged')
  })
  test('a picture that was cut off: original-damaged', async () => {
    expect(await refusalOf(aPng(20, 20).subarray(0, 60))).toBe('original-damaged')
    expect(await refusalOf(aJpeg.subarray(0, aJpeg.length - 20))).toBe('original-damaged')
  })
  test('an encrypted PDF: original-encrypted', async () => {
    const pdf = await PDF.load(await anOriginal())
    pdf.setProtection({ ownerPassword: 'owner', userPassword: '' })
    expect(await refusalOf(await pdf.save())).toBe('original-encrypted')
  })
  test('a PDF that shows old readers one page and new readers another: original-damaged', async () => {
    const text = latin1Text(hybridPdf())
    const [catalog, pages] = [text.indexOf('1 0 obj'), text.indexOf('2 0 obj')]
    const twice = (place: number) =>
      latin1(
        text
          .replace('/W[1 2 1]/Index[5 1]', '/W[1 2 1]/Index[1 1]')
          .replace('\u0002\0\u0006\0', `\u0001\0${String.fromCharCode(place)}\0`),
      )
    expect(await refusalOf(twice(pages))).toBe('original-damaged')
    expect(await refusalOf(twice(catalog))).toBe('issued')
  })
  test('more than 10 MB, or a picture of too many pixels: original-too-large', async () => {
    expect(await refusalOf(new Uint8Array(10 * 1024 * 1024 + 1))).toBe('original-too-large')
    expect(await refusalOf(aPng(30_000, 30_000, new Uint8Array(10)))).toBe('original-too-large')
  })
  test('a PDF that its author certified against changes: original-locked', async () => {
    expect(await refusalOf((await issued(office)).bytes)).toBe('original-locked')
  })
  test('words that the typeface lacks: unprintable-text, before anyone signs', async () => {
    expect(await refusalOf(await anOriginal(), { subject: '出生証明書' })).toBe('unprintable-text')
  })
})

/** A grey PNG; its pixels may be given, and then need not fit. */
const aPng = (width: number, height: number, pixels = new Uint8Array((width + 1) * height).fill(200)): Uint8Array =>
  pngOf(
    { width, height, depth: 8, type: 0 },
    pixels.map((value, at) => (at % (width + 1) === 0 ? 0 : value)),
  )

/** The smallest JPEG: one grey pixel. */
const aJpeg = Uint8Array.from(
  Buffer.from(
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////' +
      '////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z',
    'base64',
  ),
)

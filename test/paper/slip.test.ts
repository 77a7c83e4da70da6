import { PDF } from '@libpdf/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { localSigner } from '../../src/paper/local-signer.ts'
import { printSlip, type Sheet, UnprintableText } from '../../src/paper/slip.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import { anOffice, type Office, today, trustIn, unitName } from '../support/paper.ts'

let office: Office
beforeAll(async () => {
  office = await anOffice()
})

const sheet: Sheet = {
  form: 'Mẫu số 01',
  authority: null,
  unit: unitName,
  number: 'LOCAL.00082-261123-0001/2',
  placeAndDate: 'Cửa Nam, ngày 23 tháng 11 năm 2026',
  title: ['GIẤY TIẾP NHẬN HỒ SƠ', 'VÀ HẸN TRẢ KẾT QUẢ'],
  subtitle: 'Mã hồ sơ: LOCAL.00082-261123-0001',
  link: {
    url: 'https://api.example.gov.vn/v1/dossiers/LOCAL.00082-261123-0001/progress?secret=K7QM',
    caption: 'Tra cứu: quét mã QR',
  },
  parts: [{ kind: 'facts', rows: [{ label: 'Chủ hồ sơ:', value: 'Nguyễn Thị Mẫu', weight: 'bold' }] }],
  signatures: [
    null,
    { office: 'NGƯỜI TIẾP NHẬN HỒ SƠ', how: '(ký số của cơ quan)', name: 'Lê Thị Tiếp Nhận', sealed: true },
  ],
  notes: [],
}

const printed = (changes: Partial<Sheet> = {}, timestamp = office.options.timestamp) =>
  printSlip(
    { ...sheet, ...changes },
    { fileName: 'slip.json', description: 'Dữ liệu', value: { code: 'LOCAL.00082-261123-0001' } },
    { seal: localSigner(office.seal), at: today, timestamp, revocation: office.options.revocation },
  )
const pagesOf = async (bytes: Uint8Array) => (await PDF.load(bytes)).extractText().map(({ text }) => text)

describe('a slip', () => {
  test('has nation, motto, unit, title, code and person as text that can be copied, on one page', async () => {
    const [page, ...more] = await pagesOf(await printed())
    expect(more).toEqual([])
    for (const words of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Độc lập - Tự do - Hạnh phúc',
      'PHƯỜNG CỬA NAM',
      'VÀ HẸN TRẢ KẾT QUẢ',
      'Mã hồ sơ: LOCAL.00082-261123-0001',
      'Nguyễn Thị Mẫu',
      'Lê Thị Tiếp Nhận',
    ])
      expect(page).toContain(words)
  })

  test('bears one signature, the unit’s seal, stamped in time', async () => {
    const verdict = await verifyPdf(await printed(), await trustIn(office))
    expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true, reasons: [] })
    expect(verdict.signatures).toMatchObject([{ signer: unitName }])
    expect(verdict.signatures[0]?.signedAt).toBeInstanceOf(Date)
  })

  test('no byte of it can be changed unnoticed', async () => {
    const bytes = await printed()
    for (const at of [bytes.length >> 2, bytes.length >> 1, bytes.length - 40]) {
      const forged = bytes.slice()
      forged[at] = (forged[at] ?? 0) ^ 1
      expect((await verifyPdf(forged, await trustIn(office))).indication).not.toBe('TOTAL-PASSED')
    }
  })

  test('with a long table goes on over pages: every row is there, and each page repeats the head', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => [
      `${at + 1}`,
      `Giấy tờ thứ ${at + 1} ${'của hồ sơ '.repeat(at % 7)}`,
    ])
    const columns = [
      { title: 'STT', share: 0.1 },
      { title: 'Tên giấy tờ', share: 0.9 },
    ]
    const pages = await pagesOf(await printed({ parts: [{ kind: 'table', columns, rows }] }))
    expect(pages.length).toBeGreaterThan(3)
    for (const page of pages.slice(0, -1)) expect(page).toContain('Tên giấy tờ')
    for (const [number] of rows) expect(pages.join(' ')).toContain(`Giấy tờ thứ ${number}`)
    expect(pages.at(-1)).toContain(`trang ${pages.length}/${pages.length}`)
    expect(pages.at(-1)).toContain('Lê Thị Tiếp Nhận')
  })

  test('with long words of a clerk wraps them, keeps their paragraphs, and loses none', async () => {
    const value = `${'Đề nghị bổ sung giấy tờ. '.repeat(120)}\nHết.${'x'.repeat(300)}`
    const pages = await pagesOf(
      await printed({
        parts: [
          { kind: 'facts', rows: [{ label: 'Lý do:', value }] },
          { kind: 'text', text: 'Xin cảm ơn.' },
        ],
      }),
    )
    expect(pages.join(' ').match(/Hết\./g)).toHaveLength(1)
    expect(pages.join(' ').replaceAll(/[^x]/g, '').length).toBeGreaterThanOrEqual(300)
    // No signature stands alone on a page.
    expect(pages.at(-1)).toContain('Xin cảm ơn.')
    expect((await verifyPdf(await printed({ parts: [] }), await trustIn(office))).indication).toBe('TOTAL-PASSED')
  })

  test('says so when it cannot print a letter', async () => {
    await expect(printed({ unit: 'Ủy ban 中' })).rejects.toThrow(UnprintableText)
  })
})

import { expect, test } from 'vitest'
import { slipOf } from '../../src/domain/slips.ts'
import { sheetOf } from '../../src/usecases/dossiers/slip-sheet.ts'
import {
  accepted,
  applicant,
  handler,
  reception,
  sourcesOf,
  started,
  type Step,
  submitted,
  units,
} from '../support/history.ts'

const sheet = (form: Parameters<typeof slipOf>[0], ...steps: Step[]) => {
  const slip = slipOf(form, sourcesOf(submitted(), ...steps))
  if (!slip) throw new Error(`there is no ${form}`)
  return sheetOf(slip, units)
}
const valueOf = ({ parts }: ReturnType<typeof sheet>, label: string) =>
  parts.flatMap((part) => (part.kind === 'facts' ? part.rows : [])).find((row) => row.label === label)?.value

test('a ward’s receipt is headed, dated and worded as the form has it', () => {
  const receipt = sheet('receipt', accepted)
  expect(receipt).toMatchObject({
    form: 'Mẫu số 01',
    authority: null,
    unit: 'Ủy ban nhân dân phường Cửa Nam',
    placeAndDate: 'Cửa Nam, ngày 23 tháng 11 năm 2026',
    title: ['GIẤY TIẾP NHẬN HỒ SƠ', 'VÀ HẸN TRẢ KẾT QUẢ'],
    subtitle: 'Mã hồ sơ: LOCAL.00082-261123-0001',
  })
  expect(valueOf(receipt, 'Chủ hồ sơ:')).toBe(applicant.fullName)
  expect(valueOf(receipt, 'Thời gian giải quyết theo quy định:')).toBe('03 ngày làm việc')
  expect(valueOf(receipt, 'Thời gian nhận hồ sơ:')).toBe('09 giờ 05 phút, ngày 23/11/2026')
  expect(valueOf(receipt, 'Thời gian trả kết quả:')).toBe('17 giờ 00 phút, ngày 26/11/2026')
  expect(receipt.signatures.map((one) => one?.name)).toEqual([applicant.fullName, 'Lê Thị Tiếp Nhận'])
})

test('a department’s letterhead names the city above it', () => {
  const unit = 'HN-STC-2025'
  const [time, , event] = accepted
  expect(sheet('receipt', [time, { ...reception, kind: 'officer', name: 'Trần Thị Nhận', unit }, event])).toMatchObject(
    {
      authority: 'Ủy ban nhân dân thành phố Hà Nội',
      unit: 'Sở Tài chính',
      placeAndDate: 'Hà Nội, ngày 23 tháng 11 năm 2026',
    },
  )
})

test.each([
  ['kiosk', { kind: 'kiosk', id: 'kiosk-cua-nam-01' }, 'Tại ki-ốt (số hiệu ki-ốt: kiosk-cua-nam-01)'],
  ['at-home', { kind: 'organisation', id: 'hoi-phu-nu' }, 'Tại nhà (tổ chức hỗ trợ: hoi-phu-nu)'],
  ['direct', null, 'Trực tiếp'],
] as const)('a receipt says how it was handed in and who helped: %s', (channel, helper, words) => {
  const assisted = { helper, identity: 'papers' as const }
  const slip = slipOf('receipt', sourcesOf(submitted({ channel, assisted }), accepted))
  if (!slip) throw new Error('there is no receipt')
  const printed = sheetOf(slip, units)
  expect(valueOf(printed, 'Hình thức nộp:')).toBe(words)
  expect(valueOf(printed, 'Chủ hồ sơ:')).toBe(applicant.fullName)
})

test('a receipt whose clock has not begun promises no date', () => {
  const [time, actor] = accepted
  const elsewhere: Step = [time, actor, { type: 'dossier.accepted', code: 'X', competentReceivedAt: null, dueAt: null }]
  expect(valueOf(sheet('receipt', elsewhere), 'Thời gian trả kết quả:')).toBe(
    'Tính từ khi cơ quan có thẩm quyền nhận được hồ sơ',
  )
})

test('a stop notice says what was paid until then', () => {
  const stop = (paid: Step[]) =>
    valueOf(
      sheet('stop-notice', accepted, started, ...paid, [
        '2026-11-24T09:00:00+07:00',
        handler,
        { type: 'dossier.stopped' },
      ]),
      'Phí, lệ phí:',
    )
  const paid: Step[] = [
    ['2026-11-23T11:00:00+07:00', handler, { type: 'dossier.payment-requested', amount: 1_250_000, lines: [] }],
    [
      '2026-11-23T12:00:00+07:00',
      { kind: 'service' },
      { type: 'dossier.paid', payment: 'p', amount: 1_250_000, competentReceivedAt: null, dueAt: null },
    ],
  ]
  expect(stop([])).toBe('Chưa thu phí, lệ phí.')
  expect(stop(paid)).toContain('Đã nộp 1.250.000 đồng')
})

test('a receipt of what is handled in the day says that it is given on request, another one does not', () => {
  const notes = (...steps: Step[]) => {
    const slip = slipOf('receipt', sourcesOf(...steps))
    return slip && sheetOf(slip, units).notes.join(' ')
  }
  const onRequest = 'được cấp khi người nộp hồ sơ yêu cầu'
  expect(notes(submitted({ limit: { unit: 'SAME_DAY' } }), accepted)).toContain(onRequest)
  expect(notes(submitted(), accepted)).not.toContain(onRequest)
})

test('a request for more says why it asks again, if it does', () => {
  const asked = (sealed: Record<string, unknown>): Step => [
    '2026-11-24T09:00:00.000+07:00',
    handler,
    { type: 'dossier.supplement-requested', components: ['declaration'], answerBy: null },
    { supplementReason: 'Tờ khai bị mờ.', ...sealed },
  ]
  const why = 'Bản nộp lại là của người khác.'
  expect(valueOf(sheet('supplement-request', accepted, asked({ whyAgain: why })), 'Lý do yêu cầu lại:')).toBe(why)
  expect(
    valueOf(sheet('supplement-request', accepted, asked({ whyAgain: null })), 'Lý do yêu cầu lại:'),
  ).toBeUndefined()
})

// What each official form says, and in which order, as Circular 03/2025/TT-VPCP, annex I has it. Vietnamese only: so is the law's form.
import type { Apology, ControlSlip, Receipt, Refusal, Slip, StopNotice, SupplementSlip } from '../../domain/slip.ts'
import {
  causes,
  channelWords,
  erased,
  feeWords,
  given,
  holderWords,
  limitWords,
  moment,
  momentOr,
  proofWords,
  results,
  returnWords,
  shortMoment,
  unitName,
  type Units,
} from '../../domain/slip-phrases.ts'
import type { SheetPart, SheetSignature } from '../../paper/slip.ts'
import { column, facts, ownerRows, type Row, table, text } from './slip-parts.ts'

/** The body of a form; `office` heads the signature on the right. */
export type Words = {
  title: readonly string[]
  parts: SheetPart[]
  left?: SheetSignature
  office: string
  notes?: string[]
}

const contentOf = ({ procedure }: Slip): Row => ({
  label: 'Nội dung yêu cầu giải quyết:',
  value: `${procedure.name.vi} (${procedure.code})`,
})

const contactOf = ({ signer, unit }: Slip, units: Units): SheetPart => {
  const whom = [signer, unitName(unit, units)].filter(Boolean).join(', ')
  return text(`Nếu có vướng mắc, đề nghị liên hệ ${whom} để được hướng dẫn.`)
}

const officeOf = (slip: Slip) => (slip.signer ? 'NGƯỜI LẬP PHIẾU' : 'CƠ QUAN GIẢI QUYẾT')

export function receipt(slip: Receipt, units: Units): Words {
  const rows = slip.components.map((one, index) => [`${index + 1}`, one.name.vi, proofWords(one), '01'])
  const due = slip.dueAt
    ? moment(slip.dueAt)
    : slip.timeLimit.unit === 'OTHER'
      ? slip.timeLimit.text.vi
      : 'Tính từ khi cơ quan có thẩm quyền nhận được hồ sơ'
  return {
    title: ['GIẤY TIẾP NHẬN HỒ SƠ', 'VÀ HẸN TRẢ KẾT QUẢ'],
    parts: [
      text(`${unitName(slip.unit, units)} đã tiếp nhận hồ sơ của:`),
      facts([
        ...ownerRows(slip.owner),
        { label: 'Người nộp hồ sơ:', value: slip.submitter ?? erased },
        contentOf(slip),
      ]),
      text(rows.length > 0 ? 'Thành phần hồ sơ nộp gồm:' : 'Thành phần hồ sơ: tờ khai điện tử.'),
      ...(rows.length > 0
        ? [
            table(
              [
                column('STT', 0.1, 'centre'),
                column('Tên giấy tờ', 0.5),
                column('Hình thức', 0.26),
                column('Số lượng', 0.14, 'centre'),
              ],
              rows,
            ),
          ]
        : []),
      facts([
        { label: 'Số lượng hồ sơ:', value: '01 (bộ)' },
        { label: 'Thời gian giải quyết theo quy định:', value: limitWords(slip.timeLimit) },
        { label: 'Thời gian nhận hồ sơ:', value: moment(slip.receivedAt) },
        { label: 'Thời gian trả kết quả:', value: due, weight: 'bold' },
        { label: 'Cơ quan giải quyết:', value: unitName(slip.competentUnit, units) },
        { label: 'Hình thức nộp:', value: channelWords(slip) },
        { label: 'Nhận kết quả:', value: returnWords(slip, units) },
      ]),
    ],
    left: { office: 'NGƯỜI NỘP HỒ SƠ', how: '(ký và ghi rõ họ tên)', name: slip.submitter ?? '', sealed: false },
    office: 'NGƯỜI TIẾP NHẬN HỒ SƠ',
    notes: [
      'Giấy này lập thành hai liên: một liên giao cho người nộp hồ sơ, một liên lưu cùng hồ sơ.',
      ...(slip.onRequest ? ['Thủ tục giải quyết trong ngày: giấy này được cấp khi người nộp hồ sơ yêu cầu.'] : []),
    ],
  }
}

export function supplementRequest(slip: SupplementSlip, units: Units): Words {
  const until = slip.answerBy ? moment(slip.answerBy) : 'Pháp luật không quy định thời hạn riêng'
  const missing = slip.components.map(({ name }, index) => [`${index + 1}`, name.vi])
  return {
    title: ['PHIẾU YÊU CẦU BỔ SUNG,', 'HOÀN THIỆN HỒ SƠ'],
    parts: [
      facts([...ownerRows(slip.owner), contentOf(slip)]),
      text('Yêu cầu bổ sung, hoàn thiện hồ sơ gồm những nội dung sau:'),
      table([column('STT', 0.12, 'centre'), column('Thành phần hồ sơ phải bổ sung, hoàn thiện', 0.88)], missing),
      facts([
        { label: 'Lý do:', value: given(slip.reason) },
        ...(slip.whyAgain ? [{ label: 'Lý do yêu cầu lại:', value: slip.whyAgain }] : []),
        { label: 'Thời hạn bổ sung:', value: until },
      ]),
      text('Hồ sơ được yêu cầu bổ sung một lần, đầy đủ các nội dung nêu trên.'),
      contactOf(slip, units),
    ],
    office: 'NGƯỜI HƯỚNG DẪN',
  }
}

export function refusal(slip: Refusal, units: Units): Words {
  const unit = unitName(slip.unit, units)
  const reason = slip.unanswered
    ? `Đã yêu cầu bổ sung lúc ${moment(slip.unanswered.requestedAt)}${slip.unanswered.answerBy ? `, thời hạn đến ${moment(slip.unanswered.answerBy)}` : ''}, nhưng không nhận được phần bổ sung.`
    : given(slip.reason)
  const stage = slip.stage === 'reception' ? 'Khi tiếp nhận hồ sơ' : 'Khi giải quyết hồ sơ'
  return {
    title: ['PHIẾU TỪ CHỐI TIẾP NHẬN', 'GIẢI QUYẾT HỒ SƠ'],
    parts: [
      facts([
        ...ownerRows(slip.owner),
        contentOf(slip),
        { label: 'Thời điểm nộp hồ sơ:', value: moment(slip.submittedAt) },
      ]),
      text(`Qua xem xét, ${unit} thông báo không tiếp nhận, giải quyết hồ sơ này.`),
      facts([
        { label: 'Giai đoạn:', value: stage },
        { label: 'Lý do:', value: reason },
        ...(slip.legalBasis ? [{ label: 'Căn cứ pháp lý:', value: slip.legalBasis }] : []),
      ]),
      contactOf(slip, units),
    ],
    office: officeOf(slip),
  }
}

export function apology(slip: Apology, units: Units): Words {
  const unit = unitName(slip.unit, units)
  return {
    title: ['VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ', 'GIA HẠN THỜI GIAN GIẢI QUYẾT'],
    parts: [
      text(`Kính gửi: ${slip.owner?.name ?? erased}`, 'bold'),
      facts([
        contentOf(slip),
        { label: 'Thời điểm tiếp nhận:', value: momentOr(slip.receivedAt) },
        { label: 'Ngày hẹn trả kết quả:', value: momentOr(slip.originalDueAt) },
      ]),
      text(
        `${unit} dự kiến không thể trả kết quả đúng thời gian đã hẹn. ${unit} trân trọng xin lỗi Ông/Bà, tổ chức vì sự chậm trễ này.`,
      ),
      facts([
        { label: 'Nguyên nhân:', value: causes[slip.cause] },
        { label: 'Lý do chậm:', value: given(slip.reason) },
        { label: 'Hẹn lại trả kết quả:', value: moment(slip.newDueAt), weight: 'bold' },
      ]),
      text('Việc hẹn lại chỉ thực hiện một lần. Rất mong nhận được sự thông cảm của Ông/Bà, tổ chức.'),
    ],
    office: officeOf(slip),
  }
}

export function stopNotice(slip: StopNotice, units: Units): Words {
  const unit = unitName(slip.unit, units)
  return {
    title: ['THÔNG BÁO', 'DỪNG GIẢI QUYẾT HỒ SƠ'],
    parts: [
      facts([
        ...ownerRows(slip.owner),
        contentOf(slip),
        { label: 'Thời điểm tiếp nhận:', value: momentOr(slip.receivedAt) },
      ]),
      text(`${unit} thông báo dừng giải quyết hồ sơ này từ ${moment(slip.issuedAt)}.`),
      facts([
        { label: 'Giai đoạn:', value: slip.stage === 'accepted' ? 'Đã tiếp nhận, chưa xử lý' : 'Đang xử lý' },
        { label: 'Lý do:', value: given(slip.reason) },
        { label: 'Căn cứ pháp lý:', value: slip.legalBasis ?? '' },
        { label: 'Phí, lệ phí:', value: feeWords(slip.paidVnd) },
      ]),
      text('Trong thời gian dừng, thời hạn giải quyết không được tính.'),
      contactOf(slip, units),
    ],
    office: officeOf(slip),
  }
}

export function controlSlip(slip: ControlSlip, units: Units): Words {
  const rows = slip.handOvers.map((row) => [
    `${row.sequence}`,
    holderWords(row.gives, units),
    holderWords(row.takes, units),
    shortMoment(row.at),
    shortMoment(row.planned),
    shortMoment(row.actual),
    row.result ? results[row.result] : '',
  ])
  return {
    title: ['PHIẾU KIỂM SOÁT QUÁ TRÌNH', 'GIẢI QUYẾT HỒ SƠ'],
    parts: [
      facts([
        { label: 'Chủ hồ sơ:', value: slip.owner?.name ?? erased, weight: 'bold' },
        contentOf(slip),
        { label: 'Cơ quan giải quyết:', value: unitName(slip.competentUnit, units) },
        { label: 'Thời điểm tiếp nhận:', value: momentOr(slip.receivedAt) },
        { label: 'Ngày hẹn trả kết quả:', value: momentOr(slip.originalDueAt) },
        ...(slip.dueAt && slip.dueAt !== slip.originalDueAt
          ? [{ label: 'Hẹn lại trả kết quả:', value: moment(slip.dueAt) }]
          : []),
      ]),
      table(
        [
          column('Bước', 0.09, 'centre'),
          column('Bên giao', 0.2),
          column('Bên nhận', 0.2),
          column('Thời điểm giao', 0.14, 'centre'),
          column('Thời hạn', 0.13, 'centre'),
          column('Xong lúc', 0.13, 'centre'),
          column('Kết quả', 0.11, 'centre'),
        ],
        rows,
      ),
    ],
    office: slip.signer ? 'NGƯỜI GIAO NHẬN SAU CÙNG' : 'CƠ QUAN GIẢI QUYẾT',
    notes: ['Số bước là số thứ tự của sự kiện trong nhật ký hồ sơ; nhật ký được nối bằng mã băm và không sửa được.'],
  }
}

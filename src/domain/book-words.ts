// What a book remarks on its numbers, in Vietnamese as clerks read it.
import type { Book, BookCopy, BookLine } from './book.ts'
import { dayOf, minuteOf } from './civil-date.ts'
import type { Copy, RevocationReason } from './copy.ts'
import { nameOf } from './day-names.ts'

/** `23/11/2026`. */
export const shortDate = (at: string): string => nameOf(dayOf(minuteOf(at))).date.vi

export const serialText = (serial: number): string => `${serial}`.padStart(2, '0')

export const certifierWords = ({ certifier }: BookLine): string =>
  certifier.title ? `${certifier.name}, ${certifier.title}` : certifier.name

const reasons: Record<RevocationReason, string> = {
  'certified-wrongly': 'chứng thực sai',
  'original-invalid': 'bản chính không hợp lệ',
  'result-recalled': 'kết quả bị thu hồi',
  'issued-to-wrong-person': 'cấp nhầm người',
  'never-signed': 'không ký',
}
const failures: Record<string, string> = {
  'never-signed': 'không ký',
  'could-not-be-made': 'không tạo được bản sao',
  'not-paid': 'không nộp phí',
  'original-empty': 'bản chụp trống',
  'original-too-large': 'bản chụp quá lớn',
  'original-not-a-document': 'bản chụp không phải văn bản',
  'original-damaged': 'bản chụp bị hỏng',
  'original-encrypted': 'bản chụp có mật khẩu',
  'original-infected': 'bản chụp có mã độc',
  'original-locked': 'bản chụp bị khóa',
  'original-picture-unsupported': 'ảnh chụp thuộc dạng không hỗ trợ',
  'unprintable-text': 'có chữ không in được',
}
const wordsFor = (known: Record<string, string>, reason: string | null) =>
  reason === null ? '' : `: ${known[reason] ?? reason}`

/** Everything that is to be said of a number's copies; empty where all are valid. */
export function remark({ copies, isVoid }: BookLine): string {
  const [first] = copies
  if (isVoid && first) return `Số bị hủy ${standing(first)}`
  const one = copies.length === 1
  return copies
    .map((copy, index) => ({ words: copyWords(copy), index }))
    .filter(({ words }) => words !== '')
    .map(({ words, index }) => (one ? words : `Bản ${index + 1}: ${words}`))
    .join('; ')
}

const standing = ({ at, reason }: BookCopy) => `ngày ${shortDate(at)}${wordsFor(failures, reason)}`

const words: Record<Copy['status'], (copy: BookCopy) => string> = {
  valid: () => '',
  issuing: () => 'Chờ ký số',
  failed: (copy) => `Không cấp, ${standing(copy)}`,
  revoked: ({ at, reason }) => `Đã thu hồi ngày ${shortDate(at)}${wordsFor(reasons, reason)}`,
  superseded: ({ at, by }) => `Được thay thế ngày ${shortDate(at)} bởi số ${by}`,
}
const copyWords = (copy: BookCopy) => words[copy.status](copy)

/** The closing entry (Decree 23/2015 art. 13); until then, that the book is open. */
export const closingWords = ({ year, last, closedAt }: Book): string =>
  closedAt === null
    ? `Sổ chưa khóa; số cuối đến nay: ${last === 0 ? 'chưa có' : serialText(last)}.`
    : `Khóa sổ hết ngày 31/12/${year}, ghi lúc ${shortDate(closedAt)}; số cuối: ${serialText(last)}.`

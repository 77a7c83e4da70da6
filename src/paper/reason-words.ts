import type { Finding, Indication, SubIndication } from './finding.ts'

type Words = { vi: string; en: string }

/** What can be found, in words for people who never heard of certificates. The codes stay; the words may change. */
const words = {
  'algorithm-not-accepted': {
    vi: 'Thuật toán ký hoặc băm không được chấp nhận, hoặc không còn đủ mạnh.',
    en: 'An algorithm is not accepted, or no longer strong enough.',
  },
  'algorithm-protection': {
    vi: 'Thuật toán ghi ngoài chữ ký khác với thuật toán đã được ký.',
    en: 'The algorithms named outside the signature are not those that were signed.',
  },
  'authority-certificate-expired': {
    vi: 'Chứng thư của tổ chức cấp không còn hạn vào lúc đó.',
    en: 'A certificate of the issuing authority was not valid at that time.',
  },
  'authority-revoked': {
    vi: 'Chứng thư của tổ chức cấp đã bị thu hồi.',
    en: 'A certificate of the issuing authority was revoked.',
  },
  'byte-range': {
    vi: 'Chữ ký không nói rõ nó ký phần nào của tệp.',
    en: 'The signature does not say soundly which bytes it covers.',
  },
  'byte-range-gap': {
    vi: 'Chữ ký bỏ ra ngoài phần khác với chính nó.',
    en: 'The signature leaves out something else than itself.',
  },
  'bytes-after-last-signature': {
    vi: 'Sau chữ ký cuối cùng tệp có thêm nội dung không được ký.',
    en: 'Something that nobody signed was added after the last signature.',
  },
  'certificate-damaged': { vi: 'Một chứng thư trong tệp đã bị sửa.', en: 'A certificate in the file was changed.' },
  'certificate-expired': {
    vi: 'Chứng thư của người ký đã hết hạn vào lúc đó.',
    en: 'The signer’s certificate had expired by that time.',
  },
  'certificate-not-bound': {
    vi: 'Chữ ký không xác nhận nó thuộc về chứng thư nào.',
    en: 'The signature does not confirm which certificate it belongs to.',
  },
  'certificate-not-yet-valid': {
    vi: 'Chứng thư của người ký chưa có hiệu lực vào lúc đó.',
    en: 'The signer’s certificate was not valid yet at that time.',
  },
  'certificate-revoked': {
    vi: 'Chứng thư của người ký đã bị thu hồi.',
    en: 'The signer’s certificate was revoked.',
  },
  'changed-after-certification': {
    vi: 'Tệp bị sửa sau khi được chứng thực, điều mà chữ ký chứng thực không cho phép.',
    en: 'The file was changed after its certification, which ruled changes out.',
  },
  'changed-after-signing': {
    vi: 'Tệp bị sửa hoặc thêm sau khi ký; cần người xem xét.',
    en: 'Something was changed or added after signing; only a person can tell what it means.',
  },
  'cms-format': { vi: 'Dữ liệu chữ ký bị hỏng.', en: 'The data of the signature are damaged.' },
  'content-digest': {
    vi: 'Nội dung của tệp không phải là nội dung đã được ký.',
    en: 'The contents of the file are not those that were signed.',
  },
  'copy-revoked': {
    vi: 'Cơ quan đã thu hồi bản sao này.',
    en: 'The unit that issued this copy has revoked it.',
  },
  encrypted: {
    vi: 'Tệp bị mã hóa nên không kiểm tra được.',
    en: 'The file is encrypted and cannot be judged.',
  },
  format: { vi: 'Dữ liệu bị hỏng.', en: 'The data are damaged.' },
  'from-the-future': { vi: 'Thời điểm ghi trong đó chưa tới.', en: 'It names a time that has not come yet.' },
  imprint: { vi: 'Dấu thuộc về nội dung khác.', en: 'It belongs to something else.' },
  'issuer-is-no-authority': {
    vi: 'Bên cấp chứng thư không được phép cấp.',
    en: 'Who issued the certificate had no right to issue any.',
  },
  'key-usage': {
    vi: 'Chứng thư không được cấp cho việc này.',
    en: 'The certificate is not meant for this use.',
  },
  'no-chain-to-a-trusted-root': {
    vi: 'Không tìm được đường từ chứng thư tới tổ chức gốc được tin cậy.',
    en: 'The certificate leads to no root that is trusted here.',
  },
  'no-dictionary': { vi: 'Ô chữ ký không chứa chữ ký đọc được.', en: 'The field holds no readable signature.' },
  'no-signature': { vi: 'Tệp không có chữ ký nào.', en: 'Nobody signed the file.' },
  'not-a-pdf': { vi: 'Tệp không phải là PDF, hoặc bị hỏng.', en: 'The file is no PDF, or is damaged.' },
  'not-detached': {
    vi: 'Chữ ký mang nội dung riêng thay vì ký tệp này.',
    en: 'The signature brings contents of its own instead of signing the file.',
  },
  'not-registered': { vi: 'Sổ chứng thực không có tệp này.', en: 'The register does not know this file.' },
  padding: { vi: 'Có dữ liệu giấu sau chữ ký.', en: 'Data are hidden behind the signature.' },
  'path-too-long': {
    vi: 'Chuỗi chứng thư dài hơn mức tổ chức cấp cho phép.',
    en: 'The chain of certificates is longer than its authority allows.',
  },
  'required-signer-missing': {
    vi: 'Thiếu chữ ký hợp lệ của một người phải ký.',
    en: 'A sound signature of somebody who must have signed is missing.',
  },
  'revocation-unknown': {
    vi: 'Chưa có thông tin cho biết chứng thư có bị thu hồi hay không; hãy thử lại sau.',
    en: 'Nothing at hand says whether the certificate was revoked; try later.',
  },
  'signature-missing': {
    vi: 'Một ô chữ ký của bản sao còn trống.',
    en: 'A signature field of the copy is still empty.',
  },
  'signature-unreachable': {
    vi: 'Tệp có dấu vết của chữ ký nhưng đường dẫn tới đó đã bị cắt.',
    en: 'There is a trace of a signature, but the way to it was cut.',
  },
  'signature-value': { vi: 'Giá trị chữ ký không đúng.', en: 'The value of the signature does not verify.' },
  'signed-attributes': {
    vi: 'Phần dữ liệu được ký kèm bị thiếu hoặc sai.',
    en: 'The attributes that are signed along are missing or wrong.',
  },
  'signing-certificate-mismatch': {
    vi: 'Chứng thư đi kèm không phải là chứng thư mà chữ ký xác nhận.',
    en: 'The certificate is not the one that the signature confirms.',
  },
  'signing-certificate-missing': {
    vi: 'Thiếu chứng thư của người ký.',
    en: 'The signer’s certificate is missing.',
  },
  'sub-filter': { vi: 'Loại chữ ký không được biết.', en: 'The signature is of an unknown kind.' },
  'too-many-signatures': { vi: 'Tệp có quá nhiều chữ ký.', en: 'There are too many signatures in the file.' },
  'unknown-critical-extension': {
    vi: 'Chứng thư có điều kiện bắt buộc mà ở đây không hiểu.',
    en: 'The certificate has a critical condition that is not understood here.',
  },
  'unsigned-attribute': {
    vi: 'Có dữ liệu lạ gắn vào chữ ký mà không được ký.',
    en: 'Something unsigned hangs on the signature.',
  },
} as const satisfies Record<string, Words>

type Found = keyof typeof words

/** What was found, as a code; with `timestamp-` before it where it was found in a time-stamp. */
export type ReasonCode = Found | `timestamp-${Found}`

/** A finding as it is told: in the words of ETSI EN 319 102-1 for machines, and in plain ones. */
export type Reason = { code: ReasonCode; indication: Indication; subIndication: SubIndication; words: Words }

export function explained({ indication, subIndication, reason }: Finding): Reason {
  const [, inTimestamp, found = ''] = /^(timestamp-)?(.*)$/.exec(reason) ?? []
  const { vi, en } = isFound(found) ? words[found] : { vi: reason, en: reason }
  const told = inTimestamp ? { vi: `Dấu thời gian: ${vi}`, en: `Time-stamp: ${en}` } : { vi, en }
  return { code: reason, indication, subIndication, words: told }
}

/** The same, found in a time-stamp. */
export const inTimestamp = (code: ReasonCode): ReasonCode => (isFound(code) ? `timestamp-${code}` : code)

const isFound = (code: string): code is Found => code in words

import type { ConsentScope, Selection } from '../../domain/consent.ts'
import { localTime } from '../../platform/time.ts'
import { time } from '../verifications/page.ts'

type Words = {
  title: (app: string) => string
  app: string
  since: (date: string) => string
  purpose: string
  returns: string
  you: string
  organisation: (taxCode: string) => string
  forOrganisation: string
  forPerson: string
  other: [language: 'vi' | 'en', name: string]
  scopes: Record<ConsentScope, { title: string; what: string; nothing: string }>
  reaches: Record<'all' | 'only' | 'none', string>
  newest: string
  howLong: string
  days: (days: number) => string
  until: (at: Date) => string
  notes: string[]
  allow: string
  deny: string
  again: string
}

/** What the page of consent says, in either language. */
export const consentWords: Record<'vi' | 'en', Words> = {
  vi: {
    title: (app) => `${app} xin đọc dữ liệu của bạn`,
    app: 'Ứng dụng',
    since: (date) => `thành phố đăng ký từ ${date}`,
    purpose: 'Để làm gì',
    returns: 'Sau đó quay về',
    you: 'Bạn là',
    organisation: (taxCode) => `Tổ chức có mã số thuế ${taxCode}`,
    forOrganisation: 'Đồng ý thay cho tổ chức mà tôi đại diện',
    forPerson: 'Đồng ý cho dữ liệu của riêng tôi',
    other: ['en', 'English'],
    scopes: {
      'citizen:dossiers:read': {
        title: 'Hồ sơ của bạn',
        what: 'Đọc hồ sơ: người nộp, tờ đơn, tệp đính kèm, quá trình xử lý và các phiếu.',
        nothing: 'Hiện bạn chưa có hồ sơ nào.',
      },
      'citizen:copies:read': {
        title: 'Bản sao điện tử của bạn',
        what: 'Xem và tải bản sao đã chứng thực trong tài khoản của bạn.',
        nothing: 'Hiện bạn chưa có bản sao nào.',
      },
    },
    reaches: { all: 'Tất cả, kể cả những gì có sau này', only: 'Chỉ những mục tôi đánh dấu', none: 'Không cho đọc' },
    newest: '50 mục mới nhất',
    howLong: 'Trong bao lâu',
    days: (days) => (days === 365 ? '1 năm' : `${days} ngày`),
    until: (at) => `đến ${time(localTime(at))}`,
    notes: [
      'Ứng dụng chỉ được đọc. Nó không nộp, sửa, chia sẻ hay trả tiền thay bạn được.',
      'Mỗi lần đọc đều được ghi lại, và bạn xem được ai đã đọc gì, khi nào.',
      'Bạn rút lại lúc nào cũng được, trong danh sách đồng ý ở tài khoản của bạn. Những gì ứng dụng đã đọc thì không thu lại được.',
    ],
    allow: 'Đồng ý',
    deny: 'Không đồng ý',
    again: 'Chưa có gì được cho phép: hãy chọn ít nhất một mục cho đọc, và chọn thời hạn.',
  },
  en: {
    title: (app) => `${app} asks to read what is yours`,
    app: 'App',
    since: (date) => `registered with the city since ${date}`,
    purpose: 'What for',
    returns: 'Then you return to',
    you: 'You are',
    organisation: (taxCode) => `The organisation with tax code ${taxCode}`,
    forOrganisation: 'Consent for the organisation that I act for',
    forPerson: 'Consent for what is my own',
    other: ['vi', 'Tiếng Việt'],
    scopes: {
      'citizen:dossiers:read': {
        title: 'Your dossiers',
        what: 'Read dossiers: who applied, the form, attached files, how they went, and the official slips.',
        nothing: 'You have no dossier now.',
      },
      'citizen:copies:read': {
        title: 'Your certified copies',
        what: 'See and download the certified copies in your account.',
        nothing: 'You have no copy now.',
      },
    },
    reaches: { all: 'All of them, and those to come', only: 'Only those that I tick', none: 'None' },
    newest: 'the 50 newest',
    howLong: 'For how long',
    days: (days) => (days === 365 ? '1 year' : days === 1 ? '1 day' : `${days} days`),
    until: (at) =>
      `until ${at.toLocaleString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'long', timeStyle: 'short' })}`,
    notes: [
      'The app can only read. It cannot hand in, change, lend or pay anything for you.',
      'Each reading is recorded, and you can see who read what, and when.',
      'You can withdraw at any time, in the list of consents of your account. What the app has read by then stays read.',
    ],
    allow: 'I consent',
    deny: 'I do not consent',
    again: 'Nothing was allowed yet: choose at least one kind that may be read, and for how long.',
  },
}

export type HowFar = Exclude<Selection, readonly string[]> | 'only' | 'none'

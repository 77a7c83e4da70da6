// The phrases of the official forms, in Vietnamese as the law has them: who, when, how long, in what way.
import { dayOf, minuteOf, timeText } from './civil-date.ts'
import { nameOf } from './day-names.ts'
import type { LateCause, SubmissionChannel } from './dossier.ts'
import type { Holder } from './hand-overs.ts'
import type { Lateness } from './lateness.ts'
import type { TimeLimit } from './procedure.ts'
import type { GivenComponent, Receipt } from './slip.ts'
import { officeName, type Unit } from './unit.ts'

export type Units = ReadonlyMap<string, Unit>

export const erased = '(dữ liệu cá nhân đã được xóa)'
export const given = (words: string | null): string => words ?? erased

/** `09 giờ 05 phút, ngày 23/11/2026`. */
export function moment(at: string): string {
  const minute = minuteOf(at)
  const [hour = '', minutes = ''] = timeText(minute).split(':')
  return `${hour} giờ ${minutes} phút, ngày ${nameOf(dayOf(minute)).date.vi}`
}
/** `09:05` over `23/11/2026`, for narrow columns. */
export function shortMoment(at: string | null): string {
  if (at === null) return ''
  const minute = minuteOf(at)
  return `${timeText(minute)}\n${nameOf(dayOf(minute)).date.vi}`
}
export const momentOr = (at: string | null): string => (at ? moment(at) : 'Chưa xác định')

/** `ngày 05 tháng 11 năm 2026`: a leading zero for days under 10, January and February (Decree 30/2020/NĐ-CP, annex I). */
export function dateOfIssue(at: string): string {
  const [year = '', month = '', day = ''] = nameOf(dayOf(minuteOf(at))).iso.split('-')
  return `ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`
}

const two = (n: number) => `${n}`.padStart(2, '0')

export function limitWords(limit: TimeLimit): string {
  switch (limit.unit) {
    case 'SAME_DAY':
      return 'Trong ngày làm việc'
    case 'HOUR':
      return `${two(limit.value)} giờ làm việc`
    case 'WORKING_DAY':
      return `${two(limit.value)} ngày làm việc`
    case 'DAY':
      return `${two(limit.value)} ngày`
    case 'MONTH':
      return `${two(limit.value)} tháng`
    case 'OTHER':
      return limit.text.vi
  }
}

const governed = new Set<Unit['level']>(['city', 'district', 'commune'])

/** The authority that acts for a unit: a commune's, district's or city's people's committee, or the agency itself. */
export function unitName(id: string, units: Units): string {
  const unit = units.get(id)
  if (unit) return officeName(unit)
  return id === 'online' ? 'Cổng dịch vụ công trực tuyến' : id
}

/** Whom the letterhead names above an agency; none above a people's committee, nor above what a ministry runs. */
export function authorityAbove(unit: Unit, units: Units): string | null {
  const own = governed.has(unit.level) || unit.type === 'vertical-agency'
  return own || !unit.parentId ? null : unitName(unit.parentId, units)
}

/** The place in front of the date: the name of the commune or, for an agency, of its city. */
export function placeOf(unit: Unit, units: Units): string {
  const place = governed.has(unit.level) ? unit : units.get(unit.parentId ?? '')
  return (place ?? unit).name.vi.replace(/^(Phường|Xã|Thị trấn|Quận|Huyện|Thị xã|Thành phố) /, '')
}

export function holderWords(holder: Holder, units: Units): string {
  switch (holder.kind) {
    case 'applicant':
      return 'Người nộp hồ sơ'
    case 'online':
      return 'Cổng dịch vụ công trực tuyến'
    case 'unit': {
      const unit = units.get(holder.unit)?.name.vi ?? holder.unit
      return holder.officer ? `${holder.officer}\n${unit}` : unit
    }
  }
}

export function proofWords({ proof, data }: GivenComponent): string {
  switch (proof) {
    case 'electronic':
      return 'Bản điện tử'
    case 'certified-copy':
      return 'Bản sao điện tử có chứng thực'
    case 'data':
      return `Dữ liệu đã có (${data?.source ?? ''}${data ? `, ${nameOf(dayOf(minuteOf(data.at))).date.vi}` : ''})`
    case 'presented':
      return 'Xuất trình bản chính, trả lại'
  }
}

export function returnWords({ returnBy, receivingPoint, competentUnit, owner }: Receipt, units: Units): string {
  switch (returnBy) {
    case 'account':
      return 'Bản điện tử, trong tài khoản của chủ hồ sơ'
    case 'post':
      return `Qua dịch vụ bưu chính${owner?.address ? `, đến ${owner.address}` : ''}`
    case 'counter':
      return `Trực tiếp tại ${unitName(receivingPoint === 'online' ? competentUnit : receivingPoint, units)}`
  }
}

/** What becomes of money that was paid: `8.000 đồng` in groups of three. */
export const feeWords = (paidVnd: number): string =>
  paidVnd === 0
    ? 'Chưa thu phí, lệ phí.'
    : `Đã nộp ${`${paidVnd}`.replaceAll(/\B(?=(\d{3})+$)/g, '.')} đồng; được xử lý theo pháp luật về phí và lệ phí.`

const channels: Record<SubmissionChannel, string> = {
  online: 'Trực tuyến',
  direct: 'Trực tiếp',
  postal: 'Qua dịch vụ bưu chính',
  kiosk: 'Tại ki-ốt',
  'at-home': 'Tại nhà',
}

/** How it was handed in and who helped: the form has no line of its own for that. */
export const channelWords = ({ channel, helper }: Pick<Receipt, 'channel' | 'helper'>): string => {
  if (!helper) return channels[channel]
  return `${channels[channel]} (${helper.kind === 'kiosk' ? 'số hiệu ki-ốt' : 'tổ chức hỗ trợ'}: ${helper.id})`
}

export const causes: Record<LateCause, string> = {
  unit: 'Từ phía cơ quan giải quyết',
  applicant: 'Từ phía người nộp hồ sơ',
  'other-agency': 'Từ phía cơ quan phối hợp',
  system: 'Sự cố hệ thống',
}

export const results: Record<Lateness, string> = { early: 'Trước hạn', 'on-time': 'Đúng hạn', late: 'Quá hạn' }

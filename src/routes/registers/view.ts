import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { dayOf, minuteOf, timeText } from '../../domain/civil-date.ts'
import { nameOf } from '../../domain/day-names.ts'
import { lateCauses } from '../../domain/dossier.ts'
import type { RegisterLine, RegisterNote } from '../../domain/register.ts'
import { causes } from '../../domain/slip-phrases.ts'
import type { Unit } from '../../domain/unit.ts'
import { csvRecord } from '../../platform/csv.ts'
import { ReturnBy } from '../dossiers/view.ts'
import { DossierCode, Instant, UnitRef, unitRef, unitsNamed } from '../shapes.ts'

const notes = {
  'not-accepted': 'Từ chối tiếp nhận',
  'taken-back': 'Người nộp lấy lại trước khi tiếp nhận',
  withdrawn: 'Rút hồ sơ',
  stopped: 'Dừng giải quyết',
  'awaiting-supplement': 'Chờ bổ sung',
  refused: 'Từ chối giải quyết',
  overdue: 'Quá hạn',
} as const satisfies Record<RegisterNote, string>

const optional = Instant.nullable()

export const RegisterLineView = z
  .object({
    number: z.int().min(1).openapi({ description: 'Running number within the extract.' }),
    code: DossierCode,
    procedure: z.string().max(20),
    name: z.string().max(200).nullable().openapi({ description: 'Of the owner; null once erased, as the next two.' }),
    address: z.string().max(500).nullable(),
    phone: z.string().max(30).nullable(),
    competentUnit: UnitRef,
    submittedAt: Instant,
    receivedAt: optional,
    dueAt: optional,
    transferredAt: optional.openapi({ description: 'When the competent unit had it.' }),
    resolvedAt: optional,
    returnedAt: optional,
    returnBy: ReturnBy,
    note: z
      .enum(['not-accepted', 'taken-back', 'withdrawn', 'stopped', 'awaiting-supplement', 'refused', 'overdue'])
      .nullable(),
    late: z.boolean().openapi({ description: 'It is late by now, or was decided late: against the original date.' }),
    lateCause: z.enum(lateCauses).nullable().openapi({ description: 'Why; null also until the service has looked.' }),
  })
  .openapi('RegisterLine', {
    example: {
      number: 1,
      code: 'LOCAL.00082-261123-0001',
      procedure: '1.012812',
      name: 'Nguyễn Thị Lan',
      address: 'Số 1 phố Ví Dụ, phường Cửa Nam, Hà Nội',
      phone: '0900000001',
      competentUnit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } },
      submittedAt: '2026-11-23T08:55:00.000+07:00',
      receivedAt: '2026-11-23T09:05:00.000+07:00',
      dueAt: '2026-12-07T17:00:00+07:00',
      transferredAt: '2026-11-23T09:05:00.000+07:00',
      resolvedAt: null,
      returnedAt: null,
      returnBy: 'account',
      note: null,
      late: false,
      lateCause: null,
    },
  })

/** The lines of one page, with their units by name. */
export async function showLines(c: HonoContext<House>, lines: RegisterLine[]) {
  const units = await unitsIn(c, lines)
  return lines.map((line) =>
    RegisterLineView.parse({
      ...line,
      name: line.owner?.name ?? null,
      address: line.owner?.address ?? null,
      phone: line.owner?.phone ?? null,
      competentUnit: unitRef(line.competentUnit, units),
    }),
  )
}

const unitsIn = (c: HonoContext<House>, lines: RegisterLine[]): Promise<Map<string, Unit>> =>
  unitsNamed(
    c,
    lines.map(({ competentUnit }) => competentUnit),
  )

/** The columns of form 07; the signature is given on paper. */
export const csvHead = csvRecord([
  'STT',
  'Mã hồ sơ',
  'Mã thủ tục',
  'Họ và tên, tên tổ chức',
  'Địa chỉ',
  'Số điện thoại',
  'Cơ quan giải quyết',
  'Ngày nhận hồ sơ',
  'Ngày hẹn trả kết quả',
  'Ngày chuyển hồ sơ đến cơ quan giải quyết',
  'Ngày có kết quả',
  'Ngày trả kết quả',
  'Phương thức nhận kết quả',
  'Ký nhận',
  'Ghi chú',
])

const ways = { account: 'Tài khoản điện tử', counter: 'Trực tiếp', post: 'Bưu chính' } as const

/** `23/11/2026 09:05`, as clerks read it. */
function shown(at: string | null): string {
  if (at === null) return ''
  const minute = minuteOf(at)
  return `${nameOf(dayOf(minute)).date.vi} ${timeText(minute)}`
}

/** `Từ chối giải quyết; Quá hạn: Từ phía cơ quan giải quyết` */
function remarks({ note, late, lateCause }: z.infer<typeof RegisterLineView>): string {
  const lateness = lateCause ? `${notes.overdue}: ${causes[lateCause]}` : notes.overdue
  return [...(note && note !== 'overdue' ? [notes[note]] : []), ...(late ? [lateness] : [])].join('; ')
}

export async function csvLines(c: HonoContext<House>, lines: RegisterLine[]): Promise<string> {
  const views = await showLines(c, lines)
  return views
    .map((line) =>
      csvRecord([
        `${line.number}`,
        line.code,
        line.procedure,
        line.name ?? '',
        line.address ?? '',
        line.phone ?? '',
        line.competentUnit.name.vi,
        shown(line.receivedAt),
        shown(line.dueAt),
        shown(line.transferredAt),
        shown(line.resolvedAt),
        shown(line.returnedAt),
        ways[line.returnBy],
        '',
        remarks(line),
      ]),
    )
    .join('')
}

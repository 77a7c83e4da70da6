import { z } from '@hono/zod-openapi'
import { localTime } from '../../platform/time.ts'
import type { KnownOutage } from '../../usecases/outages/read.ts'
import { Instant, Line, pageOfItems, Words } from '../shapes.ts'

const Reason = z.strictObject({ vi: Line(500), en: Line(500) }).openapi({
  description: 'For the public, in both languages. It names no person.',
  example: { vi: 'Nâng cấp hệ thống', en: 'Upgrade of the system' },
})
const End = Instant.openapi({
  description: 'The end, or the one that is expected: correct it when the service is back.',
})
const span = { from: Instant, to: End, reason: Reason }

const announcement = {
  kind: 'announced' as const,
  from: '2026-12-19T22:00:00+07:00',
  to: '2026-12-20T02:00:00+07:00',
  announcedAt: '2026-11-20T08:00:00+07:00',
  reason: { vi: 'Nâng cấp hệ thống', en: 'Upgrade of the system' },
}

export const OutageBody = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('announced'),
      ...span,
      announcedAt: Instant.optional().openapi({ description: 'When the public was told; now, if not given.' }),
    }),
    z.strictObject({ kind: z.literal('recorded'), ...span }),
  ])
  .openapi('NewOutage', { example: announcement })

export const CorrectionBody = z
  .strictObject({
    from: Instant.optional(),
    to: End.optional(),
    reason: Reason.optional(),
    withdrawn: z.boolean().optional().openapi({ description: '`true`: it never came, or was no outage.' }),
  })
  .openapi('OutageCorrection', { example: { to: '2026-12-20T01:10:00+07:00' } })

export const OutageId = z
  .uuid()
  .openapi({ param: { name: 'id', in: 'path' }, example: '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

export const OutageView = z
  .object({
    id: z.uuid(),
    version: z.int().min(1),
    kind: z.enum(['announced', 'recorded', 'detected']).openapi({
      description: '`detected`: by the service itself, whose chores of each minute did not run.',
    }),
    from: Instant,
    to: End,
    reason: Words,
    withdrawn: z.boolean().openapi({ description: 'It counts for nothing.' }),
    announcedAt: Instant.nullable(),
    writtenAt: Instant.openapi({ description: 'Since when it counts as it stands here.' }),
    warnings: z
      .array(z.object({ code: z.enum(['announced-too-late']), detail: Words }))
      .max(10)
      .openapi({ description: 'What is not as the law has it, and was taken all the same.' }),
  })
  .openapi('Outage')

export const OutagePage = pageOfItems(OutageView).openapi('OutagePage')

const tooLate = {
  code: 'announced-too-late' as const,
  detail: {
    vi: 'Thông báo chưa đủ 7 ngày làm việc trước khi ngừng hệ thống (Nghị định 224/2026/NĐ-CP, Điều 13).',
    en: 'Announced less than seven working days before (Decree 224/2026/NĐ-CP art. 13).',
  },
}

export const showOutage = ({ outage, writtenAt, inTime }: KnownOutage) =>
  OutageView.parse({
    ...outage,
    announcedAt: outage.announcedAt && localTime(new Date(outage.announcedAt)),
    writtenAt,
    warnings: inTime === false ? [tooLate] : [],
  })

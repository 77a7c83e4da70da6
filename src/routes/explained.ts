import { z } from '@hono/zod-openapi'
import { clauses, type DueRule } from '../domain/deadline-words.ts'
import { routingRules } from '../domain/routing.ts'
import { Instant, orNull, Words } from './shapes.ts'

const text = Words.openapi({ description: 'In words for the person concerned.' })
const clause = orNull(Words, 'What the rule rests on; null where it is practice.')

const dueRules = Object.keys(clauses).filter((rule): rule is DueRule => rule in clauses)

/** One rule on the way to a due date; the steps lead from the start to the end without a gap. */
export const DueStep = z
  .object({ rule: z.enum(dueRules), clause, from: Instant, to: Instant, text })
  .openapi('DueStep', {
    example: {
      rule: 'first-day-not-counted',
      clause: { vi: 'Bộ luật Dân sự 91/2015/QH13, Điều 147 khoản 2', en: 'Civil Code 91/2015/QH13 art. 147(2)' },
      from: '2026-04-24T10:00:00+07:00',
      to: '2026-04-25T00:00:00+07:00',
      text: {
        vi: 'Không tính ngày đầu tiên, thứ Sáu 24/04/2026.',
        en: 'The first day, Friday 24 April 2026, is not counted.',
      },
    },
  })

/** One rule that was applied in finding the competent unit. */
export const RoutingStep = z.object({ rule: z.enum(routingRules), clause, text }).openapi('RoutingStep', {
  example: {
    rule: 'succeeded',
    clause: { vi: 'Khoản 2 Nghị quyết số 1656/NQ-UBTVQH15', en: 'Clause 2 of Resolution 1656/NQ-UBTVQH15' },
    text: {
      vi: 'Từ 01/07/2025, Phường Trần Hưng Đạo (00082-0) thuộc về Phường Cửa Nam (00082-2025).',
      en: 'Since 1 July 2025 Tran Hung Dao Ward (00082-0) belongs to Cua Nam Ward (00082-2025).',
    },
  },
})

/** A moment in a query: there an unescaped `+` arrives as a space, and only the offset can have been meant. */
export const InstantInQuery = z
  .preprocess((value) => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value), Instant)
  .openapi({ type: 'string', format: 'date-time', example: '2026-04-24T10:00:00+07:00' })

import { z } from '@hono/zod-openapi'
import { type Week, weekdays, type Windows } from '../../domain/calendar.ts'
import { timeMinutes } from '../../domain/civil-date.ts'
import type { OpeningHours } from '../../usecases/units/opening-hours.ts'
import type { NewHours } from '../../usecases/units/set-opening-hours.ts'
import { contentTag } from '../public.ts'
import { CivilDate, Instant, Line, OpenWindows, showWindows, UnitRef } from '../shapes.ts'

/** One optional field for each weekday. */
const ofWeekdays = <T extends z.ZodType>(windows: T) => {
  const day = windows.optional()
  return { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: day, sunday: day }
}

const ownWindows =
  'Weekdays with windows of their own. Only such a Saturday or Sunday is one on which the unit opens: never on a holiday or a weekend beside one, and it is no working day all the same.'

export const OpeningHoursView = z
  .object({
    unit: UnitRef,
    version: z.int().min(0).openapi({ description: 'How often hours were told of this unit; 0: never.' }),
    on: CivilDate,
    isOpen: z
      .boolean()
      .nullable()
      .openapi({ description: 'Whether it opens on that day at all; null beyond the published calendar.' }),
    windows: OpenWindows.openapi({ description: 'Of that day, if it opens then.' }),
    usual: OpenWindows.openapi({ description: 'Of every working day that has none of its own, and of make-up days.' }),
    weekdays: z.object(ofWeekdays(OpenWindows)).openapi({ description: ownWindows }),
    from: CivilDate.nullable().openapi({ description: 'Since when these hold; null: the usual office hours.' }),
    source: z.string().max(1000).nullable().openapi({ description: 'Where they are published.' }),
    recordedAt: Instant.nullable().openapi({
      description: 'When they became known here. A due date keeps to what was known when its clock started.',
    }),
    changes: z.array(CivilDate).max(1000).openapi({
      description: 'The days, past and to come, from which other hours held; empty: always the usual ones.',
    }),
  })
  .openapi('OpeningHours')
type OpeningHoursView = z.infer<typeof OpeningHoursView>

export const showOpeningHours = ({ unit, week, changes, windows, ...rest }: OpeningHours): OpeningHoursView =>
  OpeningHoursView.parse({
    ...rest,
    unit: { id: unit.id, name: unit.name },
    windows: showWindows(windows),
    usual: showWindows(week.windows),
    weekdays: Object.fromEntries(
      Object.entries(week.weekdays ?? {}).map(([name, own]) => [name, own && showWindows(own)]),
    ),
    from: week.from ?? null,
    source: week.source ?? null,
    recordedAt: week.recordedAt ?? null,
    changes: changes.slice(-1000),
  })

/** Opaque to whoever gets it: the version, which is what If-Match is about, and the content, which differs from day to day. */
export const hoursTag = async (view: OpeningHoursView): Promise<string> =>
  `"${view.version}-${(await contentTag(view)).slice(1)}`

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .openapi({ example: '07:30' })
const Windows = z
  .array(z.strictObject({ opens: TimeOfDay, closes: TimeOfDay }))
  .min(1)
  .max(24)

export const OpeningHoursBody = z
  .strictObject({
    from: CivilDate.openapi({ description: 'From 00:00 of that day on; tomorrow at the earliest.' }),
    usual: Windows.openapi({ description: 'Of every working day that has none of its own, in order.' }),
    weekdays: z.strictObject(ofWeekdays(Windows)).optional().openapi({ description: ownWindows }),
    source: Line(500).openapi({ description: 'Where the unit has published them.' }),
  })
  .openapi('NewOpeningHours', {
    example: {
      from: '2030-01-07',
      usual: [
        { opens: '08:00', closes: '12:00' },
        { opens: '13:00', closes: '16:30' },
      ],
      weekdays: { saturday: [{ opens: '08:00', closes: '11:30' }] },
      source: 'Thông báo 12/TB-UBND ngày 01/12/2026',
    },
  })

export function hoursOf({ from, usual, weekdays: own = {}, source }: z.infer<typeof OpeningHoursBody>): NewHours {
  const named = weekdays.flatMap((name) => (own[name] ? [[name, inMinutes(own[name])] as const] : []))
  const ofDays: Week['weekdays'] = Object.fromEntries(named)
  return { from, source, windows: inMinutes(usual), ...(named.length > 0 && { weekdays: ofDays }) }
}

const inMinutes = (windows: z.infer<typeof Windows>): Windows =>
  windows.map(({ opens, closes }) => [timeMinutes(opens), timeMinutes(closes)])

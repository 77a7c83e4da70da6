// How many due dates one core computes in a second of processor time, each with its explanation: neighbours on the machine
// do not change the answer. The floor is what no answer can do without: writing down two instants.
import type { Hours } from '../../src/domain/calendar.ts'
import { computeDue, type DueQuestion } from '../../src/domain/deadline.ts'
import type { TimeLimit } from '../../src/domain/procedure.ts'
import { officeHours } from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'
import type { Figures } from './run.ts'

const calendar = publishedCalendar()
const minute = 60_000
const start = Date.parse('2024-01-02T08:00:00+07:00')

const limits: TimeLimit[] = [
  { unit: 'WORKING_DAY', value: 3 },
  { unit: 'WORKING_DAY', value: 25 },
  { unit: 'DAY', value: 30 },
  { unit: 'HOUR', value: 8 },
  { unit: 'MONTH', value: 1 },
]

/** Every third unit closes at noon on Fridays and opens on Saturday mornings. */
const ownWeek: Hours = { ...officeHours, weekdays: { friday: [[450, 690]], saturday: [[480, 690]] } }

/** The mix of a working day: every tenth dossier had a supplement, every tenth an outage. */
function question(i: number): DueQuestion {
  const startedAt = start + ((i * 7919) % 1_900_000) * minute
  const paused = { from: startedAt + 600 * minute, to: startedAt + 5000 * minute, clock: 'RESUME' as const }
  const down = { from: startedAt + 1000 * minute, to: startedAt + 1200 * minute }
  return {
    limit: limits[i % 7] ?? { unit: 'SAME_DAY' },
    cutoff: limits[i % 7] ? null : '15:00',
    startedAt,
    pauses: i % 10 === 3 ? [paused] : [],
    outages: i % 10 === 7 ? [down] : [],
    calendar,
    hours: i % 3 ? officeHours : ownWeek,
  }
}

const due = (asked: DueQuestion): boolean => computeDue(asked).ok
const written = (instant: number): string => new Date(instant).toISOString()
const floor = ({ startedAt }: DueQuestion): boolean => written(Number(startedAt)) < written(Number(startedAt) + minute)

/** Of five rounds the best: the others were disturbed. */
function perSecond(questions: readonly DueQuestion[], answer: (asked: DueQuestion) => boolean): number {
  const rounds = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    if (!questions.every(answer)) throw new Error('a question had no answer')
    const { user, system } = process.cpuUsage(before)
    return (questions.length / (user + system)) * 1_000_000
  })
  return Math.round(Math.max(...rounds))
}

export function measure(): Figures {
  const questions = Array.from({ length: 200_000 }, (_, i) => question(i))
  const dueDatesPerSecond = perSecond(questions, due)
  const floorPerSecond = perSecond(questions, floor)
  return { dueDatesPerSecond, floorPerSecond, timesFloor: floorPerSecond / dueDatesPerSecond }
}

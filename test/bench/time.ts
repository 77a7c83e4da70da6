// How many due dates one core computes in a second, each with its explanation. `node test/bench/time.ts`; the budget is
// 200,000 of them for a second of processor time, so that neighbours on the machine do not change the answer.
import { computeDue, type DueQuestion } from '../../src/domain/deadline.ts'
import type { TimeLimit } from '../../src/domain/procedure.ts'
import { officeHours } from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'

const budget = 200_000
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
    hours: officeHours,
  }
}

function perSecond(questions: readonly DueQuestion[]): number {
  const before = process.cpuUsage()
  let answered = 0
  for (const asked of questions) if (computeDue(asked).ok) answered++
  if (answered !== questions.length) throw new Error(`${questions.length - answered} questions had no answer`)
  const { user, system } = process.cpuUsage(before)
  return (answered / (user + system)) * 1_000_000
}

const questions = Array.from({ length: 200_000 }, (_, i) => question(i))
const rounds = Array.from({ length: 5 }, () => perSecond(questions))
const best = Math.round(Math.max(...rounds))
console.log(`time: ${best.toLocaleString('en')} due dates a second on one core (budget ${budget.toLocaleString('en')})`)
if (best < budget) process.exitCode = 1

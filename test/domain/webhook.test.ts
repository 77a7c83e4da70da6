import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isHopeless, verdictOn } from '../../src/domain/webhook.ts'

const at = new Date('2026-11-23T09:00:00+07:00')
const hours = (ms: number) => ms / 3_600_000
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const no = (status: number, retryAfter: string | null = null) => ({ status, retryAfter })

/** How long a receiver that answers like that is tried, and how often. */
function wholeRound(answer: Parameters<typeof verdictOn>[0], chances: number[]) {
  let [now, tries] = [at, 1]
  for (;;) {
    const verdict = verdictOn(answer, tries, now, chances[tries - 1] ?? 0)
    if (verdict.status !== 'pending') return { tries, verdict, lasted: hours(now.getTime() - at.getTime()) }
    now = verdict.nextAt
    tries++
  }
}

test('whatever chance says, a receiver that is down is tried ten times, over 72 hours at least and 84 at most', () => {
  const answers = fc.constantFrom(no(500), no(404), no(302), no(301, '5'), { fault: 'timed-out' })
  fc.assert(
    fc.property(fc.array(chance, { minLength: 10, maxLength: 10 }), answers, (chances, answer) => {
      const { tries, verdict, lasted } = wholeRound(answer, chances)
      expect([tries, verdict.status]).toEqual([10, 'failed'])
      expect(lasted).toBeGreaterThanOrEqual(72)
      expect(lasted).toBeLessThanOrEqual(84)
    }),
  )
})

test('chance spreads the next attempt, always later and never by more than a tenth', () => {
  const next = (luck: number) => {
    const verdict = verdictOn(no(500), 4, at, luck)
    return verdict.status === 'pending' ? hours(verdict.nextAt.getTime() - at.getTime()) : 0
  }
  expect([next(0), next(0.5), next(0.999999)]).toEqual([2, 2.1, expect.closeTo(2.2, 3)])
})

test.each([
  ['seconds', '7200', 2],
  ['a date', 'Mon, 23 Nov 2026 05:00:00 GMT', 3],
  ['a date that has passed', 'Mon, 23 Nov 2026 01:00:00 GMT', 1 / 60],
  ['less than the schedule', '1', 1 / 60],
  ['years', '99999999', 24],
  ['nonsense', 'soon', 1 / 60],
])('Retry-After in %s is kept to, within a day', (_what, retryAfter, expected) => {
  const verdict = verdictOn(no(503, retryAfter), 1, at, 0)
  const waited = verdict.status === 'pending' ? hours(verdict.nextAt.getTime() - at.getTime()) : 0
  expect(waited).toBeCloseTo(expected, 5)
})

describe('what an answer means', () => {
  test.each([200, 201, 204, 299])('%d: delivered', (status) => {
    expect(verdictOn(no(status), 1, at, 0)).toEqual({ status: 'delivered' })
  })
  test('410: never again, however often it was tried', () => {
    expect(verdictOn(no(410), 1, at, 0)).toEqual({ status: 'gone' })
    expect(verdictOn(no(410), 10, at, 0)).toEqual({ status: 'gone' })
  })
})

test('a receiver is hopeless when it took nothing for five days', () => {
  const since = '2026-11-18T09:00:00.000+07:00'
  expect(isHopeless(since, at)).toBe(true)
  expect(isHopeless(since, new Date(at.getTime() - 1))).toBe(false)
})

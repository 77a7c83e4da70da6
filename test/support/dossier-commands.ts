import fc from 'fast-check'
import type { Payment } from '../../src/domain/payment.ts'
import type { Move } from '../../src/usecases/dossiers/steps.ts'
import {
  after,
  answerOf,
  type Attempt,
  type Model,
  type Order,
  passedOn,
  paying,
  people,
  type Person,
  type Seen,
  settled,
  ticked,
  type Word,
  words,
} from './dossier-model.ts'

export const reason = 'Hồ sơ còn thiếu giấy tờ theo quy định.'

/** What an officer or applicant sends for an order, in either house. */
export const moves: Partial<Record<Order, Move>> = {
  accept: { to: 'accepted' },
  'turn-down': { to: 'not-accepted', reason },
  ask: { to: 'awaiting-supplement', components: ['declaration'], reason, whyAgain: reason },
  begin: { to: 'processing' },
  withdraw: { to: 'withdrawn', reason },
  stop: { to: 'stopped', reason, legalBasis: 'Quyết định tạm dừng số 1' },
  refuse: { to: 'resolved', outcome: 'refused', reason },
  grant: { to: 'resolved', outcome: 'granted' },
  recall: { to: 'resolved', outcome: 'recalled', reason },
  return: { to: 'returned', by: 'counter' },
}

/** A house that keeps dossiers, numbered from 0: the one behind the front door, or its rules alone. */
export interface House {
  setTime(now: number): void
  /** `far`: handed in at the counter of another unit. */
  file(far: boolean): Promise<Seen>
  /** `ok`, or the refusal; `stale`: with a version that it no longer has, `twice`: again under the same key. */
  act(dossier: number, who: Person, order: Order, how: { stale: boolean; twice: boolean }): Promise<string>
  /** The provider's word about one of the dossier's payments, `twice`: two at once; `nothing`: it is asked, and has none. */
  word(dossier: number, payment: number, word: Word, twice: boolean): Promise<void>
  /** The dossier's payments, the oldest first. */
  money(dossier: number): Promise<Attempt[]>
  /** Accepts a reform that ends the deciding unit at that midnight and puts another in its place; false where none is left. */
  reform(midnight: number): Promise<boolean>
  tick(): Promise<void>
  see(dossier: number): Promise<Seen>
  /** Everything that is kept, byte for byte. */
  kept(): Promise<string>
  /** Whether its dossiers are due by civil day rather than by the minute. */
  byDay: boolean
  /** What can be ordered there. */
  orders: readonly Order[]
}

/** `midnight`: of a reform that is accepted and not yet in force. */
export type Told = {
  house: House
  models: Model[]
  now: number
  midnight?: number | undefined
  answers: Map<string, number>
}

export type Command = {
  wait: number
  dossier: number
  what:
    | { do: 'file'; far: boolean }
    | { do: 'tick' }
    | { do: 'reform' }
    | { do: 'word'; pick: number; word: Word; twice: boolean }
    | { do: 'act'; sensible: boolean; pick: number; stale: boolean; twice: boolean }
}

const [minutes, days] = [fc.integer({ min: 1, max: 90 }), fc.integer({ min: 90, max: 4 * 1440 })]
const months = fc.integer({ min: 31 * 1440, max: 40 * 1440 })

/** Two of three orders are such as the model allows, or no dossier would ever get far. `long`: now and then a month goes by. */
export const command = (long = false): fc.Arbitrary<Command> =>
  fc.record({
    wait: fc.oneof(
      { weight: 32, arbitrary: minutes },
      { weight: 8, arbitrary: days },
      { weight: Number(long), arbitrary: months },
    ),
    dossier: fc.noBias(fc.nat(3)),
    what: fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant('file' as const), far: fc.boolean() }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('reform' as const) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('word' as const),
          pick: fc.noBias(fc.nat(10_000)),
          word: fc.constantFrom(...words),
          twice: fc.boolean(),
        }),
      },
      {
        weight: 26,
        arbitrary: fc.record({
          do: fc.constant('act' as const),
          sensible: fc.nat(2).map((one) => one > 0),
          pick: fc.noBias(fc.nat(10_000)),
          stale: fc.nat(9).map((one) => one === 0),
          twice: fc.nat(9).map((one) => one === 0),
        }),
      },
    ),
  })

const shallow = new Set(['not-allowed', 'no-such-dossier'])
const ends = new Set<Order>(['turn-down', 'withdraw'])
/** Money is a long way off, and what is certified ends the way: each is ordered as often as three others. */
const seldom = new Set<Order>(['charge', 'pay', 'certify', 'apologise'])

/** First the order, so that many who may do the same do not make it likelier; the ends of a dossier's life seldom. */
function chosen(
  orders: readonly Order[],
  model: Model,
  { sensible, pick }: Command['what'] & { do: 'act' },
  now: number,
) {
  const every = people.flatMap((who) => orders.map((order) => ({ who, order })))
  const open = every.filter(
    ({ who, order }) => sensible && answerOf(model, who, order, now) === 'ok' && (pick % 6 === 0 || !ends.has(order)),
  )
  // Of the others every second is ordered by somebody who might, so that all the reasons to refuse come up.
  const deep = every.filter(({ who, order }) => !shallow.has(answerOf(model, who, order, now)))
  const choices = open.length > 0 ? open : pick % 2 ? deep : every
  const orderable = [...new Set(choices.map(({ order }) => order))]
  const names = orderable.flatMap((one) => (seldom.has(one) ? [one, one, one] : [one]))
  const order = names[Math.floor(pick / 6) % names.length] ?? 'accept'
  const able = choices.filter((one) => one.order === order)
  return { order, who: able[pick % able.length]?.who ?? 'app' }
}

/** How the model sees a payment: one that has not reached its provider yet is open to the payer already. */
export function attemptOf({ status, via, ...rest }: Payment): Attempt {
  const until = 'session' in rest ? Date.parse(rest.session.expiresAt) : via.method === 'cash' ? null : 0
  return { status: status === 'opening' ? 'open' : status === 'refunded' ? 'to-be-refunded' : status, until }
}

export type Differ = (what: string, house: unknown, model: unknown) => void

/** Gives one command to house and model, and says where they differ. */
export async function give(told: Told, { wait, dossier, what }: Command, same: Differ): Promise<void> {
  const { house, models, answers } = told
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1)
  told.now += wait * 60_000
  house.setTime(told.now)
  if (told.midnight !== undefined && told.now >= told.midnight) {
    told.midnight = undefined
    for (const [index, model] of models.entries()) {
      const moved = passedOn(model)
      models[index] = moved
      same(`the reform and ${index}`, await house.see(index), moved.seen)
    }
    count('passed-on')
  }
  if (what.do === 'file' || models.length === 0) {
    const far = what.do === 'file' && what.far
    const seen = await house.file(far)
    same('filed', seen, { status: 'submitted', version: 1, dueAt: null, originalDueAt: null, answerBy: null })
    models.push({
      seen,
      attempts: [],
      ratedAt: null,
      receivedFar: far,
      begunAt: null,
      backTo: 'submitted',
      told: 'nothing',
      apologised: false,
      decisions: 0,
    })
    return void count('filed')
  }
  if (what.do === 'tick') {
    await house.tick()
    for (const [index, model] of models.entries()) {
      const next = ticked(model, told.now, house.byDay)
      models[index] = next
      if (next !== model) count(next.seen.answerBy === model.seen.answerBy ? next.told : 'expired')
      same(`the clock on ${index}`, await house.see(index), next.seen)
    }
    return
  }
  if (what.do === 'reform') {
    if (told.midnight !== undefined) return
    const [day, east] = [86_400_000, 7 * 3_600_000]
    const midnight = (Math.floor((told.now + east) / day) + 1) * day - east
    if (!(await house.reform(midnight))) return
    told.midnight = midnight
    return void count('reform')
  }
  if (what.do === 'word') return hear(told, what, same)
  const index = dossier % models.length
  const model = models[index]
  if (!model) return
  const { who, order } = chosen(house.orders, model, what, told.now)
  const stale = what.stale && model.seen.version > 1
  const expected = answerOf(model, who, order, told.now, !stale)
  const before = expected === 'ok' ? '' : await house.kept()
  const answer = await house.act(index, who, order, { stale, twice: what.twice })
  count(answer === 'ok' ? order : answer)
  same(`${who} orders ${order} of ${model.seen.status}`, answer, expected)
  if (expected !== 'ok') return same(`refused: ${who} ${order}`, await house.kept(), before)
  const [seen, money] = [await house.see(index), await house.money(index)]
  const next =
    order === 'pay' ? paying(model, told.now, money.at(-1)?.until ?? null) : after(model, who, order, told.now, seen)
  models[index] = next
  same(`after ${who} ${order} of ${model.seen.status}`, seen, next.seen)
  same(`the money after ${who} ${order}`, statuses(money), statuses(next.attempts))
  same('decided at most once', next.decisions <= 1, true)
}

const statuses = (attempts: readonly Attempt[]) => attempts.map(({ status }) => status)

/** What the provider says of one of the online payments, if there is any: two of three times of one that is open. */
async function hear(
  { house, models, now, answers }: Told,
  { pick, word, twice }: Command['what'] & { do: 'word' },
  same: Differ,
): Promise<void> {
  const online = models.flatMap((model, index) =>
    model.attempts.flatMap(({ status, until }, at) => (until === null ? [] : [{ model, index, at, status }])),
  )
  const open = online.filter(({ status }) => status === 'open')
  const choices = open.length > 0 && pick % 3 ? open : online
  const choice = choices[pick % choices.length]
  if (!choice) return
  const { model, index, at } = choice
  await house.word(index, at, word, twice)
  const [seen, money] = [await house.see(index), await house.money(index)]
  const next = settled(model, at, word, now, seen)
  models[index] = next
  same(`after the provider said ${word} of ${model.seen.status}`, seen, next.seen)
  same(`the money after ${word}`, statuses(money), statuses(next.attempts))
  const became = next.attempts[at]?.status
  const said = next === model ? `${word}: as before` : `${word}: ${became}`
  answers.set(said, (answers.get(said) ?? 0) + 1)
}

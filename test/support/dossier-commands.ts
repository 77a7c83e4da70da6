import fc from 'fast-check'
import { after, answerOf, type Model, type Order, people, type Person, type Seen, ticked } from './dossier-model.ts'

/** A house that keeps dossiers, numbered from 0: the one behind the front door, or its rules alone. */
export interface House {
  setTime(now: number): void
  /** `far`: handed in at the counter of another unit. */
  file(far: boolean): Promise<Seen>
  /** `ok`, or the refusal; `stale`: with a version that it no longer has, `twice`: again under the same key. */
  act(dossier: number, who: Person, order: Order, how: { stale: boolean; twice: boolean }): Promise<string>
  tick(): Promise<void>
  see(dossier: number): Promise<Seen>
  /** Everything that is kept, byte for byte. */
  kept(): Promise<string>
  /** Whether its dossiers are due by civil day rather than by the minute. */
  byDay: boolean
  /** What can be ordered there. */
  orders: readonly Order[]
}

export type Told = { house: House; models: Model[]; now: number; answers: Map<string, number> }

export type Command = {
  wait: number
  dossier: number
  what:
    | { do: 'file'; far: boolean }
    | { do: 'tick' }
    | { do: 'act'; sensible: boolean; pick: number; stale: boolean; twice: boolean }
}

/** Two of three orders are such as the model allows, or no dossier would ever get far. */
export const command: fc.Arbitrary<Command> = fc.record({
  wait: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 90 }) }, fc.integer({ min: 90, max: 4 * 1440 })),
  dossier: fc.noBias(fc.nat(3)),
  what: fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant('file' as const), far: fc.boolean() }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
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
  const names = [...new Set(choices.map(({ order }) => order))]
  const order = names[Math.floor(pick / 6) % names.length] ?? 'accept'
  const able = choices.filter((one) => one.order === order)
  return { order, who: able[pick % able.length]?.who ?? 'app' }
}

export type Differ = (what: string, house: unknown, model: unknown) => void

/** Gives one command to house and model, and says where they differ. */
export async function give(told: Told, { wait, dossier, what }: Command, same: Differ): Promise<void> {
  const { house, models, answers } = told
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1)
  told.now += wait * 60_000
  house.setTime(told.now)
  if (what.do === 'file' || models.length === 0) {
    const far = what.do === 'file' && what.far
    const seen = await house.file(far)
    same('filed', seen, { status: 'submitted', version: 1, dueAt: null, originalDueAt: null, answerBy: null })
    models.push({
      seen,
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
  const seen = await house.see(index)
  const next = after(model, who, order, told.now, seen)
  models[index] = next
  same(`after ${who} ${order} of ${model.seen.status}`, seen, next.seen)
  same('decided at most once', next.decisions <= 1, true)
}

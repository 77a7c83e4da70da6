// What the law lets happen to a dossier, said once more and by hand: nothing here reads the house's own tables and rules.
// oxfmt-ignore
export const people = ['app', 'owner', 'stranger', 'reception', 'handler', 'certifier', 'supervisor', 'far', 'former'] as const
/**
 * `far`: reception and handler of another unit, which receives every second dossier and decides none; `former`: of the unit that the
 * last reform ended. All others are of the unit that decides at that moment.
 */
export type Person = (typeof people)[number]

export const orders = [
  'accept',
  'turn-down',
  'ask',
  'begin',
  'charge',
  'withdraw',
  'stop',
  'refuse',
  'grant',
  'certify',
  'recall',
  'return',
  'supplement',
  'cash',
  'apologise',
  'pay',
  'rate',
] as const
export type Order = (typeof orders)[number]

type Status =
  | 'submitted'
  | 'accepted'
  | 'processing'
  | 'awaiting-supplement'
  | 'awaiting-payment'
  | 'stopped'
  | 'resolved'
  | 'returned'
  | 'not-accepted'
  | 'withdrawn'

/** What everybody sees of a dossier; dates are the house's, and the model says only when there is one. */
export type Seen = {
  status: Status
  version: number
  dueAt: string | null
  originalDueAt: string | null
  answerBy: string | null
}

/** A payment; `until`: when its session at the provider ends, null for cash. */
export type Attempt = {
  status: 'open' | 'paid' | 'failed' | 'expired' | 'cancelled' | 'to-be-refunded'
  until: number | null
}

/** What a provider says of a payment, or, as `nothing`, that it is asked and knows nothing new. */
export const words = ['succeeded', 'failed', 'nothing'] as const
export type Word = (typeof words)[number]

export type Model = {
  seen: Seen
  attempts: readonly Attempt[]
  ratedAt: number | null
  receivedFar: boolean
  begunAt: number | null
  backTo: Status
  told: 'nothing' | 'due-soon' | 'overdue'
  apologised: boolean
  decisions: number
}

type Desk = 'applicant' | 'person' | 'reception' | 'handler' | 'certifier'
type Way = { to: Status; by: readonly Desk[] }
const [applicant, reception, handler] = ['applicant', 'reception', 'handler'] as const
const desks = [reception, handler] as const
const deciders = [handler, 'certifier'] as const
const at = (statuses: Status[], to: Status, by: readonly Desk[]): [Status, Way][] =>
  statuses.map((one) => [one, { to, by }])
const ways = (...parts: [Status, Way][][]): ReadonlyMap<Status, Way> => new Map(parts.flat())
const decided = ways(at(['accepted', 'processing'], 'resolved', deciders), at(['returned'], 'resolved', desks))

/** By order and status: where it leads, and who may. */
const law: Record<Order, ReadonlyMap<Status, Way>> = {
  accept: ways(at(['submitted'], 'accepted', [reception])),
  'turn-down': ways(at(['submitted'], 'not-accepted', [reception, applicant])),
  ask: ways(
    at(['submitted'], 'awaiting-supplement', [reception]),
    at(['accepted'], 'awaiting-supplement', desks),
    at(['processing'], 'awaiting-supplement', [handler]),
  ),
  begin: ways(
    at(['accepted', 'stopped'], 'processing', [handler]),
    at(['awaiting-supplement', 'awaiting-payment'], 'processing', []),
  ),
  charge: ways(at(['accepted', 'processing', 'awaiting-payment'], 'awaiting-payment', desks)),
  withdraw: ways(at(['accepted', 'processing', 'awaiting-payment'], 'withdrawn', [applicant])),
  stop: ways(at(['accepted', 'processing'], 'stopped', [handler])),
  refuse: decided,
  grant: decided,
  certify: decided,
  recall: decided,
  return: ways(at(['resolved'], 'returned', desks)),
  supplement: ways(at(['awaiting-supplement'], 'processing', [applicant])),
  cash: ways(at(['awaiting-payment'], 'processing', [reception])),
  apologise: ways(at(['accepted', 'processing'], 'processing', [handler])),
  pay: ways(at(['awaiting-payment'], 'awaiting-payment', [applicant])),
  rate: ways(at(['resolved', 'returned'], 'resolved', ['person'])),
}
const onlyByThemselves = new Set<Order>(['supplement', 'cash', 'apologise', 'pay', 'rate'])

const desksOf: Record<Person, readonly Desk[]> = {
  app: [applicant],
  owner: [applicant, 'person'],
  stranger: [applicant, 'person'],
  reception: [reception],
  handler: [handler],
  certifier: ['certifier'],
  supervisor: [],
  far: desks,
  former: desks,
}
const isOfficer = (who: Person) => desksOf[who][0] !== applicant
const sees = (who: Person, { receivedFar }: Model) =>
  who !== 'stranger' && who !== 'former' && (who !== 'far' || receivedFar)

/** `ok`, or the code with which the house refuses. `fresh`: the version named is the one it has. */
export function answerOf(model: Model, who: Person, order: Order, now: number, fresh = true): string {
  const { status, dueAt } = model.seen
  const mine = desksOf[who]
  const anywhere = [...law[order].values()].flatMap(({ by }) => by)
  if (!mine.some((desk) => anywhere.includes(desk))) return 'not-allowed'
  if (!sees(who, model)) return 'no-such-dossier'
  if (order === 'apologise' && who === 'far') return 'not-allowed'
  // Who begins to pay names no version: nothing of the dossier changes.
  if (!fresh && order !== 'pay') return 'changed-meanwhile'
  const way = law[order].get(status)
  if (onlyByThemselves.has(order)) return way ? aside(model, order, now) : none(order)
  if (!way || way.by.length === 0) return 'step-not-possible'
  const desk = mine.filter((one) => way.by.includes(one))
  if (desk.length === 0 || (who === 'far' && !desk.includes(reception))) return 'not-allowed'
  if (order === 'certify' && who !== 'certifier') return 'not-allowed'
  return (status === 'returned') === (order === 'recall') || way.to !== 'resolved' ? 'ok' : 'step-not-possible'

  function aside({ apologised, ratedAt }: Model, order: Order, now: number) {
    if (order === 'rate') return ratedAt !== null && dayOf(now) > dayOf(ratedAt) + 30 ? 'rating-closed' : 'ok'
    if (order !== 'apologise') return 'ok'
    if (!dueAt) return 'not-in-handling'
    return apologised ? 'already-reappointed' : dayOf(now) >= dayOf(Date.parse(dueAt)) ? 'apology-too-late' : 'ok'
  }
}

const none = (order: Order) =>
  ({
    supplement: 'step-not-possible',
    cash: 'not-awaiting-payment',
    pay: 'not-awaiting-payment',
    apologise: 'not-in-handling',
    rate: 'no-result-yet',
  })[order as string] ?? ''

const day = 86_400_000
const dayOf = (instant: number) => Math.floor((instant + 7 * 3_600_000) / day)
const isCounted = ({ status }: Seen) => status === 'accepted' || status === 'processing'

/** The model after an order that was carried out; `shown` gives the dates, which rules of their own are proved for. */
export function after(model: Model, who: Person, order: Order, now: number, shown: Seen): Model {
  const { status, version } = model.seen
  if (order === 'rate')
    return { ...model, ratedAt: model.ratedAt ?? now, seen: { ...model.seen, version: version + 1 } }
  const goesOn = order === 'supplement' || order === 'cash' || (order === 'begin' && status === 'stopped')
  const begins =
    order === 'cash' ||
    (order === 'begin' && status === 'stopped') ||
    ((order === 'accept' || order === 'begin') && isOfficer(who) && who !== 'far')
  const to =
    order === 'supplement' ? model.backTo : order === 'apologise' ? status : (law[order].get(status)?.to ?? status)
  const begunAt = model.begunAt ?? (begins ? now : null)
  const has = begunAt !== null
  const kept = order === 'cash' || order === 'charge' || order === 'withdraw' ? cancelled(model) : model.attempts
  return {
    ...model,
    begunAt,
    attempts: order === 'cash' ? [...kept, { status: 'paid', until: null }] : kept,
    seen: {
      status: to,
      version: version + 1,
      dueAt: has ? shown.dueAt : null,
      originalDueAt: has ? (order === 'apologise' ? model.seen.originalDueAt : shown.originalDueAt) : null,
      answerBy: to === 'awaiting-supplement' ? shown.answerBy : null,
    },
    backTo: order === 'ask' ? status : model.backTo,
    told: (goesOn && has) || order === 'apologise' ? 'nothing' : model.told,
    apologised: model.apologised || order === 'apologise',
    decisions: model.decisions + (order === 'refuse' || order === 'grant' || order === 'certify' ? 1 : 0),
  }
}

const ended = (one: Attempt, status: Attempt['status']): Attempt => (one.status === 'open' ? { ...one, status } : one)
const cancelled = ({ attempts }: Model) => attempts.map((one) => ended(one, 'cancelled'))

/** One attempt is open at most: the one that goes on is answered again, and one whose session is over makes room. `until`: of a new one. */
export function paying(model: Model, now: number, until: number | null): Model {
  const open = model.attempts.find(({ status }) => status === 'open')
  if (open && now < (open.until ?? 0)) return model
  return { ...model, attempts: [...model.attempts.map((one) => ended(one, 'expired')), { status: 'open', until }] }
}

/** A provider's word, said once or more: money pays what is asked for, however late it comes, or is owed back; it is never lost. */
export function settled(model: Model, index: number, word: Word, now: number, shown: Seen): Model {
  const put = (status: Attempt['status'], from = model.attempts) =>
    from.map((one, at) => (at === index ? { ...one, status } : one))
  const attempt = model.attempts[index]
  if (!attempt) return model
  const { status, until } = attempt
  if (word === 'succeeded') {
    if (status === 'paid' || status === 'to-be-refunded') return model
    if (model.seen.status !== 'awaiting-payment') return { ...model, attempts: put('to-be-refunded') }
    return { ...after(model, 'reception', 'cash', now, shown), attempts: put('paid', cancelled(model)) }
  }
  if (status !== 'open' || (word === 'nothing' && now < (until ?? 0))) return model
  return { ...model, attempts: put(word === 'failed' ? 'failed' : 'expired') }
}

/** At 00:00 of a reform another unit has it: one event more, and no date of it moves. */
export const passedOn = (model: Model): Model => ({
  ...model,
  seen: { ...model.seen, version: model.seen.version + 1 },
})

/** What the clock does at that moment: an end to what nobody answered; a word a day (or the last quarter) before it is due, and once it is late. `byDay`: by civil day. */
export function ticked(model: Model, now: number, byDay: boolean): Model {
  const { seen, begunAt, told } = model
  if (seen.answerBy !== null && now >= Date.parse(seen.answerBy))
    return { ...model, seen: { ...seen, status: 'not-accepted', version: seen.version + 1, answerBy: null } }
  if (!isCounted(seen) || !seen.dueAt || !seen.originalDueAt || begunAt === null || told === 'overdue') return model
  const [due, original] = [Date.parse(seen.dueAt), Date.parse(seen.originalDueAt)]
  const late = byDay ? dayOf(now) > dayOf(original) : now >= original + 60_000
  const soonAt = due - Math.min(day, (due - begunAt) / 4)
  const isSoon = told === 'nothing' && now >= soonAt && !late
  if (!late && !isSoon) return model
  return { ...model, told: late ? 'overdue' : 'due-soon', seen: { ...seen, version: seen.version + 1 } }
}

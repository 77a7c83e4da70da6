// What the law lets happen to a dossier, said once more and by hand: nothing here reads the house's own tables and rules.
export const people = ['app', 'owner', 'stranger', 'reception', 'handler', 'certifier', 'supervisor', 'far'] as const
/** `far`: reception and handler of another unit, which receives every second dossier and decides none. */
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

export type Model = {
  seen: Seen
  receivedFar: boolean
  begunAt: number | null
  backTo: Status
  told: 'nothing' | 'due-soon' | 'overdue'
  apologised: boolean
  decisions: number
}

type Desk = 'applicant' | 'reception' | 'handler' | 'certifier'
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
}
const onlyByThemselves = new Set<Order>(['supplement', 'cash', 'apologise'])

const desksOf: Record<Person, readonly Desk[]> = {
  app: [applicant],
  owner: [applicant],
  stranger: [applicant],
  reception: [reception],
  handler: [handler],
  certifier: ['certifier'],
  supervisor: [],
  far: desks,
}
const isOfficer = (who: Person) => desksOf[who][0] !== applicant
const sees = (who: Person, { receivedFar }: Model) => who !== 'stranger' && (who !== 'far' || receivedFar)

/** `ok`, or the code with which the house refuses. `fresh`: the version named is the one it has. */
export function answerOf(model: Model, who: Person, order: Order, now: number, fresh = true): string {
  const { status, dueAt } = model.seen
  const mine = desksOf[who]
  const anywhere = [...law[order].values()].flatMap(({ by }) => by)
  if (!mine.some((desk) => anywhere.includes(desk))) return 'not-allowed'
  if (!sees(who, model)) return 'no-such-dossier'
  if (order === 'apologise' && who === 'far') return 'not-allowed'
  if (!fresh) return 'changed-meanwhile'
  const way = law[order].get(status)
  if (onlyByThemselves.has(order)) return way ? aside(model, order, now) : none(order)
  if (!way || way.by.length === 0) return 'step-not-possible'
  const desk = mine.filter((one) => way.by.includes(one))
  if (desk.length === 0 || (who === 'far' && !desk.includes(reception))) return 'not-allowed'
  if (order === 'certify' && who !== 'certifier') return 'not-allowed'
  return (status === 'returned') === (order === 'recall') || way.to !== 'resolved' ? 'ok' : 'step-not-possible'

  function aside({ apologised }: Model, order: Order, now: number) {
    if (order !== 'apologise') return 'ok'
    if (!dueAt) return 'not-in-handling'
    return apologised ? 'already-reappointed' : dayOf(now) >= dayOf(Date.parse(dueAt)) ? 'apology-too-late' : 'ok'
  }
}

const none = (order: Order) =>
  ({ supplement: 'step-not-possible', cash: 'not-awaiting-payment', apologise: 'not-in-handling' })[order as string] ??
  ''

const day = 86_400_000
const dayOf = (instant: number) => Math.floor((instant + 7 * 3_600_000) / day)
const isCounted = ({ status }: Seen) => status === 'accepted' || status === 'processing'

/** The model after an order that was carried out; `shown` gives the dates, which rules of their own are proved for. */
export function after(model: Model, who: Person, order: Order, now: number, shown: Seen): Model {
  const { status, version } = model.seen
  const goesOn = order === 'supplement' || order === 'cash' || (order === 'begin' && status === 'stopped')
  const begins =
    order === 'cash' ||
    (order === 'begin' && status === 'stopped') ||
    ((order === 'accept' || order === 'begin') && isOfficer(who) && who !== 'far')
  const to =
    order === 'supplement' ? model.backTo : order === 'apologise' ? status : (law[order].get(status)?.to ?? status)
  const begunAt = model.begunAt ?? (begins ? now : null)
  const has = begunAt !== null
  return {
    ...model,
    begunAt,
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

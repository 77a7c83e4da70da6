import type { Context } from '../../src/context.ts'
import type { Actor, Role } from '../../src/domain/actor.ts'
import { type DossierEvent, evolve } from '../../src/domain/dossier.ts'
import { evolvePayment, type Payment } from '../../src/domain/payment.ts'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import { ok, refuse } from '../../src/platform/result.ts'
import { localTime } from '../../src/platform/time.ts'
import type { DossierStore, Kept } from '../../src/store/dossiers.ts'
import type { KeptPayment, PaymentStore } from '../../src/store/payments.ts'
import { runClock } from '../../src/usecases/clock/run.ts'
import { moveDossier } from '../../src/usecases/dossiers/move.ts'
import { reappointDossier } from '../../src/usecases/dossiers/reappoint.ts'
import type { Move } from '../../src/usecases/dossiers/steps.ts'
import { supplementDossier } from '../../src/usecases/dossiers/supplement.ts'
import { takeCash } from '../../src/usecases/payments/take-cash.ts'
import { publishedCalendar } from './calendar.ts'
import type { House } from './dossier-commands.ts'
import { type Order, orders, type Person, type Seen } from './dossier-model.ts'
import { applicant, submitted, units, ward } from './history.ts'

const calendar = publishedCalendar()
const reason = 'Hồ sơ còn thiếu giấy tờ theo quy định.'
const far = '00004-2025'

const officer = (unit: string, ...roles: Role[]): Actor => ({
  kind: 'officer',
  id: roles.join(),
  name: 'Lê Văn Thử',
  unit,
  roles,
})
const citizen = (personalId: string): Actor => ({
  kind: 'citizen',
  id: personalId,
  personalId,
  taxCode: null,
  name: null,
  scopes: ['dossiers'],
})
const actors: Record<Person, Actor> = {
  app: { kind: 'app', id: 'app_1', scopes: ['dossiers:submit', 'dossiers:read'] },
  owner: citizen(applicant.personalId),
  stranger: citizen('001190000002'),
  reception: officer(ward, 'reception'),
  handler: officer(ward, 'handler'),
  certifier: officer(ward, 'certifier'),
  supervisor: officer(ward, 'supervisor'),
  far: officer(far, 'reception', 'handler'),
}

const moves: Partial<Record<Order, Move>> = {
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

const actor = { kind: 'service', id: 'clock' } as const

type Life = { journal: { event: DossierEvent; at: string }[]; kept: Kept }

/** Use cases and rules in memory: what the stores keep is kept in two maps, and one writer is there at a time. */
export function rulesHouse(procedure: ProcedureVersion, byDay: boolean): House & { lives: Life[] } {
  const lives: Life[] = []
  const payments = new Map<string, KeptPayment>()
  let now = 0
  const dossiers: Pick<DossierStore, 'find' | 'isParty' | 'append' | 'events'> = {
    find: async (code) => lives[Number(code)]?.kept,
    isParty: async (_id, persons) => persons.includes(applicant.personalId),
    events: async (id) =>
      (lives[Number(id)]?.journal ?? []).map((entry, index) => ({
        ...entry,
        subject: id,
        version: index + 1,
        actor,
        hash: '',
      })),
    async append(before, { writes, at }) {
      const life = lives[Number(before.code)]
      if (life?.kept.dossier.version !== before.dossier.version) return refuse('changed-meanwhile')
      const entries = writes.map(({ event }) => ({ event, at: localTime(at) }))
      const state = entries.reduce((state, { event, at }) => evolve(state, event, at), before.dossier)
      life.journal.push(...entries)
      life.kept = { ...before, at: localTime(at), dossier: state }
      return ok(life.kept)
    },
  }
  const paid: Pick<PaymentStore, 'find' | 'pendingOf' | 'stepStatements'> = {
    find: async (id) => payments.get(id),
    pendingOf: async () => undefined,
    async stepStatements(_before, steps) {
      const state = steps.reduce<Payment | undefined>(
        (state, { event, at }) => evolvePayment(state, event, localTime(at)),
        undefined,
      )
      if (state) payments.set(state.id, { receipt: null, head: '', payment: state })
      return []
    },
  }
  const contextFor = (actor: Actor) =>
    ({
      actor,
      now: () => new Date(now),
      newId: () => String(payments.size),
      dossiers,
      payments: paid,
      units: { find: async (id: string) => units.get(id) },
      procedures: { version: async () => procedure },
      calendar: { calendar: async () => calendar },
      openingHours: { ledgerOf: async () => [] },
      outages: { ledger: async () => [] },
      idempotency: { find: async () => undefined },
      files: { findAll: async () => [], takeStatements: () => [] },
      copies: { useStatements: () => [] },
      vault: {
        open: async () => new Map([[1, { applicant, representative: null }]]),
        personHash: async ({ personalId }: { personalId: string }) => personalId,
      },
    }) as unknown as Context
  const see = async (index: number): Promise<Seen> => {
    const { status, version, clock, ...rest } = lifeOf(index).kept.dossier
    const answerBy = 'request' in rest ? rest.request.answerBy : null
    return { status, version, dueAt: clock.dueAt, originalDueAt: clock.originalDueAt, answerBy }
  }
  const lifeOf = (index: number): Life => {
    const life = lives[index]
    if (!life) throw new Error(`there is no dossier ${index}`)
    return life
  }
  const order = (context: Context, input: { code: string; version: number }, order: Order) => {
    const command = { ...input, command: undefined }
    if (order === 'supplement')
      return supplementDossier(context, { ...command, supplement: { components: [], form: procedure.exampleForm } })
    if (order === 'cash') return takeCash(context, { ...command, cash: { method: 'cash', amount: 16_000 } })
    if (order === 'apologise')
      return reappointDossier(context, { ...command, reappointment: { date: '2027-09-06', cause: 'unit', reason } })
    const charge: Move = { to: 'awaiting-payment', ...(byDay ? { amount: 16_000 } : { copies: 2 }) }
    const move = moves[order] ?? charge
    return moveDossier(context, { ...command, move })
  }
  return {
    lives,
    byDay,
    // Certifying is the work of stores and keys.
    orders: orders.filter((order) => order !== 'certify'),
    see,
    setTime: (time) => void (now = time),
    kept: async () => JSON.stringify([lives, [...payments]]),
    async file(isFar) {
      const [, , event] = submitted({
        id: String(lives.length),
        procedure: { code: procedure.code, version: procedure.version },
        limit: procedure.time,
        submittedBy: { kind: 'app', id: 'app_1' },
        submittedAt: localTime(new Date(now)),
        ...(isFar && { receivingPoint: far }),
      })
      const at = localTime(new Date(now))
      lives.push({
        journal: [{ event, at }],
        kept: {
          code: String(lives.length),
          at,
          head: '',
          dossier: evolve(undefined, event, at),
          unwritten: [],
          outagesCounted: 0,
        },
      })
      return see(lives.length - 1)
    },
    async act(index, person, wish, { stale }) {
      const { code, dossier } = lifeOf(index).kept
      const done = await order(contextFor(actors[person]), { code, version: dossier.version - Number(stale) }, wish)
      return done.ok ? 'ok' : done.refusal
    },
    async tick() {
      const waiting = lives.map(({ kept }) => kept)
      await runClock({
        ...contextFor({ kind: 'public' }),
        dossiers: { ...contextFor({ kind: 'public' }).dossiers, waitingForClock: async () => waiting },
      })
    },
  }
}

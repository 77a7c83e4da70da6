import type { Context } from '../../src/context.ts'
import type { Actor, Role } from '../../src/domain/actor.ts'
import { type DossierEvent, evolve } from '../../src/domain/dossier.ts'
import type { Heir } from '../../src/domain/inheritance.ts'
import { evolvePayment, isPending, type Payment } from '../../src/domain/payment.ts'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import { movesOf, standpointOf } from '../../src/domain/rerouting.ts'
import { type UnitId, unitIdOf } from '../../src/domain/unit.ts'
import type { PaymentProvider } from '../../src/platform/payment-provider.ts'
import { ok, refuse } from '../../src/platform/result.ts'
import { localDate, localTime } from '../../src/platform/time.ts'
import type { DossierStore, Kept } from '../../src/store/dossiers.ts'
import type { KeptPayment, PaymentStore } from '../../src/store/payments.ts'
import { runClock } from '../../src/usecases/clock/run.ts'
import { moveDossier } from '../../src/usecases/dossiers/move.ts'
import { reappointDossier } from '../../src/usecases/dossiers/reappoint.ts'
import { rateDossier } from '../../src/usecases/dossiers/rate.ts'
import type { Move } from '../../src/usecases/dossiers/steps.ts'
import { supplementDossier } from '../../src/usecases/dossiers/supplement.ts'
import { askAbout } from '../../src/usecases/payments/look.ts'
import { settlePayment } from '../../src/usecases/payments/settle.ts'
import { startPayment } from '../../src/usecases/payments/start.ts'
import { takeCash } from '../../src/usecases/payments/take-cash.ts'
import { publishedCalendar } from './calendar.ts'
import { attemptOf, type House, moves, reason } from './dossier-commands.ts'
import { type Order, orders, type Person, type Seen } from './dossier-model.ts'
import { applicant, submitted, units, ward } from './history.ts'

const calendar = publishedCalendar()
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
/** One unit after the other decides; the first of them ended in 2025. */
const reign = [
  unitIdOf('00082', null),
  ...['00082', '00070', '00235', '00199', '00226', '00025', '00145', '00118'].map((code) =>
    unitIdOf(code, '2025-07-01'),
  ),
]
function actorOf(who: Person, [former, current]: readonly string[]): Actor {
  switch (who) {
    case 'app':
      return { kind: 'app', id: 'app_1', scopes: ['dossiers:submit', 'dossiers:read'] }
    case 'owner':
      return citizen(applicant.personalId)
    case 'stranger':
      return citizen('001190000002')
    case 'far':
      return officer(far, 'reception', 'handler')
    case 'former':
      return officer(former ?? '', 'reception', 'handler')
    default:
      return officer(current ?? '', who)
  }
}

const actor = { kind: 'service', id: 'clock' } as const

type Life = { journal: { event: DossierEvent; at: string }[]; kept: Kept }

/** Use cases and rules in memory: what the stores keep is kept in two maps, and one writer is there at a time. */
export function rulesHouse(procedure: ProcedureVersion, byDay: boolean): House & { lives: Life[] } {
  const lives: Life[] = []
  const payments = new Map<string, KeptPayment>()
  let now = 0
  const reforms: string[] = []
  const accepted = () => localDate(new Date(now))
  /** The reforms that are in force say how far the reign has come. */
  const turn = () => reforms.filter((on) => on <= accepted()).length
  const unitOf = (id: string) => {
    const unit = units.get(id)
    const on = reforms[reign.indexOf(id as UnitId) - 1]
    return unit && (on ? { ...unit, effectiveTo: on } : unit)
  }
  /** The kept dossier with what has taken effect and is not written yet, as the store answers it. */
  function upToDate(life: Life | undefined): Kept | undefined {
    if (!life) return undefined
    const heirs = new Map(
      reforms.map((on, index): [string, Heir[]] => {
        const [line, unit] = [reign[index + 1], reign[index + 2]]
        if (!line || !unit) throw new Error('so many reforms are not foreseen')
        return [line, [{ line, on, key: '', unit, kind: 'full', clause: 1, competent: unit }]]
      }),
    )
    const moves = movesOf(standpointOf(life.kept.dossier, ''), heirs, accepted())
    const entries = moves.map((event) => ({ event, at: `${event.on}T00:00:00.000+07:00` }))
    const dossier = entries.reduce((state, { event, at }) => evolve(state, event, at), life.kept.dossier)
    return { ...life.kept, dossier, unwritten: entries as unknown as Kept['unwritten'] }
  }
  const dossiers: Pick<DossierStore, 'find' | 'byId' | 'isParty' | 'append' | 'events'> = {
    find: async (code) => upToDate(lives[Number(code)]),
    byId: async (id) => upToDate(lives[Number(id)]),
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
      const kept = upToDate(life)
      if (!life || kept?.dossier.version !== before.dossier.version) return refuse('changed-meanwhile')
      const moves = kept.unwritten as unknown as Life['journal']
      const entries = writes.map(({ event }) => ({ event, at: localTime(at) }))
      const state = entries.reduce((state, { event, at }) => evolve(state, event, at), kept.dossier)
      life.journal.push(...moves, ...entries)
      life.kept = { ...kept, at: localTime(at), dossier: state, unwritten: [] }
      return ok(life.kept)
    },
  }
  const paymentsOf = (dossier: string) => [...payments.values()].filter(({ payment }) => payment.dossier === dossier)
  const paid: Pick<PaymentStore, 'find' | 'pendingOf' | 'stepStatements' | 'commit'> = {
    find: async (id) => payments.get(id),
    pendingOf: async (id) => paymentsOf(id).find(({ payment }) => isPending(payment)),
    commit: async () => ok(true),
    async stepStatements(before, steps) {
      const state = steps.reduce<Payment | undefined>(
        (state, { event, at }) => evolvePayment(state, event, localTime(at)),
        before?.payment,
      )
      if (state) payments.set(state.id, { receipt: null, head: '', payment: state })
      return []
    },
  }
  const provider: Pick<PaymentProvider, 'name' | 'open' | 'look'> = {
    name: 'simulator',
    open: async () => {
      const expiresAt = localTime(new Date(now + 15 * 60_000))
      return { reference: 'r', redirectUrl: 'https://pay.test', expiresAt }
    },
    look: async () => undefined,
  }
  const contextFor = (actor: Actor) =>
    ({
      actor,
      now: () => new Date(now),
      newId: () => String(payments.size),
      dossiers,
      payments: { ...paid, lookAgainStatement: () => undefined },
      paymentProviders: [provider],
      config: { publicOrigin: 'https://api.test' },
      units: { find: async (id: string) => unitOf(id) },
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
    const { status, version, clock, ...rest } = (upToDate(lifeOf(index)) ?? lifeOf(index).kept).dossier
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
    if (order === 'pay')
      return startPayment(context, { code: input.code, command: undefined, wish: { method: 'online' } })
    if (order === 'rate') return rateDossier(context, { ...input, rating: { score: 4, comment: null } })
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
    async reform(midnight) {
      if (reforms.length + 2 >= reign.length) return false
      reforms.push(localDate(new Date(midnight)))
      return true
    },
    async money(index) {
      return paymentsOf(String(index)).map(({ payment }) => attemptOf(payment))
    },
    async word(index, which, word, twice) {
      const kept = paymentsOf(String(index))[which]
      if (!kept) throw new Error(`there is no payment ${which} of ${index}`)
      const context = contextFor({ kind: 'public' })
      for (let times = twice ? 2 : 1; times > 0; times--) {
        const now = payments.get(kept.payment.id) ?? kept
        if (word === 'nothing') await (isPending(now.payment) && askAbout(context, now))
        else await settlePayment(context, kept.payment.id, { outcome: word, amount: 16_000, currency: 'VND' })
      }
    },
    async file(isFar) {
      const [, , event] = submitted({
        id: String(lives.length),
        procedure: { code: procedure.code, version: procedure.version },
        limit: procedure.time,
        submittedBy: { kind: 'app', id: 'app_1' },
        submittedAt: localTime(new Date(now)),
        ...(isFar && { receivingPoint: far }),
        competentUnit: reign[turn() + 1] ?? ward,
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
      const { code } = lifeOf(index).kept
      const dossier = await see(index)
      const done = await order(
        contextFor(actorOf(person, reign.slice(turn()))),
        { code, version: dossier.version - Number(stale) },
        wish,
      )
      return done.ok ? 'ok' : done.refusal
    },
    async tick() {
      const waiting = lives.flatMap((life) => upToDate(life) ?? [])
      await runClock({
        ...contextFor({ kind: 'public' }),
        dossiers: { ...contextFor({ kind: 'public' }).dossiers, waitingForClock: async () => waiting },
      })
    },
  }
}

import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { Role } from '../../src/domain/actor.ts'
import { isPending } from '../../src/domain/payment.ts'
import { signMessage } from '../../src/platform/signed-message.ts'
import { runClock } from '../../src/usecases/clock/run.ts'
import { askAbout } from '../../src/usecases/payments/look.ts'
import { contextOf } from '../../src/wiring.ts'
import { attemptOf, type House, moves, reason } from './dossier-commands.ts'
import { type Order, orders, type Person, type Seen } from './dossier-model.ts'
import { deadQueue, doorWith } from './doors.ts'
import type { Who } from './tokens.ts'
import { app, exampleOf, submission, uploaded } from './walk.ts'

/** A payment provider that lives in the model's time: a session is open for a quarter of an hour, and nothing is known of any payment. */
export const provider =
  (beyond: typeof fetch): typeof fetch =>
  async (...[input, init]) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (!pathname.startsWith('/payments')) return beyond(input, init)
    if (pathname !== '/payments') return new Response(null, { status: 404 })
    const expiresAt = new Date(Date.now() + 15 * 60_000).toISOString()
    return Response.json({ reference: 'r', redirectUrl: 'https://pay.test', expiresAt }, { status: 201 })
  }

// No copy that is ordered here is ever made: signing is not what this is about.
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
const door: typeof silent = async (...request) => {
  const reply = await silent(...request)
  await env.DB.exec('DELETE FROM outbox')
  return reply
}
const far = '00004-2025'
/** One unit after the other decides; the first of them ended in 2025, and each that follows takes its seal along. */
const reign = ['00082-0', '00082-2025', '00070-2025', '00235-2025', '00199-2025', '00226-2025', '00025-2025']
const reforms: number[] = []
const turn = () => reforms.filter((midnight) => midnight <= Date.now()).length
let sealed = 0
const paymentKey = 'p'.repeat(43)
const officer = (unit: string, ...roles: Role[]): Who => ({ kind: 'officer', unit, roles })
/** Each dossier is somebody else's. */
const ownerOf = (dossier: number) => String(1_190_000_100 + dossier).padStart(12, '0')
function tokenOf(person: Person, dossier: number): Who {
  const [former = '', current = ''] = reign.slice(turn())
  switch (person) {
    case 'app':
      return app
    case 'owner':
      return { kind: 'citizen', personalId: ownerOf(dossier) }
    case 'stranger':
      return { kind: 'citizen', personalId: '001190000002' }
    case 'far':
      return officer(far, 'reception', 'handler')
    case 'former':
      return officer(former, 'reception', 'handler')
    default:
      return `${person}@${current}`
  }
}
const tables = [
  'dossier',
  'dossier_party',
  'dossier_key',
  'dossier_sealed',
  'dossier_file',
  'journal',
  'idempotency',
  'copy',
]
tables.push('register_serial', 'code_serial', 'payment_attempt', 'receipt_serial', 'feed')
/** The house behind the front door, with its database. */
export function frontDoor(procedure: string, byDay: boolean): House & { codes: string[] } {
  const codes: string[] = []
  const context = () => contextOf(env, { kind: 'public' })
  const keptOf = async (dossier: number) => {
    const kept = await context().dossiers.find(codes[dossier] ?? '')
    if (!kept) throw new Error(`there is no dossier ${dossier}`)
    return kept.dossier
  }
  const paymentsOf = async (dossier: number) => {
    const { id } = await keptOf(dossier)
    return (await context().payments.of(id)).toReversed()
  }
  const see = async (dossier: number): Promise<Seen> => {
    const { status, version, clock, ...rest } = await keptOf(dossier)
    const answerBy = 'request' in rest ? rest.request.answerBy : null
    return { status, version, dueAt: clock.dueAt, originalDueAt: clock.originalDueAt, answerBy }
  }
  let [scan, scanned] = ['', '']
  async function bodyOf(order: Order, actor: Person): Promise<[path: string, body: unknown]> {
    if (order === 'supplement') return ['supplements', { form: (await exampleOf(procedure)).form }]
    if (order === 'pay') return ['payments', { method: 'online' }]
    if (order === 'rate') return ['rating', { score: 4 }]
    if (order === 'cash') return ['payments', { method: 'cash', amount: 16_000 }]
    if (order === 'apologise') return ['reappointments', { date: '2027-09-06', cause: 'unit', reason }]
    // Of one the catalogue knows the fee, of the other the officer names it.
    if (order === 'charge')
      return ['transitions', { to: 'awaiting-payment', ...(byDay ? { amount: 16_000 } : { copies: 2 }) }]
    if (order !== 'certify') return ['transitions', moves[order]]
    const certifier = `certifier@${reign[turn() + 1]}`
    if (actor === 'certifier' || scanned !== certifier) scan = await uploaded(certifier)
    scanned = certifier
    return ['transitions', { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } }]
  }
  return {
    codes,
    byDay,
    orders,
    see,
    setTime: (now) => vi.setSystemTime(now),
    async file(isFar) {
      const place = { unit: reign[turn() + 1] }
      const change = isFar ? { place, receivingPoint: far, channel: 'direct' } : { place }
      const body = await submission({ procedure, change, personalId: ownerOf(codes.length) })
      const reply = await door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
      if (reply.status !== 201) throw new Error(reply.text)
      codes.push(reply.body.code)
      return see(codes.length - 1)
    },
    async act(dossier, person, order, { stale, twice }) {
      if (sealed < turn()) {
        const [from, to] = reign.slice(++sealed)
        await env.DB.prepare('UPDATE signer SET owner = replace(owner, ?, ?)').bind(from, to).run()
      }
      const [path, body] = await bodyOf(order, person)
      const { version } = await see(dossier)
      const match = { 'if-match': `"${stale ? version - 1 : version}"` }
      const request =
        order === 'rate'
          ? { method: 'PUT', body, headers: match }
          : { body, headers: { ...match, 'idempotency-key': crypto.randomUUID() } }
      const send = () => door(tokenOf(person, dossier), `/v1/dossiers/${codes[dossier]}/${path}`, request)
      const reply = await send()
      if (reply.status >= 400) return reply.body.code
      if (twice && order !== 'rate') {
        const before = await this.kept()
        const again = await send()
        expect([again.headers.get('idempotent-replayed'), again.text]).toEqual(['true', reply.text])
        expect(await this.kept()).toBe(before)
      }
      return 'ok'
    },
    async reform(midnight) {
      const [from = '', to] = reign.slice(reforms.length + 1)
      if (!to) return false
      const name = { vi: 'Sắp xếp ví dụ', en: 'An example' }
      const on = new Date(midnight + 7 * 3_600_000).toISOString().slice(0, 10)
      const dissolves = [{ unit: from, successors: [{ unit: to, kind: 'full', clause: 1 }] }]
      const body = { name, ground: name, on, creates: [], dissolves }
      const reply = await door('operator', '/v1/reforms', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
      if (reply.status !== 201) throw new Error(reply.text)
      reforms.push(midnight)
      return true
    },
    async money(dossier) {
      return (await paymentsOf(dossier)).map(({ payment }) => attemptOf(payment))
    },
    async word(dossier, which, word, twice) {
      const kept = (await paymentsOf(dossier))[which]
      if (!kept) throw new Error(`there is no payment ${which} of ${dossier}`)
      const { id } = kept.payment
      const message = JSON.stringify({ payment: id, outcome: word, amount: 16_000, currency: 'VND' })
      const hear = async () => {
        if (word === 'nothing') return void (isPending(kept.payment) && (await askAbout(context(), kept)))
        const headers = await signMessage(paymentKey, `message_${crypto.randomUUID()}`, new Date(), message)
        const reply = await door(null, '/v1/payment-callbacks/simulator', { body: message, headers })
        expect(reply.status).toBe(204)
      }
      await Promise.all(Array.from({ length: twice ? 2 : 1 }, hear))
      await env.DB.exec('DELETE FROM outbox')
    },
    async tick() {
      await runClock(contextOf(env, { kind: 'public' }))
      await env.DB.exec('DELETE FROM outbox')
    },
    kept: async () =>
      JSON.stringify(
        await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`))).then((done) =>
          done.map(({ results }) => results),
        ),
      ),
  }
}

// The night of 1 July 2025, played again: npm run demo -- --scenario reform. The clock of this process alone is moved; the service is
// the one that is deployed, on a database in memory with the shipped catalogue.
// oxlint-disable no-restricted-imports -- the replay runs the very service in this process; nothing else local does
import { SignJWT } from 'jose'
import { getPlatformProxy } from 'wrangler'
import { createApp } from '../../app.ts'
import type { Context } from '../../context.ts'
import type { Dossier } from '../../domain/dossier.ts'
import { readCatalogue } from '../../imports/catalogue.ts'
import type { Unit } from '../../domain/unit.ts'
import type { TokenKey } from '../../platform/jwt.ts'
import { localDate } from '../../platform/time.ts'
import { examples } from '../../routes/dossiers/examples.ts'
import { writeMoves } from '../../usecases/reforms/write-moves.ts'
import { contextOf } from '../../wiring.ts'
import { readFiles, seedStatements } from '../catalogue.ts'
import { migrate } from '../database.ts'
import { type DevVars, writeDevVars } from '../dev-vars.ts'
import { placesOf } from '../settings.ts'
import { voice } from '../walk-voice.ts'
import { lodge, type Lodging } from './lodge.ts'
import { moveClock } from './moved-clock.ts'

const day = '2025-07-01'
const midnight = Date.parse(`${day}T00:00:00+07:00`)
const dueAt = '2025-07-15T17:00:00+07:00'

type Stage = { env: Env; context: Context; units: Unit[]; vars: DevVars }

/** Answers 0 when nothing failed, was lost, or was with two. */
export async function replayReform(): Promise<number> {
  voice.chapter(
    'Đêm 01/07/2025 · The night of 1 July 2025',
    '30 huyện, 526 xã → 126 · 30 districts, 526 communes → 126',
  )
  const { rows } = readCatalogue(readFiles())
  const vars = await writeDevVars(placesOf())
  const platform = await getPlatformProxy<Env>({ persist: false, remoteBindings: false })
  try {
    await migrate(platform.env.DB)
    await platform.env.DB.batch((await seedStatements()).map((sql) => platform.env.DB.prepare(sql)))
    moveClock('2025-06-30T21:00:00+07:00')
    const env = { ...platform.env, ...vars }
    const context = contextOf(env, { kind: 'public' })
    const stage = { env, context, units: rows.units.units, vars }
    const lodgings = await lodgeEverywhere(stage)
    await checkAll(stage, lodgings, 'trước 00:00 · before midnight')
    moveClock(new Date(midnight - 3000).toISOString())
    await load(stage, lodgings)
    await checkAll(stage, lodgings, 'sau 00:00 · after midnight')
    const written = await writeMoves(context, 50)
    await checkAll(stage, lodgings, `ghi thêm ${written} · ${written} more written`)
    await tellOfCuaNam(stage)
  } finally {
    await platform.dispose()
  }
  voice.chapter(`${voice.passed} passed, ${voice.failed} failed`, '')
  return voice.failed > 0 ? 1 : 0
}

/** Ten at once, in order. */
async function inPortions<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let n = 0; n < items.length; n += 10)
    done.push(...(await Promise.all(items.slice(n, n + 10).map((item, m) => work(item, n + m)))))
  return done
}

const endedAt = (units: Unit[], level: Unit['level']) =>
  units.filter((unit) => unit.level === level && unit.effectiveTo === day)

/** At least one open dossier in every commune and district that ends; at a district, one for each of two of its communes. */
async function lodgeEverywhere({ context, units }: Stage): Promise<Lodging[]> {
  const communes = endedAt(units, 'commune')
  const wanted = [
    ...communes.map((unit) => [unit, unit] as const),
    ...endedAt(units, 'district').flatMap((unit) => [
      [unit, unit] as const,
      ...communes
        .filter(({ parentId }) => parentId === unit.id)
        .slice(0, 2)
        .map((place) => [unit, place] as const),
    ]),
  ]
  const lodgings = await inPortions(wanted, ([unit, place], n) =>
    lodge(context, unit, place, n % 2 === 0 ? dueAt : null),
  )
  voice.step(
    'hồ sơ mở · open dossiers',
    `${lodgings.length} tại ${communes.length} xã và 30 huyện · communes and districts`,
  )
  return lodgings
}

/** Every list of every unit that stands: each dossier is in exactly one, as its own address says, and its date is the old one. */
async function checkAll({ context, units }: Stage, lodgings: Lodging[], when: string): Promise<void> {
  const today = localDate(context.now())
  const stands = (unit: Unit) =>
    (unit.effectiveFrom ?? '') <= today && (unit.effectiveTo === null || today < unit.effectiveTo)
  const shown = new Map<string, Dossier[]>()
  const lists = units.filter((one) => stands(one) && one.level !== 'department')
  await inPortions(lists, async ({ id: unit }) => {
    for (let after: string | undefined, more = true; more;) {
      const page = await context.dossiers.list({ unit }, {}, after, 100)
      for (const { dossier } of page.rows)
        if (dossier.competentUnit === unit) shown.set(dossier.id, [...(shown.get(dossier.id) ?? []), dossier])
      more = page.next !== null
      after = page.next ?? undefined
    }
  })
  const wrong = lodgings.filter(({ id, dueAt: due }) => {
    const [one, ...others] = shown.get(id) ?? []
    return !one || others.length > 0 || one.clock.dueAt !== due
  })
  const waiting = [...shown.values()].flat().filter(({ unassigned }) => unassigned).length
  if (wrong.length > 0)
    return voice.fail(
      when,
      `${wrong.length}: ${wrong
        .slice(0, 5)
        .map(({ code }) => code)
        .join(', ')}`,
    )
  voice.step(when, `${lodgings.length} hồ sơ, mỗi hồ sơ đúng một đơn vị · dossiers, one unit each`)
  if (waiting > 0) voice.note(`${waiting} chờ phân công, có danh sách ứng viên · wait for assignment, candidates named`)
}

/** From three seconds before midnight until three after: people hand in and read without a pause, and moves are written meanwhile. */
async function load(stage: Stage, lodgings: Lodging[]): Promise<void> {
  const ask = await doorOf(stage)
  const counts = new Map<string, number>()
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1)
  const until = midnight + 3000
  const reader = async (from: number) => {
    for (let n = from; Date.now() < until; n += 4) {
      const { code } = lodgings[n % lodgings.length] ?? { code: '' }
      count(`read ${await ask('GET', `/v1/dossiers/${code}`)}`)
    }
  }
  // One citizen hands in the same all the time.
  const force = { reason: 'Mỗi lần một hồ sơ, để thử.' }
  // Looked up when the clock of this night says that it is; the example is of another day.
  const looked = { source: 'population-database', at: '2025-06-30T09:00:00+07:00' }
  const components = examples.submission.components.map((one) => ({ component: one.component, data: looked }))
  const writer = async () => {
    while (Date.now() < until) {
      const place = { unit: Date.now() < midnight ? '00082-0' : '00082-2025' }
      const status = await ask('POST', '/v1/dossiers', { ...examples.submission, components, force, place })
      // Who asked for the old ward a moment too late is told so, names the new one, and has lost nothing.
      count(status === 422 && place.unit === '00082-0' && Date.now() >= midnight ? 'renamed place' : `filed ${status}`)
    }
  }
  const clock = async () => {
    while (Date.now() < until) await writeMoves(stage.context, 10)
  }
  const say = console.log
  // The access log of the service is for its operators.
  console.log = () => undefined
  await Promise.all([reader(0), reader(1), reader(2), reader(3), writer(), clock()]).finally(() => (console.log = say))
  const failed = [...counts].filter(([what]) => !['read 200', 'filed 201', 'renamed place'].includes(what))
  if (failed.length > 0) voice.fail('qua 00:00 · across midnight', failed.map((one) => one.join(': ')).join(', '))
  else
    voice.step(
      'qua 00:00 · across midnight',
      `${[...counts].map(([what, n]) => `${what}: ${n}`).join(', ')} · 0 failed`,
    )
}

/** Asks the very application, as the app that handed the dossiers in. */
async function doorOf({ env, vars }: Stage) {
  const app = createApp()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the set-up a moment ago
  const [key] = JSON.parse(vars.TOKEN_KEYS) as TokenKey[]
  if (!key) throw new Error('the settings have no key for tokens')
  const origin = vars.PUBLIC_ORIGIN
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: origin,
    aud: origin,
    sub: 'app_replay',
    client_id: 'app_replay',
    scope: 'dossiers:submit dossiers:read',
  }
  const token = await new SignJWT({ ...claims, iat: now, exp: now + 600, jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .sign(key)
  const waiting = {
    waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
    passThroughOnException: () => undefined,
    props: {},
  }
  return async (method: string, path: string, body?: unknown): Promise<number> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    }
    const request = new Request(origin + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const response = await app.fetch(request, env, waiting)
    await response.arrayBuffer()
    return response.status
  }
}

async function tellOfCuaNam({ context }: Stage): Promise<void> {
  const taken = await context.units.predecessors('00082-2025')
  const names = taken.map(({ unit, succession }) => `${unit.name.vi} (${succession.kind})`)
  voice.step('Phường Cửa Nam 00082', `nhận từ ${taken.length} phường · takes from ${taken.length} wards`)
  voice.note(names.join(', '))
}

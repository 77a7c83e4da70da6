import { DurableObject } from 'cloudflare:workers'
import { createApp } from '../app.ts'
import { chores, lookAfter } from '../chores.ts'
import { relay } from '../outbox/relay.ts'
import { localTime } from '../platform/time.ts'
import { d1InObject } from '../store/d1-in-object.ts'
import { folderOf } from '../store/folder.ts'
import { readReference, type Reference, writeReference } from '../store/reference.ts'
import { actAsOfficers } from '../usecases/sandbox/act.ts'
import { contextOf } from '../wiring.ts'
import type { Box } from './box.ts'
import type { Tenant } from './door.ts'
import { furnished } from './furnished.ts'
import { newKeys } from './keys.ts'
import { migrate } from './migrate.ts'
import { sandboxQueue } from './queue.ts'
import { midnightAfter, nextMatter } from './time.ts'
import { type Shared, sharedWith, type World } from './world.ts'

const app = createApp()

const minute = 60_000
/** After so long without a request a sandbox is emptied; its app gets another with its next token. */
const idleAfter = 30 * 24 * 60 * minute
/** How often what is due may lead to more that is due at the same moment. */
const mostRounds = 50

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A whole city for one app: the same code on a database, a folder and a queue of its own, at a time of its own. */
export class Sandbox extends DurableObject<Shared> {
  readonly #storage: DurableObjectStorage
  readonly #files: ReturnType<typeof folderOf>
  readonly #db: D1Database
  readonly #queue: ReturnType<typeof sandboxQueue>
  #world: World & { BOX: Box }
  #lookedAt = 0
  #officers: Promise<unknown> = Promise.resolve()
  #consumers: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    // What is not taken along here is out of reach for good: the live database, its bucket and queue, and every live key.
    super(ctx, sharedWith(env))
    this.#storage = ctx.storage
    this.#files = folderOf(env.SANDBOX_FILES, ctx.id.name ?? ctx.id.toString())
    this.#db = d1InObject(ctx.storage)
    this.#queue = sandboxQueue(ctx.storage.sql, () => this.#now())
    if (this.isOpen()) migrate(ctx.storage)
    this.#world = this.#furnish()
  }

  isOpen(): boolean {
    return this.#storage.kv.get('app') !== undefined
  }

  /** Opens it with the catalogue, units and calendar of this moment; harmless while it is open. */
  async open(tenant: Tenant, reference: Reference): Promise<void> {
    await this.ctx.blockConcurrencyWhile(async () => {
      if (!this.isOpen()) await this.#begin(tenant, reference)
    })
  }

  /** Learns how the app is registered now; false where nothing is open for it yet. */
  admit({ id, name, scopes }: Tenant): boolean {
    if (!this.isOpen()) return false
    this.#storage.kv.put('app', { id, name, scopes })
    this.#storage.sql.exec(
      `INSERT INTO app (id, name, scopes, created_at, created_by) VALUES (?, ?, ?, ?, 'service:sandbox')
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, scopes = excluded.scopes`,
      id,
      name,
      JSON.stringify(scopes),
      localTime(this.#now()),
    )
    return true
  }

  override async fetch(request: Request): Promise<Response> {
    const { BOX } = this.#world
    if (BOX.isOpen) await this.#arrive()
    const response = await app.fetch(request, this.#world, this.#execution())
    // The door is still handing the body over: what nobody read is taken all the same.
    if (request.body && !request.bodyUsed) await request.body.pipeTo(new WritableStream())
    if (!BOX.isOpen || reads.has(request.method)) return response
    // When the reply is there the officers have acted; what goes to the world comes after it, as it does live.
    await this.#act()
    this.ctx.waitUntil(this.#tell().then(() => this.#wake()))
    return response
  }

  override async alarm(): Promise<void> {
    if (!this.isOpen()) return
    if (Date.now() - (this.#storage.kv.get<number>('usedAt') ?? 0) >= idleAfter) return this.#clear()
    await this.#lookAfter()
    await this.#wake()
  }

  #now(): Date {
    return new Date(Date.now() + (this.#storage.kv.get<number>('ahead') ?? 0))
  }

  #furnish(): World & { BOX: Box } {
    return furnished(this.env, {
      storage: this.#storage,
      db: this.#db,
      files: this.#files,
      name: this.ctx.id.name ?? '',
      isOpen: this.isOpen(),
      now: () => this.#now(),
      moveTo: (at) => this.#moveTo(at),
      reset: () => this.#reset(),
      sendBatch: async (messages) => {
        await this.#queue.sendBatch(messages)
        this.ctx.waitUntil(this.#consume())
      },
      callBack: async (url, init) => app.fetch(new Request(url, init), this.#world, this.#execution()),
    })
  }

  #execution = () => ({
    waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work),
    passThroughOnException: () => undefined,
    props: {},
  })

  async #begin(tenant: Tenant, reference: Reference): Promise<void> {
    await this.#clear()
    migrate(this.#storage)
    await writeReference(this.#db, reference)
    const { kv } = this.#storage
    kv.put('keys', await newKeys())
    kv.put('usedAt', Date.now())
    kv.put('app', tenant)
    this.admit(tenant)
    this.#world = this.#furnish()
    await this.#wake()
  }

  async #clear(): Promise<void> {
    await this.#storage.deleteAlarm()
    await this.#storage.deleteAll()
    await this.#files.empty()
    this.#world = this.#furnish()
  }

  async #reset(): Promise<void> {
    const tenant = this.#storage.kv.get<Tenant>('app')
    if (!tenant) throw new Error('this sandbox is not open')
    const reference = await readReference(this.#db)
    await this.ctx.blockConcurrencyWhile(() => this.#begin(tenant, reference))
  }

  /** Notes that it is used, and catches up with what came due while nobody was here. */
  async #arrive(): Promise<void> {
    const now = Date.now()
    if (now - (this.#storage.kv.get<number>('usedAt') ?? 0) > 60 * minute) this.#storage.kv.put('usedAt', now)
    if (now - this.#lookedAt > minute) await this.#lookAfter()
  }

  /** From one thing that comes due to the next, and over each midnight, as the time would have passed by itself. */
  async #moveTo(to: Date): Promise<void> {
    for (let at = this.#now().getTime(); at < to.getTime();) {
      const now = new Date(at)
      const due = [midnightAfter(now), nextMatter(this.#storage.sql, now), this.#queue.next(), to.getTime()]
      at = Math.min(...due.filter((one) => one !== undefined && one > at).map(Number))
      this.#storage.kv.put('ahead', at - Date.now())
      await this.#lookAfter()
    }
    await this.#wake()
  }

  /** What the live service does each minute, and what its queue brings, until nothing is due any more. */
  async #lookAfter(): Promise<void> {
    this.#lookedAt = Date.now()
    const context = () => contextOf(this.#world, { kind: 'public' })
    for (let round = 0; round < mostRounds; round++) {
      await lookAfter(context(), chores)
      const acted = await this.#act()
      await this.#tell()
      const handled = await this.#consume()
      if (!acted && !handled) return
    }
  }

  /** One after the other: two who act on the same dossier would only be in each other's way. */
  #act(): Promise<boolean> {
    const acted = this.#officers.then(() => actAsOfficers(contextOf(this.#world, { kind: 'public' })))
    this.#officers = acted.catch(() => undefined)
    return acted
  }

  async #tell(): Promise<void> {
    while ((await relay(this.#world)) > 0);
  }

  #consume(): Promise<boolean> {
    const consumed = this.#consumers.then(async () => {
      let handled = false
      while (await this.#queue.handleDue(contextOf(this.#world, { kind: 'public' }))) {
        handled = true
        await this.#tell()
      }
      return handled
    })
    this.#consumers = consumed.catch(() => undefined)
    return consumed
  }

  /** Sets the alarm to when something comes due, by the sandbox's time, or nobody has been here for long. */
  async #wake(): Promise<void> {
    if (!this.isOpen()) return
    const now = this.#now()
    const ahead = now.getTime() - Date.now()
    const due = [nextMatter(this.#storage.sql, now), this.#queue.next()].flatMap((at) =>
      at === undefined ? [] : [at - ahead],
    )
    const idle = (this.#storage.kv.get<number>('usedAt') ?? 0) + idleAfter
    await this.#storage.setAlarm(Math.max(Math.min(idle, ...due), Date.now() + 1000))
  }
}

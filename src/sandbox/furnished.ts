import { sandboxOrigin } from '../platform/sandbox.ts'
import { httpPaymentProvider } from '../platform/payment-provider-http.ts'
import type { Scenario } from '../domain/scenario.ts'
import type { Bucket } from '../store/folder.ts'
import { type AuthorityKeys, certify, newAuthority, stampedBy, withFreshLists } from './authority.ts'
import type { Box } from './box.ts'
import { ownIssuers, personToken, type SandboxKeys } from './keys.ts'
import { type Ordered, paymentSimulator } from './payment-simulator.ts'
import type { Shared, World } from './world.ts'

/** What the object that a sandbox lives in gives to it. */
type Room = Pick<Box, 'isOpen' | 'now' | 'moveTo' | 'reset'> &
  Pick<World['OUTBOX_QUEUE'], 'sendBatch'> & {
    storage: DurableObjectStorage
    db: World['DB']
    files: Bucket
    name: string
    /** Brings a provider's word to this very service. */
    callBack(url: string, init: RequestInit): Promise<Response>
  }

const provider = 'simulator'
/** Until it is opened a sandbox has no keys, and nothing that one would open. */
const noKey = 'A'.repeat(43)

/** A world of its own: the settings and limits of the live service, and otherwise nothing of it. */
export function furnished(shared: Shared, room: Room): World & { BOX: Box } {
  const keys = room.storage.kv.get<SandboxKeys>('keys')
  const origin = sandboxOrigin(shared.PUBLIC_ORIGIN, room.name)
  return {
    ...shared,
    PUBLIC_ORIGIN: origin,
    ISSUERS: JSON.stringify(keys ? ownIssuers(origin, keys) : []),
    MASTER_KEYS: `sandbox:${keys?.master ?? noKey}`,
    INDEX_KEY: keys?.index ?? noKey,
    TIMESTAMP_AUTHORITIES: '[]',
    PAYMENT_PROVIDERS: '[]',
    SIGNING_SERVICES: '[]',
    SCANNER: 'null',
    DB: room.db,
    FILES: room.files,
    OUTBOX_QUEUE: { sendBatch: room.sendBatch },
    BOX: boxIn(room, shared.PUBLIC_ORIGIN, keys),
  }
}

function boxIn(room: Room, outside: string, keys: SandboxKeys | undefined): Box {
  const origin = sandboxOrigin(outside, room.name)
  const { kv, sql } = room.storage
  const { now } = room
  const opened = (): SandboxKeys => {
    if (!keys) throw new Error('this sandbox is not open')
    return keys
  }
  const payments = paymentSimulator({
    key: keys?.payments ?? noKey,
    now,
    orders: {
      get: (payment) => kv.get<Ordered>(`order:${payment}`),
      all: () => [...kv.list<Ordered>({ prefix: 'order:' })].map(([, order]) => order),
      put: (order) => kv.put(`order:${order.payment}`, order),
    },
    pageOf: (reference) => `${origin}/v1/sandbox/payments/${reference}`,
  })
  const authority = once(async () => kv.get<AuthorityKeys>('authority') ?? newAuthority(now()))
  /** The authority with lists that are not too old. */
  const listed = async () => {
    const before = await authority()
    const fresh = await withFreshLists(kv.get<AuthorityKeys>('authority') ?? before, room.db, now())
    kv.put('authority', fresh)
    return fresh
  }
  return {
    app: room.name,
    isOpen: room.isOpen,
    reachedAt: (prefix = '') => `${outside}${prefix}`,
    now,
    moveTo: room.moveTo,
    reset: room.reset,
    tokenFor: (kind, person) => personToken(origin, opened(), kind, person),
    script(code, scenario) {
      if (scenario) sql.exec('INSERT OR REPLACE INTO sandbox_script (code, scenario) VALUES (?, ?)', code, scenario)
      else sql.exec('DELETE FROM sandbox_script WHERE code = ?', code)
    },
    scripts: () =>
      sql.exec<{ code: string; scenario: Scenario }>('SELECT code, scenario FROM sandbox_script').toArray(),
    paymentProvider: httpPaymentProvider(
      { name: provider, url: 'https://simulator.invalid', keys: [keys?.payments ?? noKey] },
      now,
      async (url, { method = 'GET', headers, body }) => {
        const { pathname } = new URL(url)
        const named = new Headers(headers)
        const { status, body: said } = await payments.answer(
          method,
          pathname,
          (name) => named.get(name) ?? undefined,
          typeof body === 'string' ? body : '',
        )
        return Response.json(said ?? {}, { status })
      },
    ),
    payments: {
      page: (...asked) => payments.page(...asked),
      async play(reference, scenario) {
        const played = await payments.play(reference, scenario)
        if (typeof played !== 'string')
          for (const { url, ...init } of played.callbacks)
            await (
              await room.callBack(`${outside}${url.slice(origin.length)}`, { method: 'POST', ...init })
            ).body?.cancel()
        return played
      },
    },
    stamp: async (query) => stampedBy(await listed(), query, now()),
    signing: (store) => ({
      ...store,
      async activeOf(owner) {
        const active = await store.activeOf(owner)
        if (active.length > 0) return active
        await certify(await listed(), store, owner, now())
        return store.activeOf(owner)
      },
      async trust() {
        await listed()
        return store.trust()
      },
    }),
    root: async () => (await listed()).root.certificate,
  }
}

/** The same promise to all who ask, until it fails. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}

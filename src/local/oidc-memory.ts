import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Keeps what the provider must remember (sessions, codes, grants) for as long as the process lives. */
export function memoryAdapter(): AdapterFactory {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>()
  const find = (key: string) => {
    const entry = kept.get(key)
    return entry && entry.until > Date.now() ? entry.payload : undefined
  }
  const findWhere = (model: string, matches: (payload: AdapterPayload) => boolean) =>
    [...kept].find(
      ([key, { payload, until }]) => key.startsWith(`${model}:`) && until > Date.now() && matches(payload),
    )?.[1].payload
  const forget = (condemned: (entry: { payload: AdapterPayload; until: number }) => boolean) => {
    for (const [key, entry] of kept) if (condemned(entry)) kept.delete(key)
  }
  return (model): Adapter => ({
    async upsert(id, payload, expiresIn = Infinity) {
      forget(({ until }) => until <= Date.now())
      kept.set(`${model}:${id}`, { payload, until: Date.now() + expiresIn * 1000 })
    },
    find: async (id) => find(`${model}:${id}`),
    findByUid: async (uid) => findWhere(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findWhere(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = find(`${model}:${id}`)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      kept.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      forget(({ payload }) => payload.grantId === grantId)
    },
  })
}

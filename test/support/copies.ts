import { ask } from './api.ts'
import { eventually, filed, step, uploaded } from './walk.ts'

type Made = { id: string; number: string; etag: string; code: string }

/** A valid certified copy of a granted result, out of a dossier of its own. */
export async function copyOf(filing: Parameters<typeof filed>[0] = {}): Promise<Made> {
  const { body } = await filed(filing)
  await step('reception', body.code, { to: 'accepted' })
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  const resolved = await step('certifier', body.code, { to: 'resolved', outcome: 'granted', paper })
  if (resolved.status !== 200) throw new Error(resolved.text)
  return { ...(await issued(resolved.body.result.copy)), code: body.code }
}

/** Waits until the queue has made the file. */
export const issued = (id: string): Promise<Omit<Made, 'code'>> =>
  eventually(async () => {
    const { body, headers } = await ask('certifier', `/v1/copies/${id}`)
    return body.status === 'valid' ? { id, number: body.number, etag: headers.get('etag') ?? '' } : undefined
  }, 25)

import { env } from 'cloudflare:workers'
import { ask, type Reply } from './api.ts'
import { pdf } from './pdf.ts'
import type { Who } from './tokens.ts'

export const app: Who = {
  kind: 'app',
  id: 'app_test',
  scopes: ['dossiers:submit', 'dossiers:read', 'dossiers:take-over'],
}

export async function uploaded(who: Who, bytes: Uint8Array = pdf(), mediaType = 'application/pdf'): Promise<string> {
  const reply = await ask(who, '/v1/files', {
    body: bytes,
    headers: { 'content-type': mediaType, 'content-length': String(bytes.length) },
  })
  if (reply.status !== 201) throw new Error(`upload: ${reply.status} ${reply.text}`)
  return reply.body.id
}

/** A form that the procedure's schema takes, out of the catalogue itself. */
export async function exampleOf(procedure: string): Promise<{ form: Record<string, unknown>; required: string[] }> {
  const row = await env.DB.prepare('SELECT body FROM procedure_version WHERE code = ? ORDER BY version DESC LIMIT 1')
    .bind(procedure)
    .first<{ body: string }>()
  const body = JSON.parse(row?.body ?? '{}') as {
    exampleForm: Record<string, unknown>
    components: { id: string; required: boolean; presented: boolean }[]
  }
  return {
    form: body.exampleForm,
    required: body.components.filter((one) => one.required && !one.presented).map((one) => one.id),
  }
}

type Filing = { procedure?: string; personalId?: string; key?: string; who?: Who; change?: Record<string, unknown> }

/** A dossier that the procedure's own example fills. */
export async function submission({
  procedure = '1.004873',
  personalId = '001190000001',
  who = app,
  change = {},
}: Filing = {}) {
  const { form, required } = await exampleOf(procedure)
  const components = await Promise.all(required.map(async (component) => ({ component, file: await uploaded(who) })))
  return {
    procedure,
    applicant: { type: 'citizen', personalId, fullName: 'Nguyễn Thị Mẫu', phone: '0900000001' },
    place: { unit: '00082-2025' },
    form,
    components,
    // One person hands in the same again and again in these tests.
    force: { reason: 'Hồ sơ khác của cùng một người.' },
    ...change,
  }
}

export async function filed(filing: Filing = {}): Promise<Reply> {
  const { who = app, key = crypto.randomUUID() } = filing
  const reply = await ask(who, '/v1/dossiers', { body: await submission(filing), headers: { 'idempotency-key': key } })
  if (reply.status !== 201) throw new Error(`filing: ${reply.status} ${reply.text}`)
  return reply
}

/** Takes one step with the version that the dossier has now. */
export async function step(who: Who, code: string, body: Record<string, unknown>): Promise<Reply> {
  const { headers } = await ask(who, `/v1/dossiers/${code}`)
  return ask(who, `/v1/dossiers/${code}/transitions`, { body, headers: { 'if-match': headers.get('etag') ?? '' } })
}

/** Waits until the queue has done its work; a test that waits in vain fails. */
export async function eventually<T>(look: () => Promise<T | undefined>, seconds = 15): Promise<T> {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing came within ${seconds} s`)
}

/** Hands that body in, under a key of its own unless one is given. */
export const handIn = (who: Who | null, body: unknown, key: string = crypto.randomUUID()): Promise<Reply> =>
  ask(who, '/v1/dossiers', { body, headers: { 'idempotency-key': key } })

/** `pointer code` of every fault that a problem document names, in order. */
export const faultsOf = ({ body }: Reply): string[] =>
  (body.errors ?? []).map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`).toSorted()

const written = [
  'dossier',
  'dossier_party',
  'dossier_key',
  'dossier_sealed',
  'dossier_file',
  'journal',
  'idempotency',
  'copy',
]

/** How many rows a dossier's tables hold, and how far the serials of codes and of the registers have come. */
export const rowsWritten = (): Promise<Record<string, number> | null> =>
  env.DB.prepare(
    `SELECT ${written.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')},
      (SELECT sum(last) FROM code_serial) AS codes, (SELECT sum(last) FROM register_serial) AS numbers`,
  ).first<Record<string, number>>()

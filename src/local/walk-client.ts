import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readDemoApp } from './demo-app.ts'
import type { Places } from './settings.ts'
import { appToken, personToken } from './token.ts'

/** Who asks: `app`, a persona (`citizen`, `handler@HN-STC-2025`), or nobody (`null`: the public). */
export type Who = string | null

export type Reply = { status: number; headers: Headers; bytes: Uint8Array<ArrayBuffer>; ms: number }

/** An answer that the walk did not expect; the message tells what was asked and what came. */
export class Unexpected extends Error {}

type Asked = {
  method?: string
  json?: unknown
  bytes?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

/** Only what the walk looks at; the service says much more. */
const Unit = z.object({ id: z.string(), name: z.object({ vi: z.string(), en: z.string() }) })
export const Dossier = z.object({
  code: z.string(),
  status: z.string(),
  version: z.number(),
  competentUnit: Unit,
  dueAt: z.string().nullable(),
  overdue: z.boolean(),
  result: z.object({ copy: z.string().nullable() }).nullable(),
})
export const Filed = Dossier.extend({
  receipt: z.object({ expectedDueAt: z.string().nullable(), lookupSecret: z.string(), progress: z.string() }),
})
export const Copy = z.object({
  id: z.string(),
  number: z.string(),
  status: z.string(),
  title: z.string(),
  certifier: z.string(),
  sha256: z.string().nullable(),
  verification: z.string(),
})
export const Verdict = z.object({
  indication: z.string(),
  subIndication: z.string().nullable(),
  wholeDocumentCovered: z.boolean().nullable(),
  signatures: z.array(
    z.object({ signer: z.string().nullable(), indication: z.string(), signedAt: z.string().nullable() }),
  ),
  registered: z.object({ number: z.string(), status: z.string() }).nullable(),
})
export const Page = z.object({
  items: z.array(z.object({ code: z.string(), version: z.number() })),
  next: z.string().nullable(),
})
export const Events = z.object({
  items: z.array(z.object({ sequence: z.number(), type: z.string(), hash: z.string() })),
})

export type Client = {
  places: Places
  ask(who: Who, path: string, asked?: Asked): Promise<Reply>
  /** Asks, insists on the status, and reads the JSON that comes. */
  read<T>(
    schema: z.ZodType<T>,
    who: Who,
    path: string,
    asked?: Asked & { status?: number },
  ): Promise<T & { ms: number }>
  upload(who: Who, bytes: Uint8Array<ArrayBuffer>, mediaType: string): Promise<string>
  /** Takes a dossier one step with the version that it has now. */
  step(who: Who, code: string, body: Record<string, unknown>): Promise<z.infer<typeof Dossier> & { ms: number }>
}

/** Speaks to the service as its users do: over HTTP, with tokens that real issuers gave out. */
export function clientOf(places: Places): Client {
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (who: string) => {
    const known = tokens.get(who) ?? (who === 'app' ? appsToken() : personToken(places.identity, who))
    tokens.set(who, known)
    return known
  }

  const ask: Client['ask'] = async (who, path, { method, json, bytes, headers } = {}) => {
    const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json))
    const authorization = who === null ? undefined : `Bearer ${await tokenOf(who)}`
    const began = performance.now()
    const response = await fetch(`${places.service}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        'accept-language': 'en',
        ...(authorization && { authorization }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    })
    const received = new Uint8Array(await response.arrayBuffer())
    return { status: response.status, headers: response.headers, bytes: received, ms: performance.now() - began }
  }

  const read: Client['read'] = async (schema, who, path, { status = 200, ...asked } = {}) => {
    const reply = await ask(who, path, asked)
    const text = new TextDecoder().decode(reply.bytes)
    if (reply.status !== status)
      throw new Unexpected(`${who ?? 'the public'} asked ${path}: expected ${status}, got ${reply.status}: ${text}`)
    return { ...schema.parse(JSON.parse(text)), ms: reply.ms }
  }

  return {
    places,
    ask,
    read,
    async upload(who, bytes, mediaType) {
      const headers = { 'content-type': mediaType, 'idempotency-key': randomUUID() }
      return (await read(z.object({ id: z.string() }), who, '/v1/files', { bytes, headers, status: 201 })).id
    },
    async step(who, code, json) {
      const seen = await ask(who, `/v1/dossiers/${code}`)
      const headers = { 'if-match': seen.headers.get('etag') ?? '' }
      return read(Dossier, who, `/v1/dossiers/${code}/transitions`, { json, headers })
    },
  }
}

async function appsToken(): Promise<string> {
  const app = await readDemoApp()
  if (!app) throw new Error('the demo app is not registered: npm run setup')
  return appToken(app)
}

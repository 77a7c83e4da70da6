import { env } from 'cloudflare:workers'
import { createScheduledController } from 'cloudflare:test'
import { expect } from 'vitest'
import worker from '../../src/worker.ts'
import { ask, type Reply } from './api.ts'
import type { Who } from './tokens.ts'
import { app, filed, step } from './walk.ts'

export const reception: Who = { kind: 'officer', unit: '00082-2025', roles: ['reception'], name: 'Trần Thị Tiếp' }
export const handler: Who = { kind: 'officer', unit: '00082-2025', roles: ['handler'], name: 'Phạm Văn Xử' }
export const supervisor: Who = { kind: 'officer', unit: '00082-2025', roles: ['supervisor'], name: 'Vũ Thị Sát' }
export const elsewhere: Who = {
  kind: 'officer',
  unit: '00004-2025',
  roles: ['reception', 'supervisor'],
  name: 'Đỗ Văn Xa',
}
export const citizen: Who = { kind: 'citizen', personalId: '001190000001' }
export const stranger: Who = { kind: 'citizen', personalId: '001190000002' }

/** A dossier whose fee the catalogue knows (8,000 VND a copy), accepted at its unit. */
export async function accepted(procedure = '2.000635'): Promise<string> {
  const { body } = await filed({ procedure })
  const reply = await step(reception, body.code, { to: 'accepted' })
  if (reply.status !== 200) throw new Error(reply.text)
  return body.code
}

export async function asked(body: Record<string, unknown> = { copies: 2 }): Promise<string> {
  const code = await accepted()
  const reply = await step(handler, code, { to: 'awaiting-payment', ...body })
  if (reply.status !== 200) throw new Error(reply.text)
  return code
}

export const pay = (
  who: Who | null,
  code: string,
  body: unknown = { method: 'online' },
  headers: Record<string, string> = {},
) => ask(who, `/v1/dossiers/${code}/payments`, { body, headers })

type Callback = { headers: Record<string, string>; body: string }

/** What the payer does at the simulator; answers the callbacks that it would send. */
export async function play({ body }: Reply, scenario: string): Promise<Callback[]> {
  const form = new URLSearchParams({ scenario })
  const response = await fetch(body.redirectUrl, { method: 'POST', body: form })
  const shown: { callbacks: Callback[] } = await response.json()
  if (!shown.callbacks) throw new Error(`${scenario}: ${response.status}`)
  return shown.callbacks
}

export const deliver = ({ headers, body }: Callback, provider = 'simulator') =>
  ask(null, `/v1/payment-callbacks/${provider}`, { body, headers })

export async function deliverAll(callbacks: Callback[]) {
  for (const reply of await Promise.all(callbacks.map((one) => deliver(one)))) expect(reply.status).toBe(204)
}

export const statusOf = async (code: string) => (await ask(app, `/v1/dossiers/${code}`)).body.status
export const payment = async (reply: Reply, who: Who = app) => (await ask(who, `/v1/payments/${reply.body.id}`)).body
export const typesOf = async (code: string): Promise<string[]> =>
  (await ask(app, `/v1/dossiers/${code}/events?limit=100`)).body.items.map(({ type }: { type: string }) => type)

/** The cron, after every payment has waited long enough to be asked about. */
export async function cron() {
  await env.DB.prepare(
    "UPDATE payment_attempt SET attention_at = '2020-01-01T00:00:00.000+07:00' WHERE attention_at IS NOT NULL",
  ).run()
  await worker.scheduled(createScheduledController(), env)
}

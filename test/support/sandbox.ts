import { ask, type Reply } from './api.ts'
import { askToken, basic, grant, registered } from './apps.ts'
import { pdf } from './pdf.ts'
import { exampleOf } from './walk.ts'

type Options = NonNullable<Parameters<typeof ask>[2]>
/** A request as the app or, with a token of their own, as somebody else. */
export type AskSandbox = (path: string, options?: Options, token?: string) => Promise<Reply>

export const bearing = (token: string) => ({ authorization: `Bearer ${token}` })

/** A sandbox app with its first token: its sandbox is open. */
export async function sandboxApp() {
  const { id, clientSecret } = await registered({
    kind: 'sandbox',
    scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'],
  })
  const reply = await askToken(grant, basic(id, clientSecret))
  const { access_token: token } = await reply.json<{ access_token: string }>()
  const as: AskSandbox = (path, options = {}, own = token) =>
    ask(null, path, { ...options, headers: { ...bearing(own), ...options.headers } })
  const tokenOf = async (person: unknown): Promise<string> =>
    (await as('/v1/sandbox/tokens', { body: person })).body.accessToken
  return { id, token, as, tokenOf }
}

export type SandboxApp = Awaited<ReturnType<typeof sandboxApp>>

export const applicant = '001190000001'

export async function uploadedBy(as: AskSandbox): Promise<string> {
  const bytes = pdf()
  const headers = { 'content-type': 'application/pdf', 'content-length': String(bytes.length) }
  return (await as('/v1/files', { body: bytes, headers })).body.id
}

/** Hands a dossier in that the procedure's own example fills, with that scenario if one is named. */
export async function handedIn(as: AskSandbox, scenario?: string, procedure = '1.004873'): Promise<Reply> {
  const { form, required } = await exampleOf(procedure)
  const components = await Promise.all(required.map(async (component) => ({ component, file: await uploadedBy(as) })))
  return as('/v1/dossiers', {
    body: {
      procedure,
      applicant: { type: 'citizen', personalId: applicant, fullName: 'Nguyễn Thị Mẫu', phone: '0900000001' },
      place: { unit: '00082-2025' },
      form,
      components,
      force: { reason: 'Hồ sơ khác của cùng một người.' },
    },
    headers: {
      'idempotency-key': crypto.randomUUID(),
      ...(scenario !== undefined && { 'sandbox-scenario': scenario }),
    },
  })
}

export const typesIn = async (as: AskSandbox, code: string): Promise<string[]> =>
  (await as(`/v1/dossiers/${code}/events?limit=100`)).body.items.map(({ type }: { type: string }) => type)

export const advance = (as: AskSandbox, duration: string) => as('/v1/sandbox/clock', { body: { advance: duration } })

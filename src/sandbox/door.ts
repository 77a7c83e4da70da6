import { decodeJwt } from 'jose'
import { forwardedPrefix } from '../platform/sandbox.ts'
import type { Connection } from '../store/database.ts'
import { readReference } from '../store/reference.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const addressed = new RegExp(`^/sandboxes/(app_${uuid})(?=/|$)`)

/**
 * Hands a request to the sandbox that it names, by its address or by the issuer of its token; undefined where it names none.
 * Nothing is believed here: the sandbox verifies the token itself, and one that was never opened knows nobody.
 */
export function throughDoor(request: Request, env: Env): Promise<Response> | undefined {
  const url = new URL(request.url)
  const inPath = addressed.exec(url.pathname)
  const app = inPath?.[1] ?? appOfToken(request.headers.get('authorization'), env.PUBLIC_ORIGIN.replace(/\/$/, ''))
  if (app === undefined) return undefined
  const prefix = inPath?.[0] ?? ''
  url.pathname = url.pathname.slice(prefix.length) || '/'
  const inside = new Request(url, request)
  inside.headers.set(forwardedPrefix, prefix)
  return env.SANDBOX.getByName(app).fetch(inside)
}

function appOfToken(authorization: string | null, origin: string): string | undefined {
  const token = /^(?:Bearer|DPoP) +([A-Za-z0-9._-]{1,8192})$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  try {
    const { iss } = decodeJwt(token)
    return iss?.startsWith(`${origin}/`) ? addressed.exec(iss.slice(origin.length))?.[1] : undefined
  } catch {
    return undefined
  }
}

/** The app as it is registered: by its scopes a sandbox knows what its webhooks may hear. */
export type Tenant = { id: string; name: string; scopes: readonly string[] }

/** Opens the sandboxes of apps that have proved who they are. */
export type Sandboxes = { open(app: Tenant): Promise<void> }

/** `db` is the live database: what every sandbox begins with is read there, and handed over. */
export const sandboxesBehind = (namespace: Env['SANDBOX'] | undefined, db: Connection): Sandboxes => ({
  async open({ id, name, scopes }) {
    if (!namespace) throw new Error('a sandbox has no sandboxes')
    const tenant = { id, name, scopes: [...scopes] }
    const sandbox = namespace.getByName(id)
    if (!(await sandbox.admit(tenant))) await sandbox.open(tenant, await readReference(db))
  },
})

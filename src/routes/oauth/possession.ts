import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { type Possession, verifyProof } from '../../platform/dpop.ts'
import { Denied } from './refusal.ts'

/** What the DPoP header of a token request proves (RFC 9449 §5), undefined without one; throws {@link Denied}. For every grant. */
export async function possessionIn(c: HonoContext<House>): Promise<Possession | undefined> {
  const proof = c.req.header('dpop')
  if (proof === undefined) return undefined
  const url = `${c.var.config.publicOrigin}${c.req.path}`
  const verified = await verifyProof(proof, { method: c.req.method, url, now: new Date() })
  if (verified.ok) return verified.value
  throw new Denied('invalid_dpop_proof', verified.because?.detail?.en ?? 'The DPoP proof is not valid')
}

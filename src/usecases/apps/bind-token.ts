import type { Context } from '../../context.ts'
import type { Possession } from '../../platform/dpop.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { AppSettings } from '../../store/apps.ts'

/**
 * The thumbprint of the key to which a token of this app is bound (RFC 9449 §5); undefined for a bearer token, which an app that is
 * registered with `dpop: required` does not get. For every grant, once it is known who the client is.
 */
export async function keyToBind(
  { proofs }: Pick<Context, 'proofs'>,
  { dpop }: Pick<AppSettings, 'dpop'>,
  possession: Possession | undefined,
): Promise<Result<string | undefined, 'invalid_request' | 'invalid_dpop_proof'>> {
  if (!possession) return dpop === 'required' ? refuse('invalid_request', proofNeeded) : ok(undefined)
  const first = await proofs.useOnce(possession.once, possession.until)
  return first ? ok(possession.jkt) : refuse('invalid_dpop_proof', replayed)
}

/** By the real time, as proofs are judged: what is too old to be used again need not be remembered. */
export const forgetProofs = ({ proofs, realNow }: Context): Promise<void> => proofs.forget(realNow())

const said = (en: string) => ({ detail: { vi: en, en } })
const proofNeeded = said('The app is registered for bound tokens only: send a DPoP proof')
const replayed = said('The DPoP proof was used before (jti)')

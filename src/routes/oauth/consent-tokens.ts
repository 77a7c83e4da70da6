import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { keyToBind } from '../../usecases/apps/bind-token.ts'
import { proveClient } from '../../usecases/apps/prove-client.ts'
import { redeemCode, refresh } from '../../usecases/consents/redeem.ts'
import { possessionIn } from './possession.ts'
import { Denied, granted } from './refusal.ts'
import { audiencesOf, proofIn, valuesIn } from './request.ts'

/** The client that proves itself in a form, at whatever endpoint. Throws {@link Denied}. */
export async function clientIn(c: HonoContext<House>, form: URLSearchParams) {
  const { config, context } = c.var
  const proof = proofIn(valuesIn(form), c.req.header('authorization'))
  return granted(await proveClient(context, proof, audiencesOf(config.publicOrigin, c.req.path)))
}

/** Tokens under a citizen's consent: for a code with its verifier (RFC 6749 §4.1.3, RFC 7636), or for a refresh token (§6). */
export async function consentTokens(
  c: HonoContext<House>,
  kind: 'authorization_code' | 'refresh_token',
  form: URLSearchParams,
) {
  const value = valuesIn(form)
  const needed = (name: string) => {
    const given = value(name)
    if (given === undefined) throw new Denied('invalid_request', `${name} is missing`)
    return given
  }
  const app = await clientIn(c, form)
  const key = granted(await keyToBind(c.var.context, app, await possessionIn(c)))
  const exchange = async () => {
    if (kind === 'refresh_token') {
      const scopes = (value('scope') ?? '').split(' ').filter(Boolean)
      return refresh(c.var.context, app, { token: needed('refresh_token'), scopes, key })
    }
    const [code, verifier] = [needed('code'), needed('code_verifier')]
    if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier))
      throw new Denied('invalid_request', 'code_verifier must be 43 to 128 unreserved characters')
    return redeemCode(c.var.context, app, { code, verifier, redirectUri: value('redirect_uri'), key })
  }
  const { token, scopes, expiresIn, refreshToken } = granted(await exchange())
  return {
    access_token: token,
    token_type: key === undefined ? 'Bearer' : 'DPoP',
    expires_in: expiresIn,
    scope: scopes.join(' '),
    refresh_token: refreshToken,
  }
}

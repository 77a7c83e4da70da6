import type { Context } from '../../context.ts'
import {
  type Consent,
  consentScopes,
  type ConsentScope,
  type EndedBecause,
  remaining,
  stands,
} from '../../domain/consent.ts'
import { sha256, toBase64Url } from '../../platform/crypto.ts'
import { signToken, tokenLifetime } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret } from '../../platform/secrets.ts'
import type { RegisteredApp } from '../../store/apps.ts'
import type { KeptConsent } from '../../store/consents.ts'

/** Tokens under a consent: the refresh token is good once, and gives the next one. */
export type ConsentTokens = { token: string; scopes: ConsentScope[]; expiresIn: number; refreshToken: string }

type Refusal = 'invalid_grant' | 'invalid_scope'

/** `key`: the thumbprint of the key that the token shall be bound to (RFC 9449), if to any. */
export type Exchange = { code: string; verifier: string; redirectUri: string | undefined; key: string | undefined }

/**
 * A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). It is good for one try of its own app: a second one, or a try without the right
 * verifier, means that it was seen by others, and ends the consent with everything that was given under it.
 */
export async function redeemCode(
  context: Context,
  app: RegisteredApp,
  { code, verifier, redirectUri, key }: Exchange,
): Promise<Result<ConsentTokens, Refusal>> {
  const now = context.now()
  const used = await context.authorizations.useCode(await hashOfSecret(code), app.id, now)
  if (!used) return invalid('The code is unknown, or was given to another client')
  const kept = await context.consents.find(used.code.consentId)
  if (!kept) throw new Error(`consent ${used.code.consentId} of a code is gone`)
  const { challenge, expiresAt } = used.code
  if (used.again) return misused(context, kept, 'The code was used before: the consent has ended')
  if (toBase64Url(await sha256(verifier)) !== challenge)
    return misused(context, kept, 'code_verifier does not fit: the consent has ended')
  if (redirectUri !== undefined && redirectUri !== used.code.redirectUri)
    return misused(context, kept, 'redirect_uri differs from that of the authorization: the consent has ended')
  if (Date.parse(expiresAt) <= now.getTime()) return misused(context, kept, 'The code has expired')
  return tokensUnder(context, kept, { asked: [], key })
}

/** A refresh token for the next one and an access token (RFC 6749 §6). An old one that comes again ends the consent (RFC 9700 §4.14.2). */
export async function refresh(
  context: Context,
  app: RegisteredApp,
  { token, scopes, key }: { token: string; scopes: string[]; key: string | undefined },
): Promise<Result<ConsentTokens, Refusal>> {
  const found = await refreshTokenOf(context, app, token)
  if (!found) return invalid('The refresh token is unknown, or was given to another client')
  const { kept, generation } = found
  if (generation !== kept.generation)
    return misused(context, kept, 'The refresh token was used before: the consent has ended')
  return tokensUnder(context, kept, { asked: scopes, key })
}

/** The consent of a refresh token of this app, and which of its refresh tokens it is; undefined for anything else. */
export async function refreshTokenOf(
  context: Context,
  app: RegisteredApp,
  token: string,
): Promise<{ kept: KeptConsent; generation: number } | undefined> {
  const [, id = '', number = '', proof] = /^([0-9a-f-]{36})\.(\d{1,9})\.([\w-]{43})$/.exec(token) ?? []
  const [consentId, generation] = [`consent_${id}`, Number(number)]
  if (proof === undefined || proof !== (await context.vault.refreshProof(consentId, generation))) return undefined
  const kept = await context.consents.find(consentId)
  return kept?.consent.app === app.id ? { kept, generation } : undefined
}

/** Ends a consent in the name of its app. One that has ended stays as it is. */
export async function endByApp(context: Context, kept: KeptConsent, because: EndedBecause): Promise<void> {
  if (kept.consent.status === 'ended') return
  await context.consents.end(kept, because, { at: context.now(), actor: { kind: 'app', id: kept.consent.app } })
}

async function tokensUnder(
  context: Context,
  { consent, generation }: KeptConsent,
  { asked, key }: { asked: string[]; key: string | undefined },
): Promise<Result<ConsentTokens, Refusal>> {
  const now = context.now()
  const given = await scopesUnder(context, consent)
  if (!stands(consent, now.getTime()) || given.length === 0) return invalid('The consent has ended')
  const scopes = asked.length === 0 ? given : given.filter((scope) => asked.includes(scope))
  if (scopes.length < Math.max(1, new Set(asked).size)) return refuse('invalid_scope')
  // Of two at once with the same token, the second comes with an old one: whose it is nobody knows.
  if (!(await context.consents.rotate(consent.id, generation))) {
    const meanwhile = await context.consents.find(consent.id)
    return meanwhile
      ? misused(context, meanwhile, 'The token was used twice at once: the consent has ended')
      : invalid('')
  }
  const expiresIn = Math.min(tokenLifetime, Math.floor((Date.parse(consent.until) - now.getTime()) / 1000))
  const claims = {
    origin: context.config.publicOrigin,
    client: consent.app,
    subject: consent.id,
    scopes,
    id: context.newId(),
    at: now,
    expiresIn,
    jkt: key,
  }
  const next = generation + 1
  const proof = await context.vault.refreshProof(consent.id, next)
  return ok({
    token: await signToken(context.config.tokenKeys, claims),
    scopes,
    expiresIn,
    refreshToken: `${consent.id.replace('consent_', '')}.${next}.${proof}`,
  })
}

const scopesUnder = async ({ consents }: Context, { app, extent }: Consent): Promise<ConsentScope[]> => {
  const left = remaining(extent, await consents.terms(app))
  return consentScopes.filter((scope) => left[scope] !== undefined)
}

async function misused(context: Context, kept: KeptConsent, description: string) {
  await endByApp(context, kept, 'misused')
  return invalid(description)
}

const invalid = (en: string) => refuse('invalid_grant', { detail: { vi: en, en } })

// An authorization on its way: an app asks, the citizen logs in, and chooses. RFC 6749 §4.1, OAuth 2.1, RFC 7636, RFC 9126.
import type { CitizenActor } from './actor.ts'
import type { ConsentExtent, ConsentScope, Purpose, Selection, Side } from './consent.ts'
import { consentScopes } from './consent.ts'

/** What an app asks of a citizen, already found to be as it should be. */
export type AuthorizationRequest = {
  app: string
  redirectUri: string
  state: string | null
  scopes: readonly ConsentScope[]
  purpose: Purpose
  /** The S256 challenge of PKCE: whoever exchanges the code must know what it is the hash of. */
  challenge: string
  /** Of the page, as the app asked (`ui_locales`). */
  language: 'vi' | 'en' | null
}

/** How far it has come: pushed by the app, on its way through the login, or before the citizen's choice. */
export type Authorization =
  | { stage: 'pushed'; request: AuthorizationRequest }
  | { stage: 'login'; request: AuthorizationRequest; login: { issuer: string; verifier: string; nonce: string } }
  | { stage: 'choice'; request: AuthorizationRequest; citizen: CitizenActor }

/** Milliseconds: for a request that was pushed, for a person who logs in and thinks it over, for an app that has its code. */
export const patience = { pushed: 90_000, person: 15 * 60_000, code: 60_000 }

/** What the citizen chose on the page. */
export type Choice = { side: Side; days: number; reaches: Partial<Record<ConsentScope, Selection>> }

/** What is given of what was asked: never more, and nothing where nothing was chosen. */
export function extentOf(asked: readonly ConsentScope[], { reaches }: Choice): ConsentExtent {
  const given = consentScopes.filter((scope) => asked.includes(scope) && (reaches[scope]?.length ?? 0) > 0)
  return Object.fromEntries(given.map((scope) => [scope, reaches[scope]]))
}

/** Whom a citizen can speak for, their own person first. */
export const sidesOf = ({ personalId, taxCode }: CitizenActor): Side[] => [
  ...(personalId === null ? [] : (['person'] as const)),
  ...(taxCode === null ? [] : (['organisation'] as const)),
]

/** What a citizen's own token must cover so that they can hand it on. */
const ownScope: Record<ConsentScope, string> = { 'citizen:dossiers:read': 'dossiers', 'citizen:copies:read': 'copies' }

/** What of that which was asked the citizen can give: not more than their own login reaches. */
export const givable = ({ scopes }: CitizenActor, asked: readonly ConsentScope[]): ConsentScope[] =>
  asked.filter((scope) => scopes.includes(ownScope[scope]))

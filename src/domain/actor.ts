import type { ConsentExtent } from './consent.ts'
import type { Extent } from './mandate.ts'
import type { Scope } from './scope.ts'

/** Who asks. Made once by the authenticate middleware, from a verified token; everything after trusts it. */
export type Actor = PublicActor | AppActor | ConsentedApp | CitizenActor | OfficerActor

export type PublicActor = { kind: 'public' }

/** With what an app works, for good: the live service, or a sandbox of its own. */
export const appKinds = ['live', 'sandbox'] as const
export type AppKind = (typeof appKinds)[number]

/** A third-party app, known by its client id. */
export type AppActor = { kind: 'app'; id: string; scopes: readonly Scope[] }

/**
 * An app that reads under a citizen's consent, and then nothing of its own. Until the consent was read from the database it stands
 * for nobody and reaches nothing.
 */
export type ConsentedApp = {
  kind: 'consented-app'
  id: string
  consent: string
  /** Narrower than the consent where the app asked for less. */
  scopes: readonly string[]
  /** The keyed hash of whose things they are. */
  persons: readonly string[]
  extent: ConsentExtent
}

/** A person, known by the 12-digit personal number, or an organisation's account, by its tax code; with both, a person who acts for it. */
export type CitizenActor = {
  kind: 'citizen'
  /** `{issuer key}:{sub}`: stable, and says nothing about the person. */
  id: string
  personalId: string | null
  taxCode: string | null
  name: string | null
  scopes: readonly string[]
  /** Under which mandate they act: then for that organisation only, and only within its extent. */
  mandate?: { id: string; extent: readonly Extent[] }
}

export const roles = ['reception', 'handler', 'certifier', 'seal', 'supervisor', 'operator'] as const
export type Role = (typeof roles)[number]

/** A civil servant at work: `unit` is the unit id of the contract, e.g. `00082-2025`. */
export type OfficerActor = {
  kind: 'officer'
  id: string
  name: string
  unit: string
  roles: readonly Role[]
  /** The office held, as it is printed below a signature; only where the token says it. */
  title?: string | undefined
  /** Who they are as a person, so that nobody decides their own matter; only where the token says it. */
  personalId?: string | undefined
}

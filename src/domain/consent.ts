// That a citizen lets an app read what is theirs: within an extent, for a purpose, until a time. Who the citizen is stays outside.
import type { Text } from '../platform/result.ts'

/** What an app can ask a citizen for; each by itself, none holds another. */
export const consentScopes = ['citizen:dossiers:read', 'citizen:copies:read'] as const
export type ConsentScope = (typeof consentScopes)[number]

/** All there is of a kind and will be, or only the ones with these ids. */
export type Selection = 'all' | readonly string[]
/** What a citizen lets an app read; a scope that is not there was not given. */
export type ConsentExtent = Partial<Record<ConsentScope, Selection>>

/** A reason that the operator registered, in the city's own words on the page: an app writes nothing there by itself. */
export type Purpose = Text & { id: string }

/** What an app may ask citizens for, and where a browser may be sent back to; nothing without scopes. */
export type Terms = {
  scopes: readonly ConsentScope[]
  redirectUris: readonly string[]
  purposes: readonly Purpose[]
}

/** Whom a consent is for when its token speaks for both: the person, or the organisation that they act for. */
export type Side = 'person' | 'organisation'

type Common = {
  id: string
  version: number
  app: string
  purpose: Purpose
  extent: ConsentExtent
  side: Side
  createdAt: string
  /** From then on nothing is read under it. */
  until: string
}

/**
 * Why a consent ended before its time: the citizen withdrew it, the app gave it back (RFC 7009), or somebody used a code or a
 * refresh token a second time, so that it may be in wrong hands (RFC 9700 §2.1.1, §4.14.2).
 */
export type EndedBecause = 'withdrawn' | 'given-back' | 'misused'

export type Consent = Common & ({ status: 'given' } | { status: 'ended'; endedAt: string; because: EndedBecause })

export type ConsentEvent =
  | ({ type: 'consent.given' } & Omit<Common, 'version' | 'createdAt'>)
  | { type: 'consent.ended'; because: EndedBecause }

/** The state after an event that happened at `at` (RFC 3339). */
export function evolveConsent(before: Consent | undefined, event: ConsentEvent, at: string): Consent {
  if (event.type === 'consent.given') {
    const { type: _type, ...rest } = event
    return { ...rest, version: 1, createdAt: at, status: 'given' }
  }
  if (before?.status !== 'given') throw new Error('only a consent that was given ends')
  return { ...before, version: before.version + 1, status: 'ended', endedAt: at, because: event.because }
}

/** Whether anything may be read under it at `now` (epoch milliseconds). */
export const stands = (consent: Consent, now: number): boolean =>
  consent.status === 'given' && now < Date.parse(consent.until)

/** Days for which a citizen may let an app read, the shortest first; the city's own maximum leaves out longer ones. */
export const offeredDays = (most: number): number[] => [1, 30, 180, 365].filter((days) => days <= most)

/** What the app may still do under it: what was given, as far as the city lets the app ask for it today. */
export function remaining(extent: ConsentExtent, terms: Terms | undefined): ConsentExtent {
  const allowed = consentScopes.filter((scope) => terms?.scopes.includes(scope))
  return Object.fromEntries(allowed.flatMap((scope) => (extent[scope] === undefined ? [] : [[scope, extent[scope]]])))
}

/** Whether a thing of that kind is within the extent. */
export function covers(extent: ConsentExtent, scope: ConsentScope, id: string): boolean {
  const reach = extent[scope]
  return reach === 'all' || (reach?.includes(id) ?? false)
}

/** What an app read, and of what: a dossier's code, a copy's or file's id, or nothing where it read a list. */
export type Reading = {
  what: 'dossiers' | 'dossier' | 'events' | 'slip' | 'file' | 'copies' | 'copy' | 'content'
  thing: string
}

/** What a path of the API shows of a citizen's things; undefined where it shows nothing of anybody's. */
export function readingOf(path: string): Reading | undefined {
  const [, kind = '', thing = '', part = ''] =
    /^\/v1\/(dossiers|copies|files)(?:\/([^/]+))?(?:\/([^/]+))?/.exec(path) ?? []
  const what = readings[`${kind}${thing && '/'}${part}`]
  return what && { what, thing }
}

const readings: Record<string, Reading['what']> = {
  dossiers: 'dossiers',
  'dossiers/': 'dossier',
  'dossiers/events': 'events',
  'dossiers/slips': 'slip',
  'files/': 'file',
  copies: 'copies',
  'copies/': 'copy',
  'copies/content': 'content',
}

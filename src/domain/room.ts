// How much a dossier can carry.
import type { Dossier } from './dossier.ts'
import { refuse, ok, type Result } from '../platform/result.ts'
import type { Status } from './transitions.ts'

export const mostEvents = 200
export const mostComponents = 50
/** In bytes of UTF-8. */
export const largestForm = 256 * 1024

/** Kept free for what ends a dossier, so that nobody is left without a decision. */
const reserve = 10

/** Steps that make further steps necessary. */
const opening: ReadonlySet<Status> = new Set(['awaiting-supplement', 'awaiting-payment', 'stopped'])

/** Whether the journal has room for a step to that status, or for one that leads nowhere else (a rating, a recall): `again`. */
export function hasRoom({ version }: Pick<Dossier, 'version'>, to: Status | 'again'): Result<true, 'too-many-events'> {
  const most = to === 'again' || opening.has(to) ? mostEvents - reserve : mostEvents
  return version < most ? ok(true) : refuse('too-many-events')
}

/** The letters of a form as they are stored and sent. */
export const isFormTooLarge = (form: unknown): boolean =>
  new TextEncoder().encode(JSON.stringify(form)).length > largestForm

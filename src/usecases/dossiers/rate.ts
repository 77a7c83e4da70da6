import type { Context } from '../../context.ts'
import { mayRate } from '../../domain/rating.ts'
import { hasRoom } from '../../domain/room.ts'
import { refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import type { Kept } from '../../store/dossiers.ts'
import { inJournal, visible } from '../access.ts'

export type Rating = { score: number; comment: string | null }

export type RatingRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'no-result-yet'
  | 'rating-closed'
  | 'too-many-events'
  | 'erased'

/** The applicant, and nobody for them, says what they think of it; again within thirty days replaces what was said. */
export async function rateDossier(
  context: Context,
  input: { code: string; version: number; rating: Rating },
): Promise<Result<Kept, RatingRefusal>> {
  const found = await visible(context, 'rateDossier', input.code)
  if (!found.ok) return found
  const { dossier } = found.value
  if (dossier.version !== input.version) return refuse('changed-meanwhile')
  const room = hasRoom(dossier, 'again')
  if (!room.ok) return room
  const at = context.now()
  const open = mayRate(dossier, localDate(at))
  if (!open.ok) return open
  const { score, comment } = input.rating
  const appended = await context.dossiers.append(found.value, {
    // Also when nothing is said, so that an earlier comment does not stand beside this score.
    writes: [{ event: { type: 'dossier.rated', score }, sealed: { ratingComment: comment } }],
    at,
    actor: inJournal(context.actor),
  })
  if (appended.ok) return appended
  if (appended.refusal === 'key-in-use' || appended.refusal === 'file-taken')
    throw new Error(`a rating has neither key nor file: ${appended.refusal}`)
  return refuse(appended.refusal)
}

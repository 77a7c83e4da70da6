import type { Context } from '../../context.ts'
import { ok, type Result } from '../../platform/result.ts'
import type { Opening } from '../../store/lending.ts'
import { allowed } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { ownCopy } from './own.ts'
import type { ReadRefusal } from './read.ts'
import { wordsIn } from './shares.ts'

/** An opening with what its owner may know of who it was: an app's name, or whom the owner named when sharing. */
export type ToldOpening = Opening & { app: string | null; recipient: string | null }

/** Who opened a copy, and when: for its owner, newest first. */
export async function listOpenings(
  context: Context,
  copy: string,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ToldOpening>, ReadRefusal>> {
  const may = allowed(context, 'readOpenings')
  if (!may.ok) return may
  const found = await ownCopy(context, copy)
  if (!found.ok) return found
  const page = pageOf(await context.lending.openings(copy, before, limit), limit, ({ id }) => id)
  const openers = page.items.map(({ opener }) => opener)
  const shares = openers.flatMap((opener) => ('share' in opener && opener.share ? [opener.share] : []))
  const ids = [...new Set(openers.flatMap((opener) => (opener.as === 'app' ? [opener.app] : [])))]
  const [words, apps] = await Promise.all([
    context.vault.submissions(shares),
    Promise.all(ids.map((id) => context.apps.find(id))),
  ])
  const items = page.items.map((opening): ToldOpening => {
    const { opener } = opening
    const share = 'share' in opener ? opener.share : undefined
    const app = opener.as === 'app' ? (apps.find((known) => known?.id === opener.app)?.name ?? opener.app) : null
    return { ...opening, app, recipient: (share && wordsIn(words.get(share))?.recipient) || null }
  })
  return ok({ ...page, items })
}

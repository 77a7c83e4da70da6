import type { Context } from '../context.ts'
import type { Actor } from '../domain/actor.ts'
import { mayUse, sees, type Verb } from '../domain/permission.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import type { Kept } from '../store/dossiers.ts'
import type { JournalActor } from '../store/journal.ts'

/** May this actor use the verb at all? */
export function allowed(context: Context, verb: Verb): Result<true, 'token-needed' | 'not-allowed'> {
  const answer = mayUse(context.actor, verb)
  return answer === 'yes' ? ok(true) : refuse(answer)
}

/** The keyed hash of the person or organisation behind a citizen's token. */
export async function personOf(context: Context, actor: Actor): Promise<string | undefined> {
  if (actor.kind !== 'citizen') return undefined
  if (actor.personalId) return context.vault.personHash({ personalId: actor.personalId })
  return actor.taxCode ? context.vault.personHash({ taxCode: actor.taxCode }) : undefined
}

/** The dossier if this actor may see it; for anybody else it does not exist. */
export async function visible(context: Context, code: string): Promise<Result<Kept, 'no-such-dossier'>> {
  const kept = await context.dossiers.find(code)
  if (!kept) return refuse('no-such-dossier')
  return (await seen(context, kept)) ? ok(kept) : refuse('no-such-dossier')
}

export async function seen(context: Context, kept: Kept): Promise<boolean> {
  const person = await personOf(context, context.actor)
  const isParty = person ? await context.dossiers.isParty(kept.dossier.id, person) : false
  return sees(context.actor, kept.dossier, isParty)
}

/** `{kind}:{id}`: the owner of files, keys and dossiers. */
export const ownerName = (actor: Actor): string => (actor.kind === 'public' ? 'public' : `${actor.kind}:${actor.id}`)

/** How the journal names who acts. */
export function inJournal(actor: Actor): JournalActor {
  switch (actor.kind) {
    case 'public':
      throw new Error('the public changes nothing')
    case 'officer':
      return { kind: 'officer', id: actor.id, name: actor.name, unit: actor.unit }
    default:
      return { kind: actor.kind, id: actor.id }
  }
}

/** The applicant, then the representative, as the sealed submission names them; nobody once the data was erased. */
export async function partiesOf(
  context: Context,
  dossierId: string,
): Promise<({ personalId: string } | { taxCode: string })[]> {
  const submission = (await context.vault.open(dossierId)).get(1)
  return [submission?.['applicant'], submission?.['representative']].flatMap(
    (party): ({ personalId: string } | { taxCode: string })[] => {
      if (typeof party !== 'object' || party === null) return []
      if ('personalId' in party && typeof party.personalId === 'string') return [{ personalId: party.personalId }]
      return 'taxCode' in party && typeof party.taxCode === 'string' ? [{ taxCode: party.taxCode }] : []
    },
  )
}

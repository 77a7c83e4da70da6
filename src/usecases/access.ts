import type { Context } from '../context.ts'
import type { Actor } from '../domain/actor.ts'
import { mayUse, missingScope, reachFor, scopeNeeded, sees, type Verb } from '../domain/permission.ts'
import { reaches } from '../domain/scope.ts'
import { standsOn } from '../domain/unit.ts'
import { ok, refuse, type Refused, type Result } from '../platform/result.ts'
import { localDate } from '../platform/time.ts'
import type { Kept } from '../store/dossiers.ts'
import type { JournalActor } from '../store/journal.ts'

/** May this actor use the verb at all? */
export function allowed(context: Context, verb: Verb): Result<true, 'token-needed' | 'not-allowed'> {
  const answer = mayUse(context.actor, verb)
  if (answer === 'yes') return ok(true)
  const scope = missingScope(context.actor, verb)
  return answer === 'not-allowed' && scope !== undefined ? scopeMissing(scope) : refuse(answer)
}

const scopeMissing = (scope: string): Refused<'not-allowed'> =>
  refuse('not-allowed', {
    scope,
    detail: { vi: `Mã truy cập thiếu phạm vi “${scope}”.`, en: `The token lacks the scope “${scope}”.` },
  })

/** Is the app’s token good for dossiers of that procedure? For everybody else it always is: whose dossier it is decides. */
export async function withinReach(
  { actor, procedures, now }: Context,
  verb: Verb,
  procedure: string,
): Promise<Result<true, 'not-allowed'>> {
  const reach = reachFor(actor, verb)
  if (!reach) return ok(true)
  const level = reach.levels.length > 0 && (await procedures.levels(localDate(now()), [procedure])).get(procedure)
  if (reaches(reach, procedure, level || undefined)) return ok(true)
  return scopeMissing(scopeNeeded(verb, procedure) ?? '')
}

/** The procedures that the app’s token is good for; undefined where it has no such bounds. */
export async function proceduresWithin({ actor, procedures, now }: Context, verb: Verb): Promise<string[] | undefined> {
  const reach = reachFor(actor, verb)
  if (!reach) return undefined
  const known = reach.levels.length > 0 ? await procedures.levels(localDate(now())) : new Map()
  return [...new Set([...reach.procedures, ...known.keys()])].filter((code) => reaches(reach, code, known.get(code)))
}

/**
 * The keyed hashes of whom a citizen's token, or a citizen's consent, speaks for: the person, and the organisation that the provider says they act for.
 * Nothing of it is kept here: who represents it no longer gets no such token any more, and sees nothing.
 */
export async function personsOf({ vault }: Context, actor: Actor): Promise<string[]> {
  if (actor.kind === 'consented-app') return [...actor.persons]
  if (actor.kind !== 'citizen') return []
  const { personalId, taxCode } = actor
  const subjects = [...(personalId ? [{ personalId }] : []), ...(taxCode ? [{ taxCode }] : [])]
  return Promise.all(subjects.map((subject) => vault.personHash(subject)))
}

/** The dossier if this actor may use the verb, see it, and has a token that reaches it; where they do not see it, it does not exist. */
export async function visible(
  context: Context,
  verb: Verb,
  code: string,
): Promise<Result<Kept, 'token-needed' | 'not-allowed' | 'no-such-dossier'>> {
  const may = allowed(context, verb)
  if (!may.ok) return may
  const kept = await context.dossiers.find(code)
  if (!kept || !(await seen(context, kept))) return refuse('no-such-dossier')
  const reached = await withinReach(context, verb, kept.dossier.procedure.code)
  return reached.ok ? ok(kept) : reached
}

export async function seen(context: Context, kept: Kept): Promise<boolean> {
  if (!(await isAtWork(context))) return false
  const persons = await personsOf(context, context.actor)
  const isParty = persons.length > 0 && (await context.dossiers.isParty(kept.dossier.id, persons))
  return sees(context.actor, kept.dossier, isParty)
}

/** False for an officer of a unit that has ceased: whatever their token says, it has nothing any more. */
async function isAtWork({ actor, units, now }: Context): Promise<boolean> {
  if (actor.kind !== 'officer') return true
  const unit = await units.find(actor.unit)
  return unit !== undefined && standsOn(unit, localDate(now()))
}

/**
 * The units whose books and debts the officer's unit keeps: its own while it stands, and those of units whose place it took. Where
 * one was divided each of its heirs does: a book cannot be.
 */
export async function unitsKept(context: Context): Promise<string[]> {
  const { actor, units, now } = context
  if (actor.kind !== 'officer' || !(await isAtWork(context))) return []
  return [actor.unit, ...(await units.forebears(actor.unit, localDate(now())))]
}

/** Whether what that unit certified or collected is for the officer's unit to answer for today. */
export const keeps = async (context: Context, unit: string): Promise<boolean> =>
  (await unitsKept(context)).includes(unit)

/** `{kind}:{id}`: the owner of files, keys and dossiers. */
export function ownerName(actor: Actor): string {
  if (actor.kind === 'public') return 'public'
  const name = `${actor.kind}:${actor.id}`
  // What somebody does for an organisation is not what they do for themselves: neither files nor keys are shared.
  if (actor.kind === 'consented-app') return `${name} ${actor.consent}`
  return actor.kind === 'citizen' && actor.mandate ? `${name} ${actor.mandate.id}` : name
}

/** How the journal names who acts. */
export function inJournal(actor: Actor): JournalActor {
  switch (actor.kind) {
    case 'public':
      throw new Error('the public changes nothing')
    case 'officer':
      return { kind: 'officer', id: actor.id, name: actor.name, unit: actor.unit }
    case 'citizen':
      return { kind: 'citizen', id: actor.id, ...(actor.mandate && { mandate: actor.mandate.id }) }
    case 'app':
      return { kind: 'app', id: actor.id }
    case 'consented-app':
      return { kind: 'app', id: actor.id, consent: actor.consent }
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

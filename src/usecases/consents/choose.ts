import type { Context } from '../../context.ts'
import type { CitizenActor } from '../../domain/actor.ts'
import {
  type AuthorizationRequest,
  type Choice,
  extentOf,
  givable,
  patience,
  sidesOf,
} from '../../domain/authorization.ts'
import { type ConsentScope, offeredDays, type Selection, type Side } from '../../domain/consent.ts'
import { ok, refuse, type Result, type Text } from '../../platform/result.ts'
import { hashOfSecret, newHandle } from '../../platform/secrets.ts'
import { localTime } from '../../platform/time.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Kept } from '../../store/dossiers.ts'
import { inJournal } from '../access.ts'
import type { BackTo, SentBack } from './ask.ts'

/** How many dossiers and copies the page lists, the newest. */
const mostListed = 50

/** What is asked of a citizen who logged in, and what they can answer. */
export type Question = {
  request: AuthorizationRequest
  citizen: CitizenActor
  app: { name: string; createdAt: string }
  sides: Side[]
  side: Side
  /** What of that which was asked their login reaches. */
  scopes: ConsentScope[]
  dossiers: Kept[]
  /** The names of their procedures, by code. */
  procedures: Map<string, Text>
  copies: KeptCopy[]
  days: number[]
}

/** The question for the browser that logged in; for every other one, and a while later, there is none. */
export async function readQuestion(
  context: Context,
  { id, browser, side }: { id: string; browser: string; side: Side | undefined },
): Promise<Result<Question, 'no-such-authorization'>> {
  const found = await context.authorizations.find(id, await hashOfSecret(browser), context.now())
  if (found?.stage !== 'choice') return refuse('no-such-authorization')
  const { request, citizen } = found
  const sides = sidesOf(citizen)
  const chosen = sides.find((one) => one === side) ?? sides[0]
  const app = await context.apps.find(request.app)
  if (!app || !chosen) return refuse('no-such-authorization')
  const person = await personOf(context, citizen, chosen)
  const scopes = givable(citizen, request.scopes)
  const asks = (scope: ConsentScope) => scopes.includes(scope)
  const [dossiers, copies] = await Promise.all([
    asks('citizen:dossiers:read') ? context.dossiers.list({ persons: [person] }, {}, undefined, mostListed) : undefined,
    asks('citizen:copies:read') ? context.copies.list([person], {}, undefined, mostListed - 1) : [],
  ])
  const days = offeredDays(context.config.consentDays)
  const rows = dossiers?.rows ?? []
  const procedures = await proceduresOf(context, rows)
  return ok({ request, citizen, app, sides, side: chosen, scopes, dossiers: rows, procedures, copies, days })
}

async function proceduresOf({ procedures }: Context, rows: Kept[]): Promise<Map<string, Text>> {
  const pinned = new Map(rows.map(({ dossier: { procedure } }) => [procedure.code, procedure.version]))
  const found = await Promise.all([...pinned].map(([code, version]) => procedures.version(code, version)))
  return new Map(found.flatMap((one) => (one ? [[one.code, one.name]] : [])))
}

const personOf = ({ vault }: Context, { personalId, taxCode }: CitizenActor, side: Side): Promise<string> =>
  vault.personHash(side === 'person' ? { personalId: personalId ?? '' } : { taxCode: taxCode ?? '' })

/** What the page sends: single dossiers are named by their codes, copies by their ids. */
export type Answer =
  | { decision: 'deny' }
  | { decision: 'allow'; side: Side; days: number; reaches: Partial<Record<ConsentScope, Selection>> }

type Answered = (BackTo & { code: string }) | (BackTo & SentBack)

/**
 * The citizen's answer: a consent and a code for the app, or access_denied. `unanswered`: nothing was chosen, or something that was not
 * offered; then the page is shown again.
 */
export async function answerQuestion(
  context: Context,
  { id, browser }: { id: string; browser: string },
  answer: Answer,
): Promise<Result<Answered, 'no-such-authorization' | 'unanswered'>> {
  const side = answer.decision === 'allow' ? answer.side : undefined
  const found = await readQuestion(context, { id, browser, side })
  if (!found.ok) return found
  const { request, citizen } = found.value
  const { redirectUri, state } = request
  if (answer.decision === 'deny') {
    await context.authorizations.end(id)
    return ok({ redirectUri, state, error: 'access_denied', description: 'The citizen did not consent' })
  }
  const choice = choiceIn(found.value, answer)
  const extent = choice && extentOf(found.value.scopes, choice)
  if (!choice || !extent || Object.keys(extent).length === 0) return refuse('unanswered')

  const at = context.now()
  const after = (milliseconds: number) => localTime(new Date(at.getTime() + milliseconds))
  const consent = `consent_${context.newId()}`
  const code = newHandle()
  const given = {
    type: 'consent.given',
    id: consent,
    app: request.app,
    purpose: request.purpose,
    extent,
    side: choice.side,
    until: after(choice.days * 86_400_000),
  } as const
  const kept = {
    hash: await hashOfSecret(code),
    authorizationId: id,
    consentId: consent,
    appId: request.app,
    redirectUri,
    challenge: request.challenge,
    expiresAt: after(patience.code),
  }
  const along = [context.authorizations.endStatement(id), context.authorizations.codeStatement(kept)]
  const person = await personOf(context, citizen, choice.side)
  const written = await context.consents.give(given, person, { at, actor: inJournal(citizen), along })
  return written.ok ? ok({ redirectUri, state, code }) : refuse('no-such-authorization')
}

/** The choice by ids; undefined where it holds what the page did not offer. */
function choiceIn(question: Question, answer: Answer & { decision: 'allow' }): Choice | undefined {
  const { side, days, reaches } = answer
  if (side !== question.side || !question.days.includes(days)) return undefined
  const listed: Record<ConsentScope, Map<string, string>> = {
    'citizen:dossiers:read': new Map(question.dossiers.map(({ code, dossier }) => [code, dossier.id])),
    'citizen:copies:read': new Map(question.copies.map(({ copy }) => [copy.id, copy.id])),
  }
  const known = question.scopes.map((scope): [ConsentScope, Selection | undefined] => {
    const reach = reaches[scope]
    if (reach === undefined || reach === 'all') return [scope, reach]
    const ids = reach.flatMap((name) => listed[scope].get(name) ?? [])
    return [scope, ids.length === reach.length ? ids : undefined]
  })
  const isWhole = known.every(([scope, reach]) => reach !== undefined || reaches[scope] === undefined)
  return isWhole ? { side, days, reaches: Object.fromEntries(known) } : undefined
}

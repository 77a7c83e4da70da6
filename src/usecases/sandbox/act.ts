import type { Context } from '../../context.ts'
import type { OfficerActor, Role } from '../../domain/actor.ts'
import type { Dossier } from '../../domain/dossier.ts'
import { isOver, nextAct, type OfficerAct, type Scenario } from '../../domain/scenario.ts'
import { log } from '../../platform/log.ts'
import type { Result } from '../../platform/result.ts'
import { localDate, localTime } from '../../platform/time.ts'
import { testResult } from '../../paper/test-result.ts'
import type { Kept } from '../../store/dossiers.ts'
import { procedureOf } from '../dossiers/due.ts'
import { moveDossier } from '../dossiers/move.ts'
import { reappointDossier } from '../dossiers/reappoint.ts'
import type { Move } from '../dossiers/steps.ts'
import { uploadFile } from '../files/upload.ts'

/** More than any scenario has: an officer who goes in a circle is stopped. */
const mostActs = 10

/** Lets the officers of a sandbox do all that their scenarios tell them to do by now; true when anything was done. */
export async function actAsOfficers(context: Context): Promise<boolean> {
  let acted = false
  for (const { code, scenario } of context.box?.scripts() ?? [])
    for (let acts = 0; acts < mostActs && (await actOn(context, code, scenario)); acts++) acted = true
  return acted
}

/** The next act for one dossier; false where nothing is to be done now. A scenario that the rules stop, or that is over, is taken off. */
async function actOn(context: Context, code: string, scenario: Scenario): Promise<boolean> {
  const kept = await context.dossiers.find(code)
  const act = kept && nextAct(scenario, kept.dossier, localTime(context.now()))
  if (act) {
    const done = await perform(context, kept, act)
    if (done.ok || done.refusal === 'changed-meanwhile') return true
    log('scenario.stopped', { code, scenario, act, refusal: done.refusal })
  }
  if (act || !kept || isOver(kept.dossier)) context.box?.script(code, null)
  return false
}

const reason = 'Sandbox: cán bộ làm theo kịch bản. The officer follows the scenario.'

async function perform(context: Context, kept: Kept, act: OfficerAct): Promise<Result<unknown, string>> {
  const { dossier } = kept
  switch (act) {
    case 'accept':
      return moved(context, kept, 'reception', { to: 'accepted' })
    case 'refuse':
      return moved(context, kept, 'reception', { to: 'not-accepted', reason })
    case 'begin':
      return moved(context, kept, 'handler', { to: 'processing' })
    case 'ask-for-more':
      return moved(context, kept, 'reception', {
        to: 'awaiting-supplement',
        components: await wanted(context, dossier),
        reason,
      })
    case 'ask-for-payment':
      return askForPayment(context, kept)
    case 'apologise':
      return apologise(context, kept)
    case 'grant':
      return grant(context, kept)
    case 'reject':
      return moved(context, kept, 'handler', { to: 'resolved', outcome: 'refused', reason })
    case 'hand-out':
      return moved(context, kept, 'reception', { to: 'returned', by: dossier.returnBy })
  }
}

/** Nobody in particular, of the unit that is competent and with that role only: the rules hold for them as for anybody. */
export const testOfficer = (unit: string, role: Role): OfficerActor => ({
  kind: 'officer',
  id: `officers:${role}.${unit}`,
  name: 'Cán bộ Thử Nghiệm',
  unit,
  roles: [role],
  ...(role === 'certifier' && { title: 'Phó Chủ tịch (thử nghiệm)' }),
})

const as = (context: Context, { dossier }: Kept, role: Role): Context => ({
  ...context,
  actor: testOfficer(dossier.competentUnit, role),
})

const moved = (context: Context, kept: Kept, role: Role, move: Move) =>
  moveDossier(as(context, kept, role), {
    code: kept.code,
    version: kept.dossier.version,
    move,
    command: undefined,
  })

/** The first component that the procedure asks for. */
async function wanted(context: Context, dossier: Dossier): Promise<string[]> {
  const { components } = await procedureOf(context, dossier)
  const first = components.find(({ presented }) => !presented) ?? components[0]
  return first ? [first.id] : []
}

/** By the tariff where the catalogue has one, otherwise any amount; what costs nothing goes on at once. */
async function askForPayment(context: Context, kept: Kept) {
  const ways: [Role, Move][] = [
    ['reception', { to: 'awaiting-payment' }],
    ['reception', { to: 'awaiting-payment', amount: 20_000 }],
  ]
  for (const [role, move] of ways) {
    const done = await moved(context, kept, role, move)
    if (done.ok || done.refusal !== 'invalid-request') return done
  }
  return moved(context, kept, 'handler', { to: 'processing' })
}

const day = 86_400_000

/** Names the first working day from three days after the present date on. */
async function apologise(context: Context, kept: Kept): Promise<Result<unknown, string>> {
  const handler = as(context, kept, 'handler')
  const due = Date.parse(kept.dossier.clock.dueAt ?? '')
  let done: Result<unknown, string> = { ok: false, refusal: 'not-in-handling' }
  for (let days = 3; days < 17; days++) {
    done = await reappointDossier(handler, {
      code: kept.code,
      version: kept.dossier.version,
      reappointment: { date: localDate(new Date(due + days * day)), cause: 'unit', reason },
      command: undefined,
    })
    if (done.ok || done.refusal !== 'not-a-working-day') return done
  }
  return done
}

/** The certifier lays the paper result on the scanner and certifies what came of it. */
async function grant(context: Context, kept: Kept): Promise<Result<unknown, string>> {
  const certifier = as(context, kept, 'certifier')
  const { result } = await procedureOf(context, kept.dossier)
  const bytes = testResult(result.name.vi, kept.code)
  const upload = {
    body: new Response(bytes).body ?? new ReadableStream(),
    mediaType: 'application/pdf',
    digest: undefined,
    length: bytes.length,
  } as const
  const file = await uploadFile(certifier, upload, () => undefined)
  if (!file.ok) return file
  const paper = { scan: file.value.value.id, paperSeen: true } as const
  return moved(context, kept, 'certifier', { to: 'resolved', outcome: 'granted', paper })
}

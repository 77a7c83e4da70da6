import type { Context } from '../../context.ts'
import { channelFaults } from '../../domain/channels.ts'
import type { ComponentProof, DossierEvent } from '../../domain/dossier.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { standsOn, type Unit, type UnitId } from '../../domain/unit.ts'
import { schemaErrors } from '../../platform/json-schema.ts'
import { type InputError, ok, refuse, type Refused, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { competentUnit } from '../routing/competent-unit.ts'
import { checkComponents } from './check-components.ts'
import type { Submission } from './submission.ts'

export type Checked = {
  procedure: ProcedureVersion
  /** Competent when the dossier was handed in. */
  unit: UnitId
  place: UnitId | null
  /** With what was found of the certified copies among them. */
  components: ComponentProof[]
  /** For a dossier taken over: the unit it was lodged with, and how it came to the unit that stands today. */
  formerUnit: UnitId | null
  reroutes: (DossierEvent & { type: 'dossier.rerouted' })[]
}

const fault = (pointer: string, code: string, vi: string, en: string): InputError => ({
  pointer,
  code,
  detail: { vi, en },
})

/** Checks a submission against catalogue, units, files and the form's schema. Refuses with every fault at once. */
export async function checkSubmission(
  context: Context,
  submission: Submission,
): Promise<Result<Checked, 'invalid-request'>> {
  const today = localDate(context.now())
  const on = submission.takenOver ? localDate(new Date(submission.takenOver.receivedAt)) : today
  const [procedure, place, former] = await Promise.all([
    context.procedures.on(submission.procedure, on),
    submission.place ? context.units.find(submission.place.unit) : undefined,
    submission.takenOver ? context.units.find(submission.takenOver.unit) : undefined,
  ])
  const errors = [
    ...checkWho(context, submission),
    ...checkChannel(context, submission),
    ...checkReceivingPoint(context, submission, await receivingUnit(context, submission), today),
  ]
  const misplaced = checkPlaces(submission, place, former, { on, today })
  errors.push(...misplaced)
  if (!procedure)
    return refuse('invalid-request', { errors: [...errors, await noProcedure(context, submission.procedure)] })
  const checked = await checkComponents(context, procedure, submission.components, owners(submission))
  errors.push(...schemaErrors(procedure.formSchema, submission.form, '/form'), ...checked.errors)
  if (misplaced.length > 0) return refuse('invalid-request', { errors })
  const routed = await competentUnit(context, { procedure, place: place ?? null, former: former ?? null, on, today })
  if (!routed.ok) errors.push(unclear(routed))
  if (!routed.ok || errors.length > 0) return refuse('invalid-request', { errors })
  const { components } = checked
  return ok({ procedure, components, place: place?.id ?? null, formerUnit: former?.id ?? null, ...routed.value })
}

const unclear = ({ refusal, because }: Refused<string>): InputError => ({
  pointer: '/place/unit',
  code: refusal,
  detail: because?.detail ?? {
    vi: 'Không xác định được đơn vị có thẩm quyền từ địa điểm này.',
    en: 'This place does not tell which unit is competent.',
  },
})

/** The persons whose certified copies may prove a component. */
const owners = ({ applicant, representative }: Submission) => [
  applicant.type === 'citizen' ? { personalId: applicant.personalId } : { taxCode: applicant.taxCode },
  ...(representative ? [{ personalId: representative.personalId }] : []),
]

/** A citizen hands in for themselves, for their organisation, or as the representative; apps and officers for anybody. */
function checkWho({ actor }: Context, { applicant, representative }: Submission): InputError[] {
  if (actor.kind !== 'citizen') return []
  const forThemselves =
    actor.personalId !== null &&
    [applicant.type === 'citizen' ? applicant.personalId : undefined, representative?.personalId].includes(
      actor.personalId,
    )
  const own = forThemselves || (applicant.type === 'organisation' && applicant.taxCode === actor.taxCode)
  if (own) return []
  return [
    fault(
      '/applicant',
      'not-you',
      'Người nộp phải là chủ hồ sơ hoặc người đại diện.',
      'You must be the applicant or the representative.',
    ),
  ]
}

/** What came before this system came in ways of its own, and nothing more is known of them. */
const checkChannel = ({ actor }: Context, { channel, assistance, takenOver }: Submission): InputError[] =>
  actor.kind === 'public' || actor.kind === 'consented-app' || (takenOver && !assistance)
    ? []
    : channelFaults(actor.kind, channel, assistance)

function checkPlaces(
  submission: Submission,
  place: Unit | undefined,
  former: Unit | undefined,
  { on, today }: { on: string; today: string },
): InputError[] {
  const unknown = (pointer: string) => fault(pointer, 'unknown-unit', 'Không có đơn vị này.', 'There is no such unit.')
  const gone = (pointer: string, unit: Unit) =>
    fault(
      pointer,
      'unit-not-standing',
      `${unit.name.vi} không tồn tại vào ngày ${on}.`,
      `${unit.name.en} did not stand on ${on}.`,
    )
  const errors: InputError[] = []
  if (submission.place && !place) errors.push(unknown('/place/unit'))
  // Where a former place was divided, the unit of today that the applicant names settles which part it was.
  const named = place && submission.takenOver && standsOn(place, today)
  if (place && !named && !standsOn(place, on)) errors.push(gone('/place/unit', place))
  if (submission.takenOver && !former) errors.push(unknown('/takenOver/unit'))
  if (former && !standsOn(former, on)) errors.push(gone('/takenOver/unit', former))
  if (on > today)
    errors.push(
      fault('/takenOver/receivedAt', 'in-the-future', 'Ngày tiếp nhận chưa đến.', 'That day has not come yet.'),
    )
  return errors
}

const receivingUnit = (context: Context, { receivingPoint }: Submission) =>
  receivingPoint === 'online' ? undefined : context.units.find(receivingPoint)

/** Any point of the city receives for any competent unit, so it only has to exist; an officer receives at their own. */
function checkReceivingPoint(
  { actor }: Context,
  { receivingPoint }: Submission,
  unit: Unit | undefined,
  today: string,
): InputError[] {
  if (actor.kind === 'officer' && receivingPoint !== actor.unit)
    return [
      fault(
        '/receivingPoint',
        'not-your-point',
        'Cán bộ chỉ tiếp nhận tại đơn vị của mình.',
        'Officers receive at their own unit only.',
      ),
    ]
  if (receivingPoint === 'online' || (unit && standsOn(unit, today))) return []
  return [fault('/receivingPoint', 'unknown-unit', 'Không có điểm tiếp nhận này.', 'There is no such receiving point.')]
}

async function noProcedure(context: Context, code: string): Promise<InputError> {
  const known = await context.procedures.exists(code)
  return known
    ? fault(
        '/procedure',
        'procedure-closed',
        'Thủ tục không còn hoặc chưa có hiệu lực.',
        'The procedure is not in force on that date.',
      )
    : fault(
        '/procedure',
        'unknown-procedure',
        'Không có thủ tục này trong danh mục.',
        'There is no such procedure in the catalogue.',
      )
}

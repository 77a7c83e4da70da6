import type { Context } from '../../context.ts'
import type { DossierEvent } from '../../domain/dossier.ts'
import type { Unit } from '../../domain/unit.ts'
import { localTime } from '../../platform/time.ts'

export type Lodging = { id: string; code: string; unit: Unit; place: Unit; dueAt: string | null }

/** A made-up dossier that lies with that unit at this moment; in handling with a due date, or only just handed in. */
export async function lodge(context: Context, unit: Unit, place: Unit, dueAt: string | null): Promise<Lodging> {
  const [id, at] = [context.newId(), context.now()]
  const actor = { kind: 'app', id: 'app_replay' } as const
  const submitted: DossierEvent = {
    type: 'dossier.submitted',
    id,
    procedure: { code: '1.004873', version: 1 },
    limit: { unit: 'WORKING_DAY', value: 10 },
    competentUnit: unit.id,
    place: place.id,
    receivingPoint: 'online',
    channel: 'online',
    submittedBy: actor,
    returnBy: 'account',
    components: [],
    submittedAt: localTime(at),
    receivedAt: null,
    takenOver: null,
  }
  const accepted: DossierEvent = { type: 'dossier.accepted', code: id, competentReceivedAt: localTime(at), dueAt }
  const applicant = { type: 'citizen', personalId: '001190000001', fullName: 'Nguyễn Thị Mẫu' }
  const filed = await context.dossiers.file({
    writes: [
      { event: submitted, sealed: { applicant, representative: null, form: {} } },
      ...(dueAt === null ? [] : [{ event: accepted }]),
    ],
    at,
    actor,
    code: { prefix: unit.identifier, day: localTime(at).slice(2, 10).replaceAll('-', '') },
    parties: [await context.vault.personHash({ personalId: applicant.personalId })],
  })
  if (!filed.ok) throw new Error(filed.refusal)
  return { id, code: filed.value.code, unit, place, dueAt }
}

import { env } from 'cloudflare:workers'
import type { Actor } from '../../src/domain/actor.ts'
import type { UnitId } from '../../src/domain/unit.ts'
import { contextOf } from '../../src/wiring.ts'

const app: Actor = { kind: 'app', id: 'app_test', scopes: ['dossiers:submit', 'dossiers:read'] }

/** A dossier that lies with that unit at this moment, whatever procedure says so; accepted unless `status` says otherwise. */
export async function lodged(
  unit: string,
  {
    place = unit,
    procedure = '1.004873',
    accepted = true,
  }: { place?: string | null; procedure?: string; accepted?: boolean } = {},
): Promise<{ code: string; id: string; dueAt: string | null }> {
  const context = contextOf(env, app)
  const id = context.newId()
  const at = context.now()
  const receivedAt = new Date(at.getTime() + 7 * 3_600_000).toISOString().replace('Z', '+07:00')
  const dueAt = '2025-07-15T17:00:00+07:00'
  const filed = await context.dossiers.file({
    writes: [
      {
        event: {
          type: 'dossier.submitted',
          id,
          procedure: { code: procedure, version: 1 },
          limit: { unit: 'WORKING_DAY', value: 10 },
          competentUnit: unit as UnitId,
          place: place as UnitId | null,
          receivingPoint: 'online',
          channel: 'online',
          submittedBy: { kind: 'app', id: 'app_test' },
          returnBy: 'account',
          components: [],
          submittedAt: receivedAt,
          receivedAt: null,
          takenOver: null,
        },
        sealed: {
          applicant: { type: 'citizen', personalId: '001190000001', fullName: 'Nguyễn Thị Mẫu' },
          representative: null,
          form: {},
        },
      },
      ...(accepted
        ? [{ event: { type: 'dossier.accepted' as const, code: id, competentReceivedAt: receivedAt, dueAt } }]
        : []),
    ],
    at,
    actor: { kind: 'app', id: 'app_test' },
    code: { prefix: 'TEST', day: receivedAt.slice(2, 10).replaceAll('-', '') },
    parties: [await context.vault.personHash({ personalId: '001190000001' })],
  })
  if (!filed.ok) throw new Error(filed.refusal)
  return { code: filed.value.code, id, dueAt: accepted ? dueAt : null }
}

import type { DossierEvent } from '../../src/domain/dossier.ts'
import type { Acting, Recorded } from '../../src/domain/hand-overs.ts'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import type { SlipSources } from '../../src/domain/slips.ts'
import { type Unit, unitIdOf } from '../../src/domain/unit.ts'
import { publishedCatalogue } from './catalogue.ts'

const catalogue = publishedCatalogue()
export const procedure: ProcedureVersion = catalogue.procedure('1.001193', '2026-11-23')
export const units: ReadonlyMap<string, Unit> = new Map(catalogue.units.map((unit) => [unit.id, unit]))
export const ward = unitIdOf('00082', '2025-07-01')

export const reception: Acting = { kind: 'officer', name: 'Lê Thị Tiếp Nhận', unit: ward }
export const handler: Acting = { kind: 'officer', name: 'Phạm Văn Thụ Lý', unit: ward }
export const citizen: Acting = { kind: 'citizen' }
export const service: Acting = { kind: 'service' }

export const applicant = {
  type: 'citizen',
  personalId: '001190000001',
  fullName: 'Nguyễn Thị Mẫu',
  phone: '0900000001',
  email: 'mau@example.vn',
  address: 'Số 1 phố Ví Dụ, phường Cửa Nam, thành phố Hà Nội',
}

export type Step = [at: string, actor: Acting, event: DossierEvent, sealed?: Record<string, unknown>]

export const submitted = (change: Partial<DossierEvent & { type: 'dossier.submitted' }> = {}): Step => [
  '2026-11-23T08:55:00.000+07:00',
  citizen,
  {
    type: 'dossier.submitted',
    id: 'dossier',
    procedure: { code: procedure.code, version: procedure.version },
    limit: { unit: 'WORKING_DAY', value: 3 },
    competentUnit: ward,
    place: ward,
    receivingPoint: 'online',
    channel: 'online',
    submittedBy: { kind: 'citizen', id: 'c' },
    returnBy: 'account',
    components: procedure.components
      .filter(({ presented }) => !presented)
      .map(({ id }) => ({ component: id, file: `file_${id}` })),
    submittedAt: '2026-11-23T08:55:00.000+07:00',
    receivedAt: null,
    takenOver: null,
    ...change,
  },
  { applicant, representative: null, form: {} },
]

export const due = '2026-11-26T17:00:00+07:00'

export const accepted: Step = [
  '2026-11-23T09:05:00.000+07:00',
  reception,
  { type: 'dossier.accepted', code: 'X', competentReceivedAt: '2026-11-23T09:05:00.000+07:00', dueAt: due },
]
export const started: Step = [
  '2026-11-23T10:00:00.000+07:00',
  handler,
  { type: 'dossier.processing-started', competentReceivedAt: null, dueAt: null },
]

/** What slips are made of, for a dossier to which this happened. */
export function sourcesOf(...steps: Step[]): SlipSources {
  return {
    code: 'LOCAL.00082-261123-0001',
    journal: steps.map(([at, actor, event], index): Recorded => ({ version: index + 1, at, actor, event })),
    sealed: new Map(steps.flatMap(([, , , part], index) => (part ? [[index + 1, part] as const] : []))),
    procedure,
    progress: 'https://api.example.gov.vn/v1/dossiers/LOCAL.00082-261123-0001/progress?secret=K7QM',
  }
}

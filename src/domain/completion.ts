import type { Dossier } from './dossier.ts'
import type { Status } from './transitions.ts'

/** How far a dossier is, in percent: the "degree of completion" that anybody may see (Circular 01/2018/TT-VPCP art. 16(2)(d)). */
const percent: Record<Status, number> = {
  submitted: 10,
  accepted: 30,
  'awaiting-supplement': 30,
  'awaiting-payment': 50,
  processing: 60,
  resolved: 90,
  returned: 100,
  'not-accepted': 100,
  withdrawn: 100,
  stopped: 60,
}

export const completionOf = (dossier: Pick<Dossier, 'status'>): number => percent[dossier.status]

import type { Api } from '../../app.ts'
import { correctLateCauseRoute } from './correct-late-cause.ts'
import { eventsRoute } from './events.ts'
import { fileRoute } from './file.ts'
import { listRoute } from './list.ts'
import { moveRoute } from './move.ts'
import { progressRoute } from './progress.ts'
import { rateRoute } from './rate.ts'
import { readRoute } from './read.ts'
import { reappointRoute } from './reappoint.ts'
import { slipsRoute } from './slips.ts'
import { supplementRoute } from './supplement.ts'

export function mountDossiers(api: Api) {
  fileRoute(api)
  listRoute(api)
  readRoute(api)
  progressRoute(api)
  eventsRoute(api)
  moveRoute(api)
  supplementRoute(api)
  slipsRoute(api)
  reappointRoute(api)
  correctLateCauseRoute(api)
  rateRoute(api)
}

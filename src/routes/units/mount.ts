import type { Api } from '../../app.ts'
import { listRoute } from './list.ts'
import { openingHoursRoute } from './opening-hours.ts'
import { readRoute } from './read.ts'
import { setOpeningHoursRoute } from './set-opening-hours.ts'

export function mountUnits(api: Api) {
  listRoute(api)
  readRoute(api)
  openingHoursRoute(api)
  setOpeningHoursRoute(api)
}

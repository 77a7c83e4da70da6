import type { Api } from '../../app.ts'
import { dueDateRoute } from './due-date.ts'
import { listRoute } from './list.ts'
import { readRoute } from './read.ts'

export function mountProcedures(api: Api) {
  listRoute(api)
  readRoute(api)
  dueDateRoute(api)
}

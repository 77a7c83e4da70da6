import type { Api } from '../../app.ts'
import { listRoute } from './list.ts'
import { readRoute } from './read.ts'

export function mountServicePoints(api: Api) {
  listRoute(api)
  readRoute(api)
}

import type { Api } from '../../app.ts'
import { findRoute } from './find.ts'

export function mountRouting(api: Api) {
  findRoute(api)
}

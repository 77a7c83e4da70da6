import type { Api } from '../../app.ts'
import { readRoute } from './read.ts'

export function mountRegisters(api: Api) {
  readRoute(api)
}

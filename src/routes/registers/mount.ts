import type { Api } from '../../app.ts'
import { booksRoute } from './books.ts'
import { copiesRoute } from './copies.ts'
import { readRoute } from './read.ts'

export function mountRegisters(api: Api) {
  readRoute(api)
  copiesRoute(api)
  booksRoute(api)
}

import type { Api } from '../../app.ts'
import { callbackRoute } from './callback.ts'
import { feeQuoteRoute } from './fee-quote.ts'
import { payRoute } from './pay.ts'
import { payCopiesRoutes } from './pay-copies.ts'
import { readRoutes } from './read.ts'
import { refundRoute } from './refund.ts'

export function mountPayments(api: Api) {
  feeQuoteRoute(api)
  payRoute(api)
  payCopiesRoutes(api)
  readRoutes(api)
  refundRoute(api)
  callbackRoute(api)
}

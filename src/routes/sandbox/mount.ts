import type { Api } from '../../app.ts'
import { clockRoutes } from './clock.ts'
import { paymentRoutes } from './payments.ts'
import { sandboxRoutes } from './sandbox.ts'
import { tokenRoute } from './tokens.ts'

/** What only a sandbox answers; the live service refuses all of it. */
export function mountSandbox(api: Api) {
  sandboxRoutes(api)
  clockRoutes(api)
  tokenRoute(api)
  paymentRoutes(api)
}

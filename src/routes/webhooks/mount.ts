import type { Api } from '../../app.ts'
import { feedRoute } from '../events/feed.ts'
import { describeMessages } from '../events/messages.ts'
import { deliveryRoutes } from './deliveries.ts'
import { manageRoutes } from './manage.ts'
import { secretRoutes } from './secrets.ts'

/** How the world hears of what happens: a feed to read, and messages to receivers. */
export function mountWebhooks(api: Api) {
  feedRoute(api)
  manageRoutes(api)
  secretRoutes(api)
  deliveryRoutes(api)
  describeMessages(api)
}

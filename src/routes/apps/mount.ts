import type { Api } from '../../app.ts'
import { tokenRoute } from '../oauth/token.ts'
import { identityMetadata } from '../well-known/identity.ts'
import { changeRoute } from './change.ts'
import { credentialRoutes } from './credentials.ts'
import { readRoutes } from './read.ts'
import { registerRoute } from './register.ts'

/** Apps, the tokens they get, and what the world must know about both. */
export function mountApps(api: Api) {
  registerRoute(api)
  readRoutes(api)
  changeRoute(api)
  credentialRoutes(api)
  tokenRoute(api)
  identityMetadata(api)
}

import type { Api } from '../../app.ts'
import { downloadRoute } from './download.ts'
import { quarantineRoutes } from './quarantine.ts'
import { uploadRoute } from './upload.ts'

export function mountFiles(api: Api) {
  uploadRoute(api)
  downloadRoute(api)
  quarantineRoutes(api)
}

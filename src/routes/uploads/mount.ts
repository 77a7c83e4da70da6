import type { Api } from '../../app.ts'
import { appendRoute } from './append.ts'
import { createUploadRoute } from './create.ts'
import { readUploadRoutes } from './read.ts'
import { tusVersion, uploadsPath } from './tus.ts'

export function mountUploads(api: Api) {
  api.use(uploadsPath, tusVersion)
  createUploadRoute(api)
  appendRoute(api)
  readUploadRoutes(api)
}

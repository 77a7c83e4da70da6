import { OpenAPIHono } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Possession } from './platform/dpop.ts'
import { mountApps } from './routes/apps/mount.ts'
import { mountConsents } from './routes/consents/mount.ts'
import { mountCopies } from './routes/copies/mount.ts'
import { mountDossiers } from './routes/dossiers/mount.ts'
import { mountFiles } from './routes/files/mount.ts'
import { inputErrors } from './routes/invalid.ts'
import { deprecation, deprecations } from './routes/deprecations.ts'
import { configured, enter } from './routes/middleware/enter.ts'
import { identity } from './routes/middleware/identity.ts'
import { knownMethods } from './routes/middleware/methods.ts'
import { scenario } from './routes/middleware/scenario.ts'
import { session } from './routes/middleware/session.ts'
import { mountOperations } from './routes/operations/mount.ts'
import { mountHouse } from './routes/house/mount.ts'
import { jsonLimit } from './routes/middleware/json-limit.ts'
import { rateLimit } from './routes/middleware/rate-limit.ts'
import { once } from './routes/middleware/once.ts'
import { onError, sayNo } from './routes/problem.ts'
import type { Refusal } from './routes/problems.ts'
import { mountMandates } from './routes/mandates/mount.ts'
import { mountOutages } from './routes/outages/mount.ts'
import { mountPayments } from './routes/payments/mount.ts'
import { mountProcedures } from './routes/procedures/mount.ts'
import { mountReforms } from './routes/reforms/mount.ts'
import { mountRegisters } from './routes/registers/mount.ts'
import type { World } from './sandbox/world.ts'
import { mountServicePoints } from './routes/service-points/mount.ts'
import { mountSandbox } from './routes/sandbox/mount.ts'
import { mountSigning } from './routes/signing/mount.ts'
import { mountShares } from './routes/shares/mount.ts'
import { mountUploads } from './routes/uploads/mount.ts'
import { tusHeaders, uploadsPath } from './routes/uploads/tus.ts'
import { mountUnits } from './routes/units/mount.ts'
import { mountRouting } from './routes/routing/mount.ts'
import { mountWebhooks } from './routes/webhooks/mount.ts'
import { mountVerifications } from './routes/verifications/mount.ts'

/** What every handler finds beside the request. */
export type House = {
  Bindings: World
  Variables: { requestId: string; config: Config; context: Context; possession?: Possession; refused?: Refusal }
}

export type Api = OpenAPIHono<House>

/** What a browser may read of a reply to a page of another origin. */
const exposed =
  `API-Version Allow Content-Disposition Content-Language Content-Range Deprecation ETag File-Id Idempotent-Replayed Link Location
  RateLimit RateLimit-Policy Retry-After Sandbox Sunset TraceResponse Tus-Checksum-Algorithm
  Tus-Extension Tus-Max-Size Tus-Resumable Tus-Version Upload-Expires Upload-Length Upload-Metadata Upload-Offset WWW-Authenticate X-Bookmark X-Request-Id`.split(
    /\s+/,
  )

/** The entrance hall: what every request passes, then the rooms by thing. */
export function createApp(): Api {
  const api: Api = new OpenAPIHono<House>({
    defaultHook: (result, c) =>
      result.success
        ? undefined
        : sayNo(c, 'invalid-request', { errors: inputErrors(result.error.issues, result.target) }),
  })
  api.onError(onError)
  api.notFound((c) => sayNo(c, 'no-such-address'))
  api.use(enter, configured, deprecation(deprecations))
  api.use(uploadsPath, tusHeaders)
  api.use(knownMethods(api))
  api.use(cors({ origin: '*', exposeHeaders: exposed }))
  api.use('/v1/*', jsonLimit, identity)
  api.use(rateLimit)
  api.use('/v1/*', once, session)
  api.on('POST', ['/v1/dossiers', '/v1/dossiers/:code/supplements'], scenario)
  mountHouse(api)
  mountProcedures(api)
  mountUnits(api)
  mountServicePoints(api)
  mountRouting(api)
  mountReforms(api)
  mountApps(api)
  mountDossiers(api)
  mountPayments(api)
  mountFiles(api)
  mountUploads(api)
  mountRegisters(api)
  mountCopies(api)
  mountShares(api)
  mountMandates(api)
  mountConsents(api)
  mountVerifications(api)
  mountSigning(api)
  mountWebhooks(api)
  mountOutages(api)
  mountSandbox(api)
  mountOperations(api)
  return api
}

import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { challenge } from '../challenge.ts'
import { Refused } from '../problem.ts'

/** A proof of possession works once (RFC 9449 §11.1). It is written down behind the rate limit, so that nobody fills the database. */
export const once = createMiddleware<House>(async (c, next) => {
  const { possession, context, config } = c.var
  if (possession && !(await context.proofs.useOnce(possession.once, possession.until)))
    throw new Refused('dpop-proof-invalid', replayed, {
      'www-authenticate': challenge(config.publicOrigin, c.req.header('authorization'), 'dpop-proof-invalid'),
    })
  await next()
})

const replayed = {
  detail: { vi: 'DPoP: bằng chứng đã được dùng (jti).', en: 'DPoP: the proof was used before (jti).' },
}

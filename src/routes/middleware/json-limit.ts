import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { sayNo } from '../problem.ts'

/** In bytes: a form of 256 KB, whatever its letters are escaped as, and all the rest of a submission. */
const longest = 1024 * 1024

const limit = bodyLimit({ maxSize: longest, onError: (c) => sayNo(c, 'too-large') })

/** Nobody makes the house read a JSON body without end. Files have limits of their own. */
export const jsonLimit = createMiddleware<House>((c, next) =>
  /json/i.test(c.req.header('content-type') ?? '') ? limit(c, next) : next(),
)

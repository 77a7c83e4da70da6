import { createMiddleware } from 'hono/factory'
import type { House } from '../../app.ts'
import { largestFile } from '../../domain/file.ts'
import { Refused } from '../problem.ts'

/** The addresses at which the protocol is spoken (tus 1.0.0, https://tus.io/protocols/resumable-upload). */
export const uploadsPath = '/v1/uploads/*'

const version = '1.0.0'

/** Every reply names the version, and OPTIONS what else is understood. */
export const tusHeaders = createMiddleware<House>(async (c, next) => {
  await next()
  const { headers } = c.res
  headers.set('tus-resumable', version)
  if (c.req.method !== 'OPTIONS') return
  headers.set('tus-version', version)
  headers.set('tus-extension', 'creation,creation-with-upload,checksum,expiration,termination')
  headers.set('tus-checksum-algorithm', 'sha256,sha1')
  headers.set('tus-max-size', String(largestFile))
})

/** Who speaks another version, or none, is told which one there is; who only looks, or looks where nothing is, needs none. */
export const tusVersion = createMiddleware<House>(async (c, next) => {
  const spoken = c.req.header('tus-resumable') ?? (c.req.method === 'GET' ? version : '')
  if (spoken !== version && !c.req.path.endsWith('/'))
    throw new Refused('tus-version-not-supported', undefined, { 'tus-version': version })
  await next()
})

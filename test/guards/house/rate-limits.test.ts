import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Actor } from '../../../src/domain/actor.ts'
import { rateClassOf, rateLimits } from '../../../src/routes/middleware/rate-limit.ts'

test('the runtime counts to the numbers that replies name', () => {
  const toml = readFileSync(join(import.meta.dirname, '../../../wrangler.toml'), 'utf8')
  const told = [
    ...toml.matchAll(/name = "(LIMIT_\w+)"\nnamespace_id = "\d+"\nsimple = { limit = (\d+), period = 10 }/g),
  ]
  expect(told.map(([, binding, quota]) => ({ binding, quota: Number(quota) }))).toEqual(Object.values(rateLimits))
})

const app: Actor = { kind: 'app', id: 'app_1', scopes: [] }

test.each([
  [app, 'POST', '/v1/dossiers', 'submit'],
  [app, 'POST', '/v1/files', 'submit'],
  [app, 'POST', '/v1/uploads', 'submit'],
  [app, 'PATCH', '/v1/uploads/upload_1', 'submit'],
  [app, 'POST', '/v1/dossiers/LOCAL.00082-261123-0001/supplements', 'submit'],
  [app, 'POST', '/v1/dossiers/LOCAL.00082-261123-0001/transitions', 'change'],
  [app, 'GET', '/v1/dossiers', 'read'],
  [{ kind: 'public' }, 'GET', '/v1/dossiers', 'public'],
  [{ kind: 'public' }, 'POST', '/v1/dossiers', 'public'],
] as const)('%o %s %s counts as %s', (actor, method, path, name) => {
  expect(rateClassOf(actor, method, path)).toBe(name)
})

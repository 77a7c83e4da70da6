import fc from 'fast-check'
import type { Operation } from '../support/description.ts'
import type { Asked, World } from './asked.ts'
import { contentsOf } from './contents.ts'
import { keptSecret, moreHeaders, ownHeaders } from './headers.ts'
import { targetsOf } from './targets.ts'

/** Requests to one operation, from what it wants to what nobody expects, by everybody. */
export function requestsTo(operation: Operation, world: World): fc.Arbitrary<Asked> {
  const methods = fc.oneof(
    { weight: 40, arbitrary: fc.constant(operation.method) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
        'OPTIONS',
        'PROPFIND',
        'get',
        'QUERY',
      ),
    },
  )
  return fc.constantFrom(...Object.entries(world.tokens)).chain(([who, token]) => {
    const own: [string, string][] = token ? [['authorization', `Bearer ${token}`]] : []
    const authorization = fc.oneof(
      { weight: 12, arbitrary: fc.constant(own) },
      { weight: 1, arbitrary: keptSecret(token || undefined) },
    )
    return fc
      .tuple(
        methods,
        targetsOf(operation, world),
        authorization,
        ownHeaders(operation, world),
        fc.oneof({ weight: 3, arbitrary: fc.constant<[string, string][]>([]) }, { weight: 1, arbitrary: moreHeaders }),
        contentsOf(operation, world),
      )
      .map(([method, target, mine, named, more, { type, body }]): Asked => {
        const bodiless = ['GET', 'HEAD'].includes(method.toUpperCase())
        const typed: [string, string][] = type === undefined || bodiless ? [] : [['content-type', type]]
        return {
          operation,
          who,
          method,
          target,
          headers: [...mine, ...typed, ...named, ...more],
          body: bodiless ? undefined : body,
        }
      })
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { revocationReasons } from '../../domain/copy.ts'
import { revokeCopy } from '../../usecases/copies/revoke.ts'
import { refusals } from '../problem.ts'
import { commandOf, CopyId, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch } from '../shapes.ts'
import { CopyView, showCopy } from './view.ts'

const Revocation = z
  .strictObject({ reason: z.enum(revocationReasons).openapi({ description: 'A code, since everybody may read it.' }) })
  .openapi('Revocation', { example: { reason: 'certified-wrongly' } })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-copy',
  'if-match-needed',
  'changed-meanwhile',
  'copy-not-valid',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/copies/{id}/revocation',
  operationId: 'revokeCopy',
  tags: ['Copies'],
  summary: 'Revoke a certified copy',
  description:
    'The unit that issued a copy takes its value away. The file stays what it is; its verification says from now on that it is revoked, when and why. A copy that still waits to be signed is given up the same way (`never-signed`): it has failed, and its number stays in the register, void.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: CopyId.openapi({ param: { name: 'id', in: 'path' } }) }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Revocation } } },
  },
  responses: {
    200: {
      description: 'The copy, revoked',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: CopyView } },
    },
    ...no.responses,
  },
})

export function revokeRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const body = c.req.valid('json')
    const input = { id, version: ifMatch(c), reason: body.reason, command: commandOf(c, body) }
    const { value: kept, replayed } = no.unwrap(await revokeCopy(c.var.context, input))
    const headers = { etag: etagOf(kept.copy.version), ...(replayed && { 'idempotent-replayed': 'true' }) }
    return c.json(await showCopy(c, kept), 200, headers)
  })
}

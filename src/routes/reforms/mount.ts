import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { assignDossier } from '../../usecases/reforms/assign.ts'
import { acceptReform, tryReform } from '../../usecases/reforms/accept.ts'
import { listReassignments, listReforms, readReform } from '../../usecases/reforms/read.ts'
import { showOutcome, DossierView } from '../dossiers/view.ts'
import { Refused, refusals } from '../problem.ts'
import {
  commandOf,
  DossierCode,
  etagOf,
  IdempotencyKeyHeader,
  IfMatchHeader,
  ifMatch,
  linkNext,
  PageQuery,
  UnitId,
} from '../shapes.ts'
import { assignmentExample } from './example.ts'
import {
  ForeseenView,
  ReassignmentPage,
  ReformBody,
  ReformPage,
  ReformView,
  showForeseen,
  showReassignments,
  showReform,
} from './view.ts'

const operator = { tags: ['Reforms'], security: [{ officer: [] }] }
const link = z.object({ link: z.string().optional() })

const noAccept = refusals(
  'token-needed',
  'not-allowed',
  'idempotency-key-needed',
  'idempotency-key-reused',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)
const accept = createRoute({
  method: 'post',
  path: '/v1/reforms',
  operationId: 'acceptReform',
  ...operator,
  summary: 'Accept a reform of the units, or try it',
  description:
    'Units end, begin, merge and divide from 00:00 of a date. With `dryRun=true` nothing is written, and the answer says how many open dossiers go where and how many will need assignment. Accepted, it is written at once and takes effect by itself: nothing runs on the day, every dossier has one competent unit at every instant, and no deadline restarts.',
  request: {
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: '`true`: write nothing, only say what would happen.' }),
    }),
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: ReformBody } } },
  },
  responses: {
    200: { description: 'What it would do', content: { 'application/json': { schema: ForeseenView } } },
    201: {
      description: 'Accepted',
      headers: z.object({ location: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: ReformView } },
    },
    ...noAccept.responses,
  },
})

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  method: 'get',
  path: '/v1/reforms',
  operationId: 'listReforms',
  ...operator,
  summary: 'List accepted reforms',
  description: 'Newest first, past and to come, each with the ground that it rests on.',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', headers: link, content: { 'application/json': { schema: ReformPage } } },
    ...noList.responses,
  },
})

const noRead = refusals('token-needed', 'not-allowed', 'no-such-reform')
const read = createRoute({
  method: 'get',
  path: '/v1/reforms/{id}',
  operationId: 'readReform',
  ...operator,
  summary: 'Read an accepted reform',
  description: 'The reform as it was accepted: which units end, which begin, and who takes over what.',
  request: {
    params: z.object({
      id: z.uuid().openapi({ param: { name: 'id', in: 'path' }, example: '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' }),
    }),
  },
  responses: {
    200: { description: 'The reform', content: { 'application/json': { schema: ReformView } } },
    ...noRead.responses,
  },
})

const reassignments = createRoute({
  method: 'get',
  path: '/v1/reassignments',
  operationId: 'listReassignments',
  ...operator,
  summary: 'List dossiers that wait for assignment',
  description:
    'Where a unit was divided and neither the place nor the procedure tells who inherited a dossier, nothing is guessed: the supervisors of the candidates find it here, with the candidates and the reason.',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', headers: link, content: { 'application/json': { schema: ReassignmentPage } } },
    ...noList.responses,
  },
})

const Assignment = z
  .strictObject({ unit: UnitId, reason: z.string().trim().min(10).max(2000) })
  .openapi('Assignment', { example: assignmentExample })

const noAssign = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'file-taken',
  'erased',
  'not-awaiting-assignment',
  'not-a-candidate',
  'wrong-media-type',
  'too-large',
)
const assign = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/assignment',
  operationId: 'assignDossier',
  ...operator,
  summary: 'Assign a dossier to one of the successors',
  description: 'By a supervisor of one of the candidates. The deadline does not restart; the reason is kept sealed.',
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Assignment } } },
  },
  responses: {
    200: {
      description: 'The dossier, with its unit',
      headers: z.object({ etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...noAssign.responses,
  },
})

export function mountReforms(api: Api) {
  api.openapi(accept, async (c) => {
    const body = c.req.valid('json')
    if (c.req.valid('query').dryRun === 'true')
      return c.json(showForeseen(body, noAccept.unwrap(await tryReform(c.var.context, body))), 200)
    const command = commandOf(c, body)
    if (!command) throw new Refused('idempotency-key-needed')
    const { value, replayed } = noAccept.unwrap(await acceptReform(c.var.context, body, command))
    const headers = { location: `/v1/reforms/${value.id}`, ...(replayed && { 'idempotent-replayed': 'true' }) }
    return c.json(showReform(c, value), 201, headers)
  })
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listReforms(c.var.context, after, limit))
    return c.json(ReformPage.parse({ items: items.map((one) => showReform(c, one)), next }), 200, linkNext(c, next))
  })
  api.openapi(read, async (c) =>
    c.json(showReform(c, noRead.unwrap(await readReform(c.var.context, c.req.valid('param').id))), 200),
  )
  api.openapi(reassignments, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listReassignments(c.var.context, after, limit))
    return c.json(ReassignmentPage.parse({ items: await showReassignments(c, items), next }), 200, linkNext(c, next))
  })
  api.openapi(assign, async (c) => {
    const body = c.req.valid('json')
    const { code } = c.req.valid('param')
    const input = { code, version: ifMatch(c), ...body, command: commandOf(c, body) }
    const { value: kept, replayed } = noAssign.unwrap(await assignDossier(c.var.context, input))
    const headers = { etag: etagOf(kept.dossier.version), ...(replayed && { 'idempotent-replayed': 'true' }) }
    return c.json(await showOutcome(c, kept), 200, headers)
  })
}

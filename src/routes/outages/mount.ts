import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { judged, listOutages, readOutage } from '../../usecases/outages/read.ts'
import { correctOutage, writeOutage } from '../../usecases/outages/write.ts'
import { Refused, refusals } from '../problem.ts'
import { commandOf, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch, linkNext, PageQuery } from '../shapes.ts'
import { CorrectionBody, OutageBody, OutageId, OutagePage, OutageView, showOutage } from './view.ts'

const tags = ['Operation']
const body = { 'application/json': { schema: OutageView } }

const noList = refusals()
const list = createRoute({
  method: 'get',
  path: '/v1/outages',
  operationId: 'listOutages',
  tags,
  summary: 'List outages of the service',
  description:
    'When the service was not there, or will not be: announced, recorded, or noticed by itself; newest first. What is listed and not withdrawn is credited in every due date.',
  security: [],
  request: { query: PageQuery },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: OutagePage } },
    },
    ...noList.responses,
  },
})

const noRead = refusals('no-such-outage')
const read = createRoute({
  method: 'get',
  path: '/v1/outages/{id}',
  operationId: 'readOutage',
  tags,
  summary: 'Read an outage',
  description: 'As it is known now; its ETag is needed to correct it.',
  security: [],
  request: { params: z.object({ id: OutageId }) },
  responses: {
    200: { description: 'The outage', headers: z.object({ etag: z.string() }), content: body },
    ...noRead.responses,
  },
})

const noWrite = refusals(
  'token-needed',
  'not-allowed',
  'idempotency-key-needed',
  'idempotency-key-reused',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)
// Only a correction can come after another.
const { 412: _never, ...refused } = noWrite.responses

const write = createRoute({
  method: 'post',
  path: '/v1/outages',
  operationId: 'writeOutage',
  tags,
  summary: 'Announce or record an outage',
  description:
    'From then on it counts: the dates of open dossiers move by the opening hours that it takes, at once and for everybody who looks; their journals follow within minutes. One that is announced less than seven working days before is taken with a warning.',
  security: [{ officer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: OutageBody } } },
  },
  responses: {
    201: {
      description: 'The outage',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: body,
    },
    ...refused,
  },
})

const noCorrect = refusals(
  'token-needed',
  'not-allowed',
  'no-such-outage',
  'if-match-needed',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)
const correct = createRoute({
  method: 'post',
  path: '/v1/outages/{id}/corrections',
  operationId: 'correctOutage',
  tags,
  summary: 'End or correct an outage',
  description:
    'What is not named stays. Dates follow as when it was first written; what was told before stays in the journals.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: OutageId }),
    headers: z.object({ 'if-match': IfMatchHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: CorrectionBody } } },
  },
  responses: {
    200: { description: 'As it is known now', headers: z.object({ etag: z.string() }), content: body },
    ...noCorrect.responses,
  },
})

export function mountOutages(api: Api) {
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = await listOutages(c.var.context, after, limit)
    return c.json(OutagePage.parse({ items: items.map(showOutage), next }), 200, linkNext(c, next))
  })
  api.openapi(read, async (c) => {
    const known = noRead.unwrap(await readOutage(c.var.context, c.req.valid('param').id))
    return c.json(showOutage(known), 200, { etag: etagOf(known.outage.version) })
  })
  api.openapi(write, async (c) => {
    const told = c.req.valid('json')
    const command = commandOf(c, told)
    if (!command) throw new Refused('idempotency-key-needed')
    const { value, replayed } = noWrite.unwrap(await writeOutage(c.var.context, told, command))
    const headers = {
      location: `/v1/outages/${value.outage.id}`,
      etag: etagOf(value.outage.version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    }
    return c.json(showOutage(await judged(c.var.context, value)), 201, headers)
  })
  api.openapi(correct, async (c) => {
    const { id } = c.req.valid('param')
    const input = { id, version: ifMatch(c), correction: c.req.valid('json') }
    const entry = noCorrect.unwrap(await correctOutage(c.var.context, input))
    return c.json(showOutage(await judged(c.var.context, entry)), 200, { etag: etagOf(entry.outage.version) })
  })
}

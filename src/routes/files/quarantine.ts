import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import type { ScannedFile } from '../../store/scans.ts'
import { listQuarantine, releaseFile } from '../../usecases/files/quarantine.ts'
import { refusals } from '../problem.ts'
import { commandOf, FileId, IdempotencyKeyHeader, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { FileView } from './view.ts'

const QuarantinedFile = FileView.extend({
  threat: z.string().max(100).nullable().openapi({ description: 'What the scanner calls it.' }),
  tries: z.int().min(0).max(1000).openapi({ description: 'How often the scanner was asked.' }),
  inDossier: z.boolean().openapi({ description: 'Whether a dossier holds it: its competent unit was told.' }),
}).openapi('QuarantinedFile')

const show = (file: ScannedFile) => QuarantinedFile.parse({ ...file, inDossier: file.dossierId !== null })
const Page = pageOfItems(QuarantinedFile).openapi('QuarantinedFilePage')
const Release = z
  .strictObject({
    reason: z.string().trim().min(10).max(2000).openapi({ description: 'Why it is a false alarm; it is kept.' }),
  })
  .openapi('FileRelease', { example: { reason: 'The maker of the scanner has withdrawn the signature.' } })

const noList = refusals('token-needed', 'not-allowed')
const listing = createRoute({
  method: 'get',
  path: '/v1/quarantined-files',
  operationId: 'listQuarantinedFiles',
  tags: ['Operation'],
  summary: 'List files that were found infected',
  description: 'The latest first; `scan` asks for those that no scanner ever gave a verdict on, or that were released.',
  security: [{ officer: [] }],
  request: {
    query: PageQuery.extend({
      scan: z
        .enum(['infected', 'failed', 'released'])
        .default('infected')
        .openapi({ description: 'Only with this verdict.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noList.responses,
  },
})

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-file',
  'not-quarantined',
  'changed-meanwhile',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)
const releasing = createRoute({
  method: 'post',
  path: '/v1/quarantined-files/{id}/release',
  operationId: 'releaseFile',
  tags: ['Operation'],
  summary: 'Release a file that was a false alarm',
  description:
    'Who did it and why is kept in the journal of the file; from then on it is downloaded and used as any other. A dossier that holds it is told.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: FileId.openapi({ param: { name: 'id', in: 'path' } }) }),
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Release } } },
  },
  responses: {
    200: { description: 'The file, released', content: { 'application/json': { schema: QuarantinedFile } } },
    ...no.responses,
  },
})

export function quarantineRoutes(api: Api) {
  api.openapi(listing, async (c) => {
    const { limit, after, scan } = c.req.valid('query')
    const page = noList.unwrap(await listQuarantine(c.var.context, scan, after, limit))
    return c.json(Page.parse({ items: page.items.map(show), next: page.next }), 200, linkNext(c, page.next))
  })
  api.openapi(releasing, async (c) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')]
    const command = commandOf(c, { ...body, id })
    const { value, replayed } = no.unwrap(await releaseFile(c.var.context, { id, ...body }, command))
    return c.json(show(value), 200, replayed ? { 'idempotent-replayed': 'true' } : {})
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listDossiers } from '../../usecases/dossiers/read.ts'
import { refusals } from '../problem.ts'
import { Instant, linkNext, PageQuery, pageOfItems, PersonalId, TaxCode, UnitId } from '../shapes.ts'
import { DossierSummary, showSummaries, Status } from './view.ts'

const no = refusals('token-needed', 'not-allowed')

const Page = pageOfItems(DossierSummary).openapi('DossierPage')

const route = createRoute({
  method: 'get',
  path: '/v1/dossiers',
  operationId: 'listDossiers',
  tags: ['Dossiers'],
  summary: 'List dossiers',
  description:
    'What the caller may see: an app what it handed in, a citizen their own, an officer what their unit decides or received. Newest first; with `updatedAfter` in the order of change, so that following `next` leaves nothing out that changes meanwhile; with `dueBefore` in the order of due dates. Where several filters leave little, a page may hold fewer than `limit`, even none, and have a `next`: go on until it is null.',
  security: [
    { app: ['dossiers:read'] },
    { consent: ['citizen:dossiers:read'] },
    { citizen: ['dossiers'] },
    { officer: [] },
  ],
  request: {
    query: PageQuery.extend({
      status: Status.optional(),
      procedure: z.string().max(20).optional(),
      unit: UnitId.optional(),
      dueBefore: Instant.optional(),
      updatedAfter: Instant.optional(),
      applicant: z
        .union([PersonalId, TaxCode])
        .optional()
        .openapi({ description: 'A personal number or a tax code: the dossiers of that person or organisation.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...no.responses,
  },
})

export function listRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { limit, after, ...filters } = c.req.valid('query')
    const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
    const page = no.unwrap(await listDossiers(c.var.context, given, after, limit))
    return c.json(
      Page.parse({ items: await showSummaries(c, page.items), next: page.next }),
      200,
      linkNext(c, page.next),
    )
  })
}

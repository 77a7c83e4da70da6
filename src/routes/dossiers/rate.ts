import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { rateDossier } from '../../usecases/dossiers/rate.ts'
import { refusals } from '../problem.ts'
import { DossierCode, etagOf, IfMatchHeader, ifMatch } from '../shapes.ts'
import { examples } from './examples.ts'
import { DossierView, Score, showOutcome } from './view.ts'

export const Rating = z
  .strictObject({ score: Score, comment: z.string().trim().min(1).max(2000).nullable().default(null) })
  .openapi('Rating', { example: examples.rating })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'if-match-needed',
  'changed-meanwhile',
  'no-result-yet',
  'rating-closed',
  'too-many-events',
  'erased',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'put',
  path: '/v1/dossiers/{code}/rating',
  operationId: 'rateDossier',
  tags: ['Dossiers'],
  summary: 'Rate a finished dossier',
  description:
    'The applicant, with a token of their own, says what they think of how it was handled, once the result is out. One rating a dossier; for 30 days it can be changed by sending it again.',
  security: [{ citizen: ['dossiers'] }],
  request: {
    params: z.object({ code: DossierCode }),
    headers: z.object({ 'if-match': IfMatchHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Rating } } },
  },
  responses: {
    200: {
      description: 'The dossier with its rating',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: DossierView } },
    },
    ...no.responses,
  },
})

export function rateRoute(api: Api) {
  api.openapi(route, async (c) => {
    const input = { code: c.req.valid('param').code, version: ifMatch(c), rating: c.req.valid('json') }
    const kept = no.unwrap(await rateDossier(c.var.context, input))
    return c.json(await showOutcome(c, kept), 200, { etag: etagOf(kept.dossier.version) })
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { explainDue } from '../../usecases/dossiers/due.ts'
import { readDossier } from '../../usecases/dossiers/read.ts'
import { DueStep } from '../explained.ts'
import { refusals } from '../problem.ts'
import { alreadyHas, DossierCode, etagOf } from '../shapes.ts'
import { DossierView, showDossier } from './view.ts'

const no = refusals('token-needed', 'not-allowed', 'no-such-dossier', 'calendar-unknown')

const Explained = DossierView.extend({
  dueExplanation: z
    .array(DueStep)
    .max(1000)
    .optional()
    .openapi({ description: 'With `explain=due`: every rule on the way from reception to the due date.' }),
}).openapi('ExplainedDossier')

const route = createRoute({
  method: 'get',
  path: '/v1/dossiers/{code}',
  operationId: 'readDossier',
  tags: ['Dossiers'],
  summary: 'Read a dossier',
  description:
    'The whole dossier, for its applicant, the app that handed it in, its competent unit and the point that received it. For anybody else it does not exist. Send the ETag back in If-None-Match to poll for nothing.',
  security: [
    { app: ['dossiers:read'] },
    { consent: ['citizen:dossiers:read'] },
    { citizen: ['dossiers'] },
    { officer: [] },
  ],
  request: {
    params: z.object({ code: DossierCode }),
    query: z.strictObject({
      explain: z
        .literal('due')
        .optional()
        .openapi({ description: '`due`: add how the due date was reached, step by step.' }),
    }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The dossier',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: Explained } },
    },
    304: { description: 'You have this version already.' },
    ...no.responses,
  },
})

export function readRoute(api: Api) {
  api.openapi(route, async (c) => {
    const kept = no.unwrap(await readDossier(c.var.context, c.req.valid('param').code))
    const etag = etagOf(kept.dossier.version)
    const headers = { etag, 'cache-control': 'private, no-cache' }
    if (alreadyHas(c, etag)) return c.body(null, 304, headers)
    const dossier = await showDossier(c, kept)
    if (c.req.valid('query').explain === undefined) return c.json(dossier, 200, headers)
    const { steps } = no.unwrap(await explainDue(c.var.context, kept.dossier))
    return c.json(Explained.parse({ ...dossier, dueExplanation: steps }), 200, headers)
  })
}

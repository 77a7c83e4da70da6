import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { readTerms, setTerms } from '../../usecases/consents/terms.ts'
import { AppId } from '../apps/view.ts'
import { refusals } from '../problem.ts'
import { contentTag } from '../public.ts'
import { alreadyHas } from '../shapes.ts'
import { TermsView } from './view.ts'

const common = { path: '/v1/apps/{id}/consent-terms', tags: ['Apps'], security: [{ officer: [] }] }
const terms = { 'application/json': { schema: TermsView } }
const params = z.object({ id: AppId })

const no = refusals('token-needed', 'not-allowed', 'no-such-app')
const read = createRoute({
  ...common,
  method: 'get',
  operationId: 'readConsentTerms',
  summary: 'Read what an app may ask citizens for',
  description: 'For operators. Empty lists: the app may ask for nothing. Who consented to what is not shown here.',
  request: { params, headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: { description: 'The terms', headers: z.object({ etag: z.string() }), content: terms },
    304: { description: 'You have them as they are.' },
    ...no.responses,
  },
})

const noSet = refusals('token-needed', 'not-allowed', 'no-such-app', 'wrong-media-type', 'too-large')
const set = createRoute({
  ...common,
  method: 'put',
  operationId: 'setConsentTerms',
  summary: 'Set what an app may ask citizens for',
  description:
    'For operators, in whole: scopes, the addresses to which a browser may be sent back, and the purposes in the words that citizens read. A scope that is left out ends at once, under consents that were given before, too. Earlier terms stay on record.',
  request: { params, body: { required: true, content: terms } },
  responses: { 200: { description: 'The terms from now on', content: terms }, ...noSet.responses },
})

/** What an app may ask for is the city's word, not the app's. */
export function termsRoutes(api: Api) {
  api.openapi(read, async (c) => {
    const view = TermsView.parse(no.unwrap(await readTerms(c.var.context, c.req.valid('param').id)))
    const headers = { etag: await contentTag(view), 'cache-control': 'private, no-cache' }
    return alreadyHas(c, headers.etag) ? c.body(null, 304, headers) : c.json(view, 200, headers)
  })
  api.openapi(set, async (c) => {
    const found = await setTerms(c.var.context, c.req.valid('param').id, c.req.valid('json'))
    return c.json(TermsView.parse(noSet.unwrap(found)), 200)
  })
}

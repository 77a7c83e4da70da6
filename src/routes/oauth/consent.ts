import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { timingSafeEqual } from 'node:crypto'
import type { Api, House } from '../../app.ts'
import { type ConsentScope, consentScopes, type Selection, type Side } from '../../domain/consent.ts'
import { sha256, toBase64Url, utf8 } from '../../platform/crypto.ts'
import { ok } from '../../platform/result.ts'
import { type Answer, answerQuestion, readQuestion } from '../../usecases/consents/choose.ts'
import { logIn } from '../../usecases/consents/log-in.ts'
import { identify } from '../middleware/authenticate.ts'
import { languageOf, Refused, refusals } from '../problem.ts'
import { browserOf, forBrowsers, sendBack, sendOn } from './browser.ts'
import { consentPage, consentPolicy } from './consent-page.ts'
import { htmlReply, pageReplies, toApp, whateverElse } from './replies.ts'

const Handle = z
  .string()
  .max(43)
  .regex(/^[\w-]{43}$/)
  .openapi({
    param: { name: 'id', in: 'path' },
    description: 'Of an authorization on its way; good in the browser that began it only.',
    example: '6Tn3mK0cJ2v9yQeXwL4hR8sUoZbA1dFgHiPjVkNtM5E',
  })
const common = { tags: ['Consents'], security: [] }
const no = refusals('no-such-authorization')

const BackQuery = z.object({
  state: z.string().max(100).optional().openapi({ description: 'Of the authorization that the login belongs to.' }),
  code: z.string().max(2000).optional().openapi({ description: 'Of the identity provider.' }),
  error: z.string().max(100).optional().openapi({ description: 'Why there is no code.' }),
  iss: z.string().max(300).optional().openapi({ description: 'The identity provider (RFC 9207).' }),
})
const PageQuery = z.object({
  lang: z.enum(['vi', 'en']).optional().openapi({ description: 'The language of the page.' }),
  side: z
    .enum(['person', 'organisation'])
    .optional()
    .openapi({ description: 'For whom a person chooses who acts for an organisation, too.' }),
})
const chosen = z
  .array(z.string().max(64))
  .max(51)
  .optional()
  .openapi({ description: '`all`, or `only` and the codes or ids of those that are.' })
const Form = z
  .object({
    form: z.string().max(43).openapi({ description: 'From the page: who has it has seen the page in this browser.' }),
    decision: z.enum(['allow', 'deny']),
    side: z.enum(['person', 'organisation']).optional(),
    days: z.string().max(3).optional(),
    'citizen:dossiers:read': chosen,
    'citizen:copies:read': chosen,
  })
  .openapi('OAuthConsentForm', { example: { form: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', decision: 'deny' } })

/** The login that comes back, the page on which the citizen chooses, and their answer. */
export function consentRoutes(api: Api) {
  api.openAPIRegistry.registerPath({
    ...common,
    method: 'get',
    path: '/oauth/callback',
    operationId: 'finishLogin',
    summary: 'Come back from the login',
    description:
      'For browsers: where the identity provider sends a citizen back to, and from there to the page of consent.',
    request: { query: BackQuery },
    responses: {
      303: toApp('To the page of consent, or back to the app'),
      default: whateverElse,
      ...pageReplies('no-such-authorization'),
    },
  })
  api.get('/oauth/callback', ...forBrowsers, async (c) => {
    const { config, context } = c.var
    const url = new URL(c.req.url)
    const back = { id: url.searchParams.get('state') ?? '', browser: browserOf(c), url }
    const whoIs = async (token: string) => {
      const found = await identify(`Bearer ${token}`, config, context.now())
      return found.ok ? ok(found.value.actor) : found
    }
    const done = no.unwrap(await logIn(context, back, whoIs))
    return 'id' in done ? sendOn(c, `/oauth/authorizations/${done.id}`) : sendBack(c, done)
  })

  api.openAPIRegistry.registerPath({
    ...common,
    method: 'get',
    path: '/oauth/authorizations/{id}',
    operationId: 'showConsentPage',
    summary: 'The page on which a citizen consents',
    description: 'For the browser that logged in: who asks for what, for what purpose, how far and for how long.',
    request: { params: z.object({ id: Handle }), query: PageQuery },
    responses: { 200: htmlReply('The page'), ...pageReplies('no-such-authorization') },
  })
  api.get('/oauth/authorizations/:id', ...forBrowsers, (c) => show(c, 200))

  api.openAPIRegistry.registerPath({
    ...common,
    method: 'post',
    path: '/oauth/authorizations/{id}',
    operationId: 'answerConsentPage',
    summary: 'Consent, or do not',
    description:
      'What the page of consent sends, once: from that page, in that browser, and nothing that it did not offer.',
    request: {
      params: z.object({ id: Handle }),
      body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: Form } } },
    },
    responses: {
      303: toApp('Back to the app, with a code or `access_denied`'),
      200: htmlReply('The page again: something was left open'),
      ...pageReplies('no-such-authorization', 'form-not-ours', 'too-large'),
    },
  })
  api.post('/oauth/authorizations/:id', ...forBrowsers, answerLimit, async (c) => {
    const [id, browser] = [c.req.param('id'), browserOf(c)]
    const form = new URLSearchParams(await c.req.text())
    if (!(await isFromPage(c, form.get('form') ?? ''))) throw new Refused('form-not-ours')
    const answered = await answerQuestion(c.var.context, { id, browser }, answerIn(form))
    if (answered.ok) return sendBack(c, answered.value)
    if (answered.refusal === 'unanswered') return show(c, 200, form)
    throw new Refused(answered.refusal)
  })
}

const answerLimit = bodyLimit({
  maxSize: 16_384,
  onError: () => {
    throw new Refused('too-large')
  },
})

async function show(c: HonoContext<House>, status: 200, sent?: URLSearchParams): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const side = sideIn(sent?.get('side') ?? c.req.query('side'))
  const question = no.unwrap(await readQuestion(c.var.context, { id, browser: browserOf(c), side }))
  const asked = sent?.get('lang') ?? c.req.query('lang')
  const language = asked === 'vi' || asked === 'en' ? asked : (question.request.language ?? languageOf(c))
  const view = { id, question, language, form: await formToken(c, id), now: c.var.context.now(), sent }
  return c.html(consentPage(view), status, {
    'content-security-policy': consentPolicy(question.request.redirectUri),
    'content-language': language,
    vary: 'Cookie, Accept-Language',
  })
}

/** Proves that a form was made for this browser: nobody can make it who does not hold the browser's cookie. */
const formToken = async (c: HonoContext<House>, id: string): Promise<string> =>
  toBase64Url(await sha256(`consent form ${id} ${browserOf(c)}`))

/** Against forms that another site sends (RFC 9700 §4.16): the token of the page, and what the browser says of where it comes from. */
async function isFromPage(c: HonoContext<House>, token: string): Promise<boolean> {
  const site = c.req.header('sec-fetch-site')
  const [expected, given] = [utf8(await formToken(c, c.req.param('id') ?? '')), utf8(token)]
  if (browserOf(c) === '' || (site !== undefined && site !== 'same-origin')) return false
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function answerIn(form: URLSearchParams): Answer {
  const side = sideIn(form.get('side') ?? undefined)
  if (form.get('decision') !== 'allow') return { decision: 'deny' }
  const reaches = consentScopes.flatMap((scope): [ConsentScope, Selection][] => {
    const [how, ...only] = form.getAll(scope)
    if (how === undefined) return []
    return [[scope, how === 'all' ? 'all' : how === 'only' ? only : []]]
  })
  return {
    decision: 'allow',
    side: side ?? 'person',
    days: Number(form.get('days')),
    reaches: Object.fromEntries(reaches),
  }
}

const sideIn = (text: string | undefined): Side | undefined =>
  text === 'person' || text === 'organisation' ? text : undefined

import type { Api } from '../../app.ts'
import { problems } from '../problems.ts'
import { sayBounds } from './bounds.ts'

type Document = ReturnType<Api['getOpenAPI31Document']>

/** What means the same wherever it comes up; a route that means more says so itself. Headers: RFC 9110, 8288, 9530. */
const commonWords: Record<string, string> = {
  limit: 'How many on a page.',
  q: 'Words to look for, with or without Vietnamese accents.',
  level: 'Only of this level of government.',
  status: 'Only with this status.',
  procedure: 'Code of the procedure.',
  channel: 'How it is handed in.',
  code: 'The code of the dossier, as printed on the receipt.',
  id: 'The id, as given out when it was made.',
  credential: 'The id of the secret.',
  key: 'The id of the key.',
  event: 'The id of the event.',
  form: 'Which of the official forms.',
  from: 'The first day.',
  dueBefore: 'Only what is due before this moment, what is due first first.',
  updatedAfter: 'Only what changed after this moment, what changed first first.',
  etag: 'The version of what is shown; send it back in If-Match or If-None-Match.',
  location: 'The address of what was made.',
  link: 'The next page, with `rel="next"`; missing on the last.',
  'idempotent-replayed': '`true` when an earlier request with this key is answered again.',
  'if-none-match': 'The ETag that you have; 304 when it is still the current one.',
  'webhook-id': 'Id of the message (Standard Webhooks 1.0).',
  'webhook-timestamp': 'When it was signed, in seconds since 1970.',
  'webhook-signature': '`v1,` and the HMAC-SHA-256 of id, timestamp and body, in base64.',
  'content-digest': 'SHA-256 of the bytes (RFC 9530), so that a fault of transport is noticed.',
  'file-id': 'The file that an upload has become.',
  range: 'One range of bytes, such as `bytes=0-1023`.',
}

const text = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const, maxLength: 500, example },
})

/** What no reply that is described with it lacks. */
const always = (description: string, example: string) => ({ ...text(description, example), required: true as const })

const headers = {
  XRequestId: always('Name it in questions about this request.', '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'),
  TraceResponse: always(
    'The trace that this request belongs to: yours, if it sent a `traceparent` (W3C Trace Context).',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ),
  ApiVersion: always('Semantic version of this API.', '1.0.0'),
  XBookmark: text('Send it back with a read that must see this change.', '00000085-00000003-00004f2d-1a2b3c'),
  WwwAuthenticate: text(
    'How to authenticate (RFC 6750, RFC 9728); with 403 which scope is missing, where one is.',
    'Bearer error="invalid_token"',
  ),
  RetryAfter: always('When to try again, in seconds.', '10'),
  'RateLimit-Policy': text(
    'Which quota this request counts against, and its size: `q` requests in `w` seconds.',
    '"submit";q=3000;w=10',
  ),
  RateLimit: text(
    'What is left of the quota: told with 429, when it is nothing; `t` seconds later there is more.',
    '"submit";r=0;t=10',
  ),
  'Access-Control-Allow-Origin': text(
    'Any page may ask (CORS): a token in a header is what counts, never a cookie.',
    '*',
  ),
}

/** On every reply of every operation. */
const everywhere = {
  'Access-Control-Allow-Origin': header('Access-Control-Allow-Origin'),
  'RateLimit-Policy': header('RateLimit-Policy'),
  RateLimit: header('RateLimit'),
}

/** Where no token is needed, one that is sent must be valid all the same. */
const tokenOptional = [{}, { app: [] }, { citizen: [] }, { officer: [] }]

/** What the gate answers for every operation, before the operation itself is reached. */
const tooMany: Reply = {
  description: `\`too-many-requests\`: ${problems['too-many-requests'].title.en}.`,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

const notUnderIt: Reply = {
  ...tooMany,
  description: `\`mandate-not-valid\`: ${problems['mandate-not-valid'].title.en}.`,
}

const underMandate = (refused?: Reply): Reply =>
  refused ? { ...refused, description: `${refused.description} ${notUnderIt.description}` } : { ...notUnderIt }

const parameters = {
  Mandate: {
    name: 'mandate',
    in: 'header' as const,
    description:
      'The id of a mandate that an organisation gave you: the request then counts as the organisation’s, within the extent of the mandate.',
    // No example, as below: the reference would send it.
    schema: { type: 'string' as const, maxLength: 44 },
  },
  AcceptLanguage: {
    name: 'accept-language',
    in: 'header' as const,
    ...text('`vi` (unless told otherwise) or `en`: the language of `title` and `detail` in problems.', 'en'),
  },
  XBookmark: {
    name: 'x-bookmark',
    in: 'header' as const,
    description: 'The `X-Bookmark` of a change: the answer shows at least that change, whichever replica gives it.',
    // No example: the reference would fill it in, and a bookmark that was never given out is good for nothing.
    schema: { type: 'string' as const, maxLength: 100 },
  },
}

function header(name: keyof typeof headers) {
  return { $ref: `#/components/headers/${name}` }
}
const parameter = (name: keyof typeof parameters) => ({ $ref: `#/components/parameters/${name}` })

/** Adds to every operation what middleware does for every operation, so that no route has to repeat it. */
export function describeCommon(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const isOurs = path.startsWith('/v1/')
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method]
      if (!operation) continue
      const own = (operation.parameters ?? []).map((one) => ('name' in one ? worded(one.name, one) : one))
      const common = isOurs ? [parameter('AcceptLanguage'), ...(method === 'get' ? [parameter('XBookmark')] : [])] : []
      const isForMandates = operation.security?.some((one) => 'citizen' in one) && !path.startsWith('/v1/mandates')
      operation.parameters = [...own, ...common, ...(isForMandates ? [parameter('Mandate')] : [])]
      if (isOurs && operation.security?.length === 0) operation.security = tokenOptional
      const responses: Record<string, Reply> = (operation.responses = { 429: tooMany, ...operation.responses })
      // Whoever names a mandate that is not valid is told so, whatever they ask for.
      if (isOurs) responses['403'] = underMandate(responses['403'])
      // Nothing but a body or the key of a command can be unreadable: an odd address or query is not valid (422).
      const mayBeUnreadable =
        operation.requestBody ?? own.some((one) => 'name' in one && one.name === 'idempotency-key')
      if (isOurs && !mayBeUnreadable) delete responses['400']
      const mayBeInvalid = operation.requestBody ?? own.some((one) => 'in' in one && one.in !== 'header')
      if (isOurs && !mayBeInvalid) delete responses['422']
      for (const [status, response] of Object.entries(responses))
        response.headers = {
          ...Object.fromEntries(Object.entries(response.headers ?? {}).map(([name, one]) => [name, worded(name, one)])),
          ...(isOurs && method !== 'get' && status.startsWith('2') && { 'x-bookmark': header('XBookmark') }),
          ...(['401', ...(isOurs ? ['403'] : [])].includes(status) && {
            'www-authenticate': header('WwwAuthenticate'),
          }),
          ...(['429', '503'].includes(status) && { 'Retry-After': header('RetryAfter') }),
          // On problems too, as the introduction says; repeating it there would double the document.
          ...(status < '400' && {
            'x-request-id': header('XRequestId'),
            traceresponse: header('TraceResponse'),
            'api-version': header('ApiVersion'),
          }),
          ...everywhere,
        }
    }
  }
  keepNullInChoices(document)
  const whole = { ...document, components: { ...document.components, headers, parameters } }
  sayBounds(whole)
  return whole
}

/** A nullable choice says `type: [string, null]`, but its `enum` forgets the null: then nothing could ever be null. */
function keepNullInChoices(part: unknown): void {
  if (typeof part !== 'object' || part === null) return
  if ('type' in part && Array.isArray(part.type) && 'enum' in part && Array.isArray(part.enum)) {
    if (part.type.includes('null') && !part.enum.includes(null)) part.enum = [...part.enum, null]
  }
  for (const inner of Object.values(part)) keepNullInChoices(inner)
}

type Reply = { description?: string; content?: object; headers?: Record<string, object> }

/** With the words for a standard header, where the route has none of its own. */
function worded<T extends object>(name: string, described: T): T {
  const words = commonWords[name]
  const schema: unknown = 'schema' in described ? described.schema : undefined
  const hasWords =
    'description' in described || (typeof schema === 'object' && schema !== null && 'description' in schema)
  const bounded = isText(schema) ? { ...described, schema: { maxLength: 2000, ...schema } } : described
  return words === undefined || hasWords ? bounded : { ...bounded, description: words }
}

/** A text about whose form nothing is said; a pattern or format bounds itself. */
const isText = (schema: unknown): schema is object =>
  typeof schema === 'object' &&
  schema !== null &&
  'type' in schema &&
  schema.type === 'string' &&
  !('pattern' in schema)

import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { log } from '../platform/log.ts'
import type { Because, Result } from '../platform/result.ts'
import type { House } from '../app.ts'
import { challenge } from './challenge.ts'
import { type Refusal, problems } from './problems.ts'

export const Problem = z
  .object({
    type: z.url().openapi({ description: 'Opens a page that explains the problem in Vietnamese and English.' }),
    title: z.string().max(200),
    status: z.int().min(400).max(599),
    detail: z.string().max(2000).optional(),
    instance: z.string().max(100).openapi({ description: 'The id of the request, for questions about it.' }),
    code: z.string().max(64).openapi({ description: 'Stable; never translated.' }),
    scope: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: 'The scope that a token would need (RFC 6750 §3), where one is missing.' }),
    errors: z
      .array(z.object({ pointer: z.string().max(500), code: z.string().max(64), detail: z.string().max(1000) }))
      .max(1000)
      .optional()
      .openapi({ description: 'All faults of the input at once, each with its JSON pointer.' }),
  })
  .openapi('Problem', {
    example: {
      type: 'https://api.example.gov.vn/problems/no-such-dossier',
      title: 'No such dossier',
      status: 404,
      detail: 'Check the code, and whether your token may see it.',
      instance: 'urn:uuid:01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      code: 'no-such-dossier',
    },
  })

/** Thrown by {@link refusals}.unwrap and by middleware; `onError` turns it into a problem document. */
export class Refused extends Error {
  readonly refusal: Refusal
  readonly because: Because | undefined
  readonly headers: Record<string, string>
  constructor(refusal: Refusal, because?: Because, headers: Record<string, string> = {}) {
    super(refusal)
    this.refusal = refusal
    this.because = because
    this.headers = headers
  }
}

/** What any operation may answer, besides its own refusals. */
const always = [
  'unreadable-request',
  'invalid-request',
  'token-invalid',
  'token-expired',
  'dpop-proof-invalid',
  'issuer-unreachable',
  'too-many-requests',
  'internal',
] as const

/** Problem replies as the document shows them: one for each status, with every code that it may carry. */
export function problemReplies(...codes: Refusal[]) {
  const byStatus = Map.groupBy(new Set(codes), (code) => problems[code].status)
  const content = { 'application/problem+json': { schema: Problem } }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      { description: same.map((code) => `\`${code}\`: ${problems[code].title.en}.`).join(' '), content },
    ]),
  )
}

/** Declares the refusals of one route. A use case that can refuse in any other way does not compile. */
export function refusals<const Code extends Refusal>(...codes: Code[]) {
  return {
    responses: problemReplies(...codes, ...always),
    unwrap<T>(result: Result<T, Code | (typeof always)[number]>): T {
      if (result.ok) return result.value
      throw new Refused(result.refusal, result.because)
    },
  }
}

/** The language that the caller reads: Vietnamese unless English is preferred (RFC 9110 §12.5.4). */
export function languageOf(c: HonoContext): 'vi' | 'en' {
  const wishes = (c.req.header('accept-language') ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';')
    const q = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find(Boolean)
    return { language: tag.split('-')[0], q: q === undefined ? 1 : Number(q) }
  })
  const best = (language: string) => Math.max(0, ...wishes.filter((w) => w.language === language).map((w) => w.q))
  return best('en') > best('vi') ? 'en' : 'vi'
}

const cut = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text

/** Answers with a problem document (RFC 9457). */
export function sayNo(
  c: HonoContext<House>,
  refusal: Refusal,
  because: Because = {},
  headers: Record<string, string> = {},
): Response {
  const language = languageOf(c)
  c.set('refused', refusal)
  const { status, title, help } = problems[refusal]
  const origin = c.var.config?.publicOrigin ?? new URL(c.req.url).origin
  const body = {
    type: `${origin}/problems/${refusal}`,
    title: title[language],
    status,
    detail: (because.detail ?? help)[language],
    instance: `urn:uuid:${c.var.requestId}`,
    code: refusal,
    ...(because.scope !== undefined && { scope: because.scope }),
    ...(because.errors && {
      errors: because.errors
        .slice(0, 1000)
        // A name that was sent is told as far as there is room for it.
        .map(({ pointer, code, detail }) => ({
          pointer: cut(pointer, 500),
          code,
          detail: cut(detail[language], 1000),
        })),
    }),
  }
  return c.body(JSON.stringify(Problem.parse(body)), status, {
    'content-type': 'application/problem+json',
    'content-language': language,
    'cache-control': 'no-store',
    vary: 'Accept-Language',
    // What others do not answer just now, they may in a minute.
    ...(status === 503 && { 'retry-after': '60' }),
    ...(because.scope !== undefined && {
      'www-authenticate': challenge(origin, c.req.header('authorization'), { scope: because.scope }),
    }),
    ...headers,
  })
}

/** The one place where faults and refusals become replies. */
export function onError(error: Error, c: HonoContext<House>): Response {
  if (error instanceof Refused) return sayNo(c, error.refusal, error.because, error.headers)
  if (error instanceof HTTPException && error.status === 415) return sayNo(c, 'wrong-media-type')
  if (error instanceof HTTPException && error.status < 500) return sayNo(c, 'unreadable-request')
  log('request.failed', { requestId: c.var.requestId, path: c.req.routePath, error })
  return sayNo(c, 'internal')
}

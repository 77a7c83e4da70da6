import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Api, House } from '../../app.ts'
import { judgeDigest, judgeFile, readVerification } from '../../usecases/verifications/verify.ts'
import { inputErrors } from '../invalid.ts'
import { Refused, refusals } from '../problem.ts'
import { CopyNumber } from '../copies/view.ts'
import { filePageRoute } from './file-page.ts'
import { copyPage } from './page.ts'
import { Judged, Registered, showConclusion, showRegistered } from './view.ts'

const Digest = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })

// Written out: a zod schema here would be run on the PDF too, since the library validates every required JSON body.
const digestSchema = {
  type: 'object' as const,
  additionalProperties: false,
  required: ['sha256'],
  properties: { sha256: { type: 'string' as const, pattern: '^[0-9a-f]{64}$', maxLength: 64 } },
  example: { sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' },
}

const noNumber = refusals('no-such-number')
const byNumber = createRoute({
  method: 'get',
  path: '/v1/verifications/{number}',
  operationId: 'readVerification',
  tags: ['Public'],
  summary: 'Check a copy by its number',
  description:
    'What the QR code of a certified copy opens: a page for people, the same as JSON for machines (Accept). No login, nothing about the owner.',
  security: [],
  request: { params: z.object({ number: CopyNumber.openapi({ param: { name: 'number', in: 'path' } }) }) },
  responses: {
    200: {
      description: 'What the register says today',
      content: { 'application/json': { schema: Registered }, 'text/html': { schema: z.string().max(100_000) } },
    },
    ...noNumber.responses,
  },
})

const noFile = refusals('too-large', 'empty-file', 'wrong-media-type', 'length-required')
const byFile = createRoute({
  method: 'post',
  path: '/v1/verifications',
  operationId: 'verify',
  tags: ['Public'],
  summary: 'Check a PDF',
  description:
    'Send a PDF of at most 10 MB (or only its SHA-256 as JSON) and get a verdict signature by signature: mathematics, certificate chain, revocation, time-stamp, whether the whole file is covered and what was changed since; and whether the register knows these very bytes. Nothing is stored.',
  security: [],
  request: {
    body: {
      required: true,
      content: {
        'application/pdf': { schema: { type: 'string', format: 'binary', maxLength: 10_485_760 } },
        'application/json': { schema: digestSchema },
      },
    },
  },
  responses: {
    200: { description: 'The verdict', content: { 'application/json': { schema: Judged } } },
    ...noFile.responses,
  },
})

const largest = 10 * 1024 * 1024

/** The digest out of a JSON body, or the bytes of a PDF. */
async function sentIn(c: HonoContext<House>): Promise<string | Uint8Array<ArrayBuffer>> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/pdf' && type !== 'application/json') throw new Refused('wrong-media-type')
  const length = Number(c.req.header('content-length') ?? Number.NaN)
  if (!Number.isInteger(length)) throw new Refused('length-required')
  if (length > largest) throw new Refused('too-large')
  if (length === 0) throw new Refused('empty-file')
  if (type === 'application/pdf') return new Uint8Array(await c.req.arrayBuffer())
  const body = await c.req.json().catch(() => Promise.reject(new Refused('unreadable-request')))
  const digest = Digest.safeParse(body)
  if (!digest.success) throw new Refused('invalid-request', { errors: inputErrors(digest.error.issues, 'json') })
  return digest.data.sha256
}

export function mountVerifications(api: Api) {
  filePageRoute(api)
  api.openapi(byNumber, async (c) => {
    const found = noNumber.unwrap(await readVerification(c.var.context, c.req.valid('param').number))
    const headers = { 'cache-control': 'public, max-age=0, must-revalidate', vary: 'Accept, Accept-Language' }
    const said = showRegistered(found)
    const wantsPage = (c.req.header('accept') ?? '').includes('text/html')
    return wantsPage ? c.html(copyPage(said), 200, headers) : c.json(said, 200, headers)
  })
  api.openapi(byFile, async (c) => {
    const sent = await sentIn(c)
    const { context } = c.var
    const conclusion = typeof sent === 'string' ? await judgeDigest(context, sent) : await judgeFile(context, sent)
    return c.json(showConclusion(conclusion), 200)
  })
}

import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { mediaTypes } from '../../domain/file.ts'
import { downloadFile, readFile } from '../../usecases/files/download.ts'
import { refusals } from '../problem.ts'
import { alreadyHas, FileId } from '../shapes.ts'
import { FileView } from './view.ts'

const no = refusals('token-needed', 'not-allowed', 'no-such-file', 'file-quarantined', 'range-not-satisfiable')
const content = Object.fromEntries(
  mediaTypes.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]),
)

const route = createRoute({
  method: 'get',
  path: '/v1/files/{id}',
  operationId: 'downloadFile',
  tags: ['Files'],
  summary: 'Download a file',
  description:
    'For who uploaded it and for those who may see the dossier that holds it. Ranges are answered (RFC 9110 §14). `Accept: application/json` asks what is known of it instead: digest, size, and whether it was found infected.',
  security: [
    { app: ['dossiers:read'] },
    { consent: ['citizen:dossiers:read'] },
    { citizen: ['dossiers'] },
    { officer: [] },
  ],
  request: {
    params: z.object({ id: FileId.openapi({ param: { name: 'id', in: 'path' } }) }),
    headers: z.object({ range: z.string().max(200).optional(), 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The bytes, or what is known of them',
      content: { ...content, 'application/json': { schema: FileView } },
    },
    206: { description: 'A part of them', content },
    304: { description: 'You have it already.' },
    ...no.responses,
  },
})

export function downloadRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const vary = { vary: 'Accept' }
    if (/\bapplication\/json\b/i.test(c.req.header('accept') ?? ''))
      return c.json(FileView.parse(no.unwrap(await readFile(c.var.context, id))), 200, vary)
    const range = rangeIn(c.req.header('range'))
    const { file, open } = no.unwrap(await downloadFile(c.var.context, id, range))
    const etag = `"${file.sha256}"`
    const headers = {
      ...vary,
      etag,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-type': file.mediaType,
      'content-disposition': 'attachment',
    }
    if (alreadyHas(c, etag)) return c.body(null, 304, headers)
    const object = await open()
    const part = object.range
    if (!range || !part || !('offset' in part))
      return c.body(object.body, 200, { ...headers, 'content-length': String(file.size) })
    const { offset, length = file.size - offset } = part
    return c.body(object.body, 206, {
      ...headers,
      'content-length': String(length),
      'content-range': `bytes ${offset}-${offset + length - 1}/${file.size}`,
    })
  })
}

/** One byte range; anything else is answered with the whole file, as RFC 9110 §14.2 allows. */
function rangeIn(header: string | undefined): { offset: number; length?: number } | { suffix: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '') return last === '' ? undefined : { suffix: Number(last) }
  if (last === '') return { offset: Number(first) }
  return Number(last) >= Number(first) ? { offset: Number(first), length: Number(last) - Number(first) + 1 } : undefined
}

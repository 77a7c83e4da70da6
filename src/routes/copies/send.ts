import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import type { IssuedFile } from '../../domain/copy.ts'
import { alreadyHas } from '../shapes.ts'

type Pdf = { kept: { number: string }; file: IssuedFile }

/** Sends a signed PDF. It is opened, and the opening recorded, only for who does not have it and really takes it. */
export async function sendPdf(c: HonoContext<House>, { kept, file }: Pdf, open: () => Promise<R2ObjectBody>) {
  const etag = `"${file.sha256}"`
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (alreadyHas(c, etag)) return c.body(null, 304, headers)
  const described = {
    ...headers,
    'content-type': 'application/pdf',
    'content-length': String(file.size),
    'content-disposition': `attachment; filename="${kept.number}.pdf"`,
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, described)
  const object = await open()
  return c.body(object.body, 200, described)
}

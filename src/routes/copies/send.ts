import type { Context as HonoContext } from 'hono'
import { accepts } from 'hono/accepts'
import type { House } from '../../app.ts'
import type { IssuedFile } from '../../domain/copy.ts'
import { Refused } from '../problem.ts'
import { alreadyHas } from '../shapes.ts'

export const pdfForm = 'application/pdf'
export const attestationForm = 'application/dc+sd-jwt'

/** Of the forms there are the one that is wanted most; the first where anything is welcome. */
export function wantedForm(c: HonoContext<House>, forms: [string, ...string[]]): string {
  const isOpen = /^$|\*\/\*/.test(c.req.header('accept') ?? '')
  const wanted = accepts(c, { header: 'Accept', supports: forms, default: isOpen ? forms[0] : 'none' })
  if (wanted === 'none') throw new Refused('not-acceptable')
  c.header('vary', 'Accept')
  return wanted
}

/** Sends an attestation, which is signed, and its opening recorded, only for who really takes it. */
export async function sendAttestation(c: HonoContext<House>, open: () => Promise<string>) {
  const headers = { 'content-type': attestationForm, 'cache-control': 'private, no-store' }
  return c.req.method === 'HEAD' ? c.body(null, 200, headers) : c.body(await open(), 200, headers)
}

type Pdf = { kept: { number: string }; file: IssuedFile }

/** Sends a signed PDF. It is opened, and the opening recorded, only for who does not have it and really takes it. */
export async function sendPdf(c: HonoContext<House>, { kept, file }: Pdf, open: () => Promise<R2ObjectBody>) {
  const etag = `"${file.sha256}"`
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (alreadyHas(c, etag)) return c.body(null, 304, headers)
  const described = {
    ...headers,
    'content-type': pdfForm,
    'content-length': String(file.size),
    'content-disposition': `attachment; filename="${kept.number}.pdf"`,
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, described)
  const object = await open()
  return c.body(object.body, 200, described)
}

import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../app.ts'
import { scenarios } from '../domain/scenario.ts'
import type { Windows } from '../domain/calendar.ts'
import { timeText } from '../domain/civil-date.ts'
import type { Unit } from '../domain/unit.ts'
import { keyedHash, leavesOf } from '../platform/leaves.ts'
import { fromBase64Url } from '../platform/crypto.ts'
import { ownerName } from '../usecases/access.ts'
import { stringIn } from '../platform/structured-fields.ts'
import type { Command } from '../store/idempotency.ts'
import { Refused } from './problem.ts'

export const Words = z.object({ vi: z.string().max(1000), en: z.string().max(1000) }).openapi('Words')

export const UnitRef = z
  .object({ id: z.string().max(45), name: Words })
  .openapi('UnitRef', { example: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } } })

export const unitRef = (id: string, units: Map<string, Unit>): z.input<typeof UnitRef> => ({
  id,
  name: units.get(id)?.name ?? { vi: id, en: id },
})

export const Instant = z.iso.datetime({ offset: true }).openapi({ example: '2026-11-23T09:00:00.000+07:00' })
export const CivilDate = z.iso.date().openapi({ example: '2026-11-23' })

const TimeOfDay = z
  .string()
  .regex(/^\d\d:\d\d$/)
  .openapi({ example: '07:30' })
export const OpenWindows = z.array(z.object({ opens: TimeOfDay, closes: TimeOfDay })).max(24)

export const showWindows = (windows: Windows): z.input<typeof OpenWindows> =>
  windows.map(([opens, closes]) => ({ opens: timeText(opens), closes: timeText(closes) }))

export const UnitId = z
  .string()
  .regex(/^[A-Z0-9-]{1,40}-(0|\d{4})$/)
  .openapi({ example: '00082-2025', description: 'Our own unit id: the code and the year it began.' })

export const DossierCode = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Z0-9.-]+$/)
  .openapi({ param: { name: 'code', in: 'path' }, example: 'LOCAL.00082-261123-0001' })

export const FileId = z
  .string()
  .regex(/^file_[0-9a-f-]{36}$/)
  .openapi({ example: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })
export const CopyId = z
  .string()
  .regex(/^copy_[0-9a-f-]{36}$/)
  .openapi({ example: 'copy_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

/** One line for people and forms: nothing in it breaks the line or cannot be seen. */
export const Line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !/\p{Cc}/u.test(text), 'Có ký tự không in được. Some characters cannot be printed.')

export const PersonalId = z
  .string()
  .regex(/^\d{12}$/)
  .openapi({ description: 'The 12-digit personal identification number.' })
export const TaxCode = z.string().regex(/^\d{10}(-\d{3})?$/)

/** `.nullable()` of a named schema loses the null on its way into the document; a union keeps it. */
export const orNull = <T extends z.ZodType>(named: T, description?: string) =>
  description ? z.union([named, z.null()]).openapi({ description }) : z.union([named, z.null()])

/** Query of every list: a page's size and where the last one ended. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(200).optional().openapi({ description: '`next` of the page before.' }),
})

/** A page's envelope. No count: it would cost a walk over everything. */
export const pageOfItems = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).max(100),
    next: z
      .string()
      .max(200)
      .nullable()
      .openapi({ description: 'Send it as `after` for the next page; null at the end.' }),
  })

/** `Link: <…>; rel="next"` (RFC 8288) beside the cursor in the body. */
export function linkNext(c: HonoContext<House>, next: string | null): Record<string, string> {
  if (next === null) return {}
  const url = new URL(c.req.url)
  url.searchParams.set('after', next)
  return { link: `<${c.var.config.publicOrigin}${url.pathname}${url.search}>; rel="next"` }
}

export const IdempotencyKeyHeader = z.string().max(257).openapi({
  description:
    'A string of your own for this command (quoted or bare). The same key with the same body answers with the first reply, for as long as the dossier exists.',
  example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
})

/** Anything is let in, so that an unknown one is answered with those that there are. */
export const ScenarioHeader = z
  .string()
  .max(100)
  // No example: the reference would fill it in, and the live service refuses it.
  .openapi({
    description: `Only in a sandbox: what its officers do with the dossier from now on, of ${scenarios.join(', ')}. Without it they wait for you.`,
  })

export const IfMatchHeader = z
  .string()
  .max(64)
  .openapi({ description: 'The ETag of the dossier as you last read it.', example: '"3"' })

/** The command's key: a structured-field string in quotes or the same bare (draft-ietf-httpapi-idempotency-key-header). */
function keyIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = stringIn(header) ?? (/^[^\s"]+$/.test(header) ? header : undefined)
  if (key === undefined || key.length < 1 || key.length > 255)
    throw new Refused('unreadable-request', {
      detail: { vi: 'Idempotency-Key không đúng dạng.', en: 'The Idempotency-Key is malformed.' },
    })
  return key
}

/**
 * The command behind a request: keyed hashes of its key (some clients put a person's number into it) and of each value of its
 * body; undefined without a key.
 */
export function commandOf(c: HonoContext<House>, body: unknown): Command | undefined {
  const key = keyIn(c.req.header('idempotency-key'))
  if (key === undefined) return undefined
  const said = { operation: `${c.req.method} ${c.req.path}`, ...(typeof body === 'object' ? body : { body }) }
  const indexKey = fromBase64Url(c.var.config.indexKey)
  const actor = ownerName(c.var.context.actor)
  return { actor, key: keyedHash(`command ${actor} ${key}`, indexKey), leaves: leavesOf(said, indexKey) }
}

export const etagOf = (version: number): string => `"${version}"`

/** The version that If-Match names, alone or before a digest. Missing is 428 (RFC 6585); a list, a weak tag or garbage can match nothing we gave out. */
export function ifMatch(c: HonoContext<House>): number {
  const header = c.req.header('if-match')
  if (header === undefined) throw new Refused('if-match-needed')
  const version = /^"(\d{1,9})(?:-[\w-]{16})?"$/.exec(header.trim())?.[1]
  if (version === undefined) throw new Refused('changed-meanwhile')
  return Number(version)
}

/** True when the caller already has this representation (RFC 9110 §13.1.2). */
export function alreadyHas(c: HonoContext, etag: string): boolean {
  const tags = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

/** Shows the units of a page by name with one look-up. */
export async function unitsNamed(
  c: HonoContext<House>,
  ids: (string | null | undefined)[],
): Promise<Map<string, Unit>> {
  const wanted = [...new Set(ids.filter((id) => typeof id === 'string'))]
  const found = wanted.length > 0 ? await c.var.context.units.findAll(wanted) : []
  return new Map(found.map((unit) => [unit.id, unit]))
}

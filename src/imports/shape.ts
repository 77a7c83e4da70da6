import { z } from 'zod'
import type { Report } from './report.ts'

/** A civil date that exists, `YYYY-MM-DD`. */
export const CivilDate = z.iso.date()

/** Words in both languages, trimmed and composed (NFC), so that equal words are equal bytes. */
const Words = z
  .string()
  .min(1)
  .refine((text) => text === text.trim().normalize('NFC'), 'has spaces around it or is not composed (NFC)')
export const BothLanguages = z.strictObject({ vi: Words, en: Words })

export const Certainty = z.enum(['high', 'medium', 'low'])

/** Reads a list record by record: corrections first, then shape; what has no shape is refused with every issue listed. */
export function readRecords<T>(
  report: Report,
  list: readonly unknown[],
  schema: z.ZodType<T>,
  keyOf: (raw: { [field: string]: unknown }) => unknown,
): { key: string; value: T }[] {
  const records: { key: string; value: T }[] = []
  const seen = new Set<string>()
  for (const [index, raw] of list.entries()) {
    const named = z.record(z.string(), z.unknown()).safeParse(raw)
    const name = named.success ? keyOf(named.data) : undefined
    const key = typeof name === 'string' || typeof name === 'number' ? String(name) : `#${index}`
    if (seen.has(key)) {
      report.error('duplicate-key', `/${key}`, `"${key}" stands in the list more than once`)
      continue
    }
    seen.add(key)
    const parsed = schema.safeParse(report.corrected(key, raw))
    if (parsed.success) records.push({ key, value: parsed.data })
    else
      for (const issue of parsed.error.issues)
        report.error('shape', `/${[key, ...issue.path.map(String)].join('/')}`, issue.message)
  }
  return records
}

/** The list of a file such as `{ "units": [...] }`; undefined, with a finding, when the file is something else. */
export function readEnvelope<T>(report: Report, input: unknown, schema: z.ZodType<T>): T | undefined {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues)
    report.error('shape', `/${issue.path.map(String).join('/')}`, `the file: ${issue.message}`)
  return undefined
}

import { Validator } from '@cfworker/json-schema'
import { z } from 'zod'
import type { JsonSchema } from '../domain/procedure.ts'
import { createReport, type Finding, type Report } from './report.ts'
import { readEnvelope } from './shape.ts'

/** The form data of a procedure: what it must hold, and an example that holds it. */
export type Form = { schema: JsonSchema; example: Record<string, unknown> }

const Keywords = z.record(z.string(), z.unknown())
const FormFile = z.strictObject({ schema: Keywords, example: Keywords })
const SharedFile = z.object({ $defs: Keywords })

const draft = 'https://json-schema.org/draft/2020-12/schema'

/**
 * Reads `data/forms/*.json`, keyed by file name without ending. A schema refers to parts in `shared` as if they were
 * its own `$defs`; what it uses is copied into it, so that each schema stands alone.
 */
export function readForms(files: Readonly<Record<string, unknown>>): { rows: Map<string, Form>; findings: Finding[] } {
  const report = createReport('forms', [])
  const rows = new Map<string, Form>()
  const parts = readEnvelope(report, files['shared'], SharedFile)?.$defs ?? {}
  for (const [name, content] of Object.entries(files)) {
    if (name === 'shared') continue
    const file = readEnvelope(report, content, FormFile)
    if (!file) continue
    const used = partsOf(file.schema, parts)
    for (const part of used)
      if (!(part in parts))
        report.error('part-missing', `/${name}/$defs/${part}`, 'refers to a part that is not shared')
    const $defs = Object.fromEntries([...used].toSorted().map((part) => [part, parts[part]]))
    const schema = { $schema: draft, ...file.schema, ...(used.size > 0 && { $defs }) }
    checkSchema(report, `/${name}`, schema)
    for (const error of new Validator(schema, '2020-12', false).validate(file.example).errors)
      report.error('example-invalid', `/${name}/example${error.instanceLocation.slice(1)}`, error.error)
    if (!report.refuses(name)) rows.set(name, { schema, example: file.example })
  }
  return { rows, findings: report.finish() }
}

/** The shared parts that a schema refers to, and those that these refer to. */
function partsOf(schema: unknown, parts: Readonly<Record<string, unknown>>, found = new Set<string>()): Set<string> {
  for (const [, part = ''] of JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)) {
    if (found.has(part)) continue
    found.add(part)
    partsOf(parts[part] ?? {}, parts, found)
  }
  return found
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a form must keep to besides being a schema: closed objects, names in both languages, bounded texts and lists. */
function checkSchema(report: Report, at: string, node: unknown) {
  if (!isObject(node)) return
  const properties = isObject(node['properties']) ? node['properties'] : {}
  if (node['type'] === 'object' && node['additionalProperties'] !== false)
    report.error('form-open', at, 'an object names all its properties: "additionalProperties": false')
  if (node['type'] === 'string' && !['maxLength', 'enum', 'const', 'format', 'pattern'].some((word) => word in node))
    report.error('form-unbounded', at, 'a text has a "maxLength", "pattern", "format" or "enum"')
  if (node['type'] === 'array' && !('maxItems' in node)) report.error('form-unbounded', at, 'a list has "maxItems"')
  for (const [name, property] of Object.entries(node['type'] === 'object' ? properties : {}))
    if (isObject(property) && !('title' in property && 'x-title-en' in property))
      report.error('form-untitled', `${at}/properties/${name}`, 'a property has "title" (vi) and "x-title-en"')
  for (const [name, child] of Object.entries(properties)) checkSchema(report, `${at}/properties/${name}`, child)
  if (isObject(node['$defs']))
    for (const [name, child] of Object.entries(node['$defs'])) checkSchema(report, `${at}/$defs/${name}`, child)
  checkSchema(report, `${at}/items`, node['items'])
}

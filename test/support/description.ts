import { type Schema, Validator } from '@cfworker/json-schema'
import { createApp } from '../../src/app.ts'
import { openapiDocument } from '../../src/routes/house/document.ts'

type Shape = Record<string, any>
type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Shape
  description?: string
}
export type Operation = {
  method: string
  path: string
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Shape; example?: unknown; examples?: Shape }> }
  responses: Record<string, { description: string; headers?: Shape; content?: Record<string, { schema: Shape }> }>
}

/** The description of the API, made by the code under test. */
export const description: Shape = openapiDocument(createApp(), 'https://api.test')

const named: Record<string, Shape> = description.components.schemas

/** The schema behind a `$ref`, or the one given. */
export const resolved = (shape: Shape): Shape =>
  shape.$ref === undefined ? shape : at(description, String(shape.$ref).split('/').slice(1))

const at = (root: Shape, steps: string[]): Shape => steps.reduce((value, step) => value[step], root)

export const operations: Operation[] = Object.entries<Record<string, Shape>>(description.paths).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, operation]): Operation => {
      const parameters = (operation.parameters ?? []).map(resolved)
      return { ...(operation as Operation), method: method.toUpperCase(), path, parameters }
    }),
)

const escaped = (text: string) => text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
const patterns = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${escaped(operation.path).replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  parameters: operation.path.split('{').length,
}))

/** The operation that answers there; of several the one with the fewest parameters. */
export const operationAt = (method: string, pathname: string): Operation | undefined =>
  patterns
    .filter(({ operation, pattern }) => operation.method === method && pattern.test(pathname))
    .toSorted((a, b) => a.parameters - b.parameters)[0]?.operation

/** All parts of an `allOf` as one, so that "nothing else" can be said of the whole. */
function merged(shape: Shape): Shape {
  if (shape.allOf === undefined) return shape
  const { allOf, ...rest } = shape
  const parts: Shape[] = [...allOf.map((part: Shape) => merged(resolved(part))), rest]
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((part) => part.properties)),
    required: [...new Set(parts.flatMap((part) => part.required ?? []))],
  }
}

/** Words beside the rules; the validator would take an `id` in an example for the address of a schema. */
const beside = new Set(['example', 'examples', 'default', 'description'])

/** The schema with nothing but its rules; `closed`: every object that names its properties has no others. */
function bare(given: any, closed: boolean): any {
  if (Array.isArray(given)) return given.map((part) => bare(part, closed))
  if (typeof given !== 'object' || given === null) return given
  const shape = closed ? merged(given) : given
  const rules = Object.entries<any>(shape)
    .filter(([key]) => !beside.has(key))
    .map(([key, value]) => {
      if (key === 'enum' || key === 'required' || key === 'const') return [key, value]
      return [key, key === 'properties' ? mapped(value, closed) : bare(value, closed)]
    })
  const closes = closed && shape.properties !== undefined && shape.additionalProperties === undefined
  return { ...Object.fromEntries(rules), ...(closes && { additionalProperties: false }) }
}

const mapped = (shapes: Shape, closed: boolean): Shape =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, bare(shape, closed)]))

const components = { open: { schemas: mapped(named, false) }, closed: { schemas: mapped(named, true) } }
/** By schema, or by its name where it has one: many replies share theirs, and each takes milliseconds to make. */
const validators = { open: new Map<unknown, Validator>(), closed: new Map<unknown, Validator>() }

function validatorOf(schema: Shape, as: 'open' | 'closed'): Validator {
  const name: unknown = schema.$ref ?? schema
  const known = validators[as].get(name)
  if (known) return known
  const whole: Schema = { ...bare(schema, as === 'closed'), components: components[as] }
  const made = new Validator(whole, '2020-12', false)
  validators[as].set(name, made)
  return made
}

/** What is wrong with a value by a schema of the description; `closed` also forbids what it does not name. */
export function faultsBy(schema: Shape, value: unknown, as: 'open' | 'closed' = 'open'): string[] {
  const { valid, errors } = validatorOf(schema, as).validate(value)
  return valid ? [] : errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)
}

type Answer = { status: number; headers: Headers; body: unknown }

/** Operation, status and, where a body is described, its type. */
export const replyName = ({ operationId, responses }: Operation, { status, headers }: Omit<Answer, 'body'>): string =>
  [operationId, status, ...(responses[status]?.content ? [typeOf(headers)] : [])].join(' ')

const typeOf = (headers: Headers) => headers.get('content-type')?.split(';')[0] ?? ''

/** How an answer differs from what the description promises; empty when it keeps to it. */
export function broken(method: string, pathname: string, { status, headers, body }: Answer): string[] {
  if (method === 'OPTIONS') return []
  const operation = operationAt(method === 'HEAD' ? 'GET' : method, pathname)
  // Without a body there is no telling what was refused.
  if (!operation && method === 'HEAD')
    return status === 404 || status === 405 ? [] : [`HEAD ${pathname} answered ${status}`]
  if (!operation) return undescribed(pathname, status, body)
  const where = `${operation.operationId} ${status}`
  const response = operation.responses[status]
  // A body where none belongs is bounded, too, as the introduction says.
  if (!response)
    return status === 413 && !operation.requestBody
      ? undescribed(pathname, status, body)
      : [`${where} is not described`]
  const lacking = Object.entries(response.headers ?? {})
    .filter(([name, header]) => resolved(header).required === true && !headers.has(name))
    .map(([name]) => `${where} has no header ${name}`)
  // A 401 says how to authenticate (RFC 9110 §15.5.2); with a 403 the same header only tells which scope is needed.
  const ours = ['x-request-id', 'api-version', 'cache-control', ...(status === 401 ? ['www-authenticate'] : [])]
  const always = ours.filter((name) => !headers.has(name))
  return [
    ...lacking,
    ...always.map((name) => `${where} has no header ${name}`),
    ...(method === 'HEAD' ? [] : contentFaults(where, response.content, headers, body)),
    ...(method === 'HEAD'
      ? []
      : typeOf(headers) === 'application/problem+json'
        ? codeFaults(where, response, body)
        : []),
  ]
}

function contentFaults(
  where: string,
  content: Record<string, { schema: Shape }> | undefined,
  headers: Headers,
  body: unknown,
): string[] {
  const type = typeOf(headers)
  const isEmpty = body instanceof Uint8Array && body.length === 0
  if (!content) return isEmpty ? [] : [`${where} has a body, but none is described`]
  const described = content[type]
  if (!described) return [`${where} is ${type || 'of no type'}; described are ${Object.keys(content).join(', ')}`]
  if (!type.includes('json')) return []
  return faultsBy(described.schema, body, 'closed').map((fault) => `${where} ${fault}`)
}

/** A problem is one of those that the description names for this status of this operation. */
function codeFaults(where: string, { description: words }: Operation['responses'][string], body: unknown) {
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
  return words.includes(`\`${code}\``) ? [] : [`${where} does not describe ${code}`]
}

/** What no operation answers is a problem document that says so; the reference's own files are the exception. */
function undescribed(pathname: string, status: number, body: unknown): string[] {
  if (pathname === '/' || pathname.startsWith('/docs/assets/')) return []
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  const said: Record<number, string> = {
    404: 'no-such-address',
    405: 'method-not-allowed',
    401: 'token-invalid',
    403: 'mandate-not-valid',
    413: 'too-large',
  }
  return said[status] === code && code !== undefined
    ? []
    : [`${pathname} is not described and answered ${status} ${String(code)}`]
}

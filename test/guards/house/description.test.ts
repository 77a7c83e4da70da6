import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openapiText } from '../../../openapi/generate.ts'
import { problems } from '../../../src/routes/problems.ts'
import { description, faultsBy, type Operation, operations, resolved } from '../../support/description.ts'
import { requestExamples } from '../../support/request-examples.ts'

const root = join(import.meta.dirname, '../../..')
const named = operations.map((operation): [string, Operation] => [operation.operationId, operation])
const isOAuth = ({ path }: Operation) => ['/oauth/token', '/oauth/par', '/oauth/revoke'].includes(path)
/** Doors that people's browsers come to: they refuse with a page, too. */
const isForBrowsers = ({ path }: Operation) => path.startsWith('/oauth/') && !isOAuth({ path } as Operation)
const isOurs = ({ path }: Operation) => path.startsWith('/v1/')
const codesIn = (text: string) => [...text.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code)
const statusesOf = ({ responses }: Operation) => Object.keys(responses)

test('the committed description is what the code says', () => {
  expect(readFileSync(join(root, 'openapi/openapi.json'), 'utf8')).toBe(openapiText())
})

test('every operation has a name of its own: a verb and a thing', () => {
  const names = operations.map(({ operationId }) => operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
})

describe.each(named)('%s', (_name, operation) => {
  test('says in a line and in full what it does, and where it belongs', () => {
    expect(operation.summary).toMatch(/^\S.{4,79}[^.]$/)
    expect(operation.description).toMatch(/^\S[\s\S]{20,}[.)]$/)
    const tags = description.tags.map(({ name }: { name: string }) => name)
    expect(tags).toEqual(expect.arrayContaining(operation.tags ?? ['none']))
  })

  test('says who may ask, and how it refuses the others', () => {
    const known = Object.keys(description.components.securitySchemes)
    expect(operation.security).toBeDefined()
    expect(known).toEqual(expect.arrayContaining((operation.security ?? []).flatMap((one) => Object.keys(one))))
    // `{}` among the ways: it goes without a token, too.
    const isPublic = (operation.security ?? []).some((one) => Object.keys(one).length === 0)
    if (isOurs(operation)) expect(statusesOf(operation)).toContain('401')
    if (isOurs(operation) && !isPublic) expect(statusesOf(operation)).toContain('403')
    if (isOurs(operation) && isPublic) expect(operation.responses['401']?.description).not.toContain('token-needed')
  })

  test('describes each parameter; what must be given has an example, and every example is valid', () => {
    for (const parameter of operation.parameters) {
      const { name, required, schema } = parameter
      expect(parameter.description ?? resolved(schema).description, name).toBeTypeOf('string')
      const example = resolved(schema).example
      if (required) expect(example, name).toBeDefined()
      if (example !== undefined) expect(faultsBy(schema, example), name).toEqual([])
    }
  })

  test('shows a body that is valid, and says how bad ones are refused', () => {
    if (!operation.requestBody) return
    // Only the protocol for uploads in pieces begins with nothing, or with the first bytes.
    expect(operation.requestBody.required).toBe(operation.operationId !== 'createUpload')
    for (const [type, { schema }] of Object.entries(operation.requestBody.content)) {
      const examples = requestExamples(operation, type)
      if (resolved(schema).format !== 'binary') expect(examples, type).not.toEqual([])
      for (const [name, example] of examples) expect(faultsBy(schema, example), name).toEqual([])
    }
    if (isOurs(operation)) expect(statusesOf(operation)).toEqual(expect.arrayContaining(['400', '413']))
    // What providers send is believed for its signature, not for its type.
    if (isOurs(operation) && operation.operationId !== 'tellPayment') expect(statusesOf(operation)).toContain('415')
  })

  test('answers something good, and problems as problem documents', () => {
    expect(statusesOf(operation).some((status) => status < '300' || status === '303')).toBe(true)
    if (isOurs(operation)) expect(statusesOf(operation)).toEqual(expect.arrayContaining(['401', '429', '500', '503']))
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      if (status < '400' || isOAuth(operation)) continue
      const { 'text/html': page, ...rest } = content
      expect(page === undefined || isForBrowsers(operation), status).toBe(true)
      expect(rest, status).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
  })

  test('names only problems that there are, below their own status', () => {
    for (const [status, { description: words }] of Object.entries(operation.responses)) {
      if (status < '400' || status === 'default' || isOAuth(operation)) continue
      const codes = codesIn(words)
      expect(codes).not.toEqual([])
      for (const [code, row] of Object.entries(problems))
        if (codes.includes(code)) expect(String(row.status)).toBe(status)
      expect(Object.keys(problems)).toEqual(expect.arrayContaining(codes))
    }
  })
})

test('every problem is named by an operation, or by the introduction', () => {
  const said = operations.flatMap(({ responses }) =>
    Object.values(responses).flatMap((one) => codesIn(one.description)),
  )
  const known = new Set([...said, ...codesIn(description.info.description)])
  expect(Object.keys(problems).filter((code) => !known.has(code))).toEqual([])
})

test('every example of a schema is valid, and every schema is used', () => {
  const text = JSON.stringify(description)
  for (const [name, schema] of Object.entries<Record<string, unknown>>(description.components.schemas)) {
    expect(text, name).toContain(`"#/components/schemas/${name}"`)
    if (schema['example'] !== undefined) expect(faultsBy(schema, schema['example']), name).toEqual([])
  }
})

describe('the description keeps to the rules of governments that integrators know (Dutch API Design Rules, Italian ModI)', () => {
  const walk = (part: unknown, at: string, visit: (node: Record<string, any>, at: string) => void): void => {
    if (typeof part !== 'object' || part === null) return
    if (!Array.isArray(part)) visit(part as Record<string, any>, at)
    for (const [name, inner] of Object.entries(part))
      if (name !== 'example' && name !== 'examples') walk(inner, `${at}/${name}`, visit)
  }
  const found = (wrong: (node: Record<string, any>) => boolean): string[] => {
    const places: string[] = []
    walk(description, '', (node, at) => wrong(node) && places.push(at))
    return places
  }
  const kinds = (node: Record<string, any>) => [node.type].flat()
  // Names that other specifications have given: RFC 6749, RFC 7517, RFC 8414, RFC 9264, RFC 9728.
  const foreign =
    /^\/components\/schemas\/(Token|OAuth|Jwks|PublicJwk|AuthorizationServer|ProtectedResource|Jwk|Linkset)/

  test('addresses are in kebab-case and do not end in a slash', () => {
    const segments = operations.flatMap(({ path }) => path.split('/').slice(1))
    const odd = segments.filter(
      (one) => !/^(\{[a-zA-Z]+\}|[a-z0-9]+(-[a-z0-9]+)*|\.well-known|[a-z]+\.(json|txt))$/.test(one),
    )
    expect(odd).toEqual([])
  })

  test('fields are in camelCase', () => {
    const odd: string[] = []
    walk(description.components.schemas, '/components/schemas', (node, at) => {
      if (foreign.test(at) || !('properties' in node) || node.type !== 'object') return
      for (const name of Object.keys(node.properties)) if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) odd.push(`${at} ${name}`)
    })
    expect(odd).toEqual([])
  })

  test('every text, number and list says how long or large it can be', () => {
    expect(found((node) => kinds(node).includes('array') && node.maxItems === undefined && 'items' in node)).toEqual([])
    expect(
      found(
        (node) => kinds(node).includes('string') && !('maxLength' in node) && !('enum' in node) && !('const' in node),
      ),
    ).toEqual([])
    expect(found((node) => kinds(node).includes('integer') && !('maximum' in node && 'minimum' in node))).toEqual([])
  })

  test('every reply that is not a problem names the version, every problem is one of ours', () => {
    for (const operation of operations)
      for (const [status, { headers, content }] of Object.entries(operation.responses)) {
        if (status < '400') expect(headers, `${operation.operationId} ${status}`).toHaveProperty('api-version')
        else if (!isOAuth(operation)) expect(Object.keys(content ?? {})[0]).toBe('application/problem+json')
      }
  })
})

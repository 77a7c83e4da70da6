import { readFileSync } from 'node:fs'
import { compareOpenApi } from 'api-smart-diff'

type Document = Record<string, any>

/**
 * What a client of the released description would stumble over in the present one. Everything else may come at any time: new
 * addresses, optional input, and in replies further fields, kinds and problem codes (docs/guides tell clients so).
 */
export function breakingChanges(released: Document, present: Document): string[] {
  const { diffs } = compareOpenApi(withoutSecurity(released), withoutSecurity(present))
  const asked = schemasAsked(present)
  // The tool does not know which way a shared schema goes: whatever is added to one it takes for new input.
  const isReply = ([room, kind, name, ...rest]: readonly (string | number)[]) =>
    room === 'paths' ? rest.includes('responses') : kind === 'schemas' && !asked.has(String(name))
  const isBorne = ({ action, path, before, after }: Diff): boolean => {
    const [room, kind] = path
    const last = path.at(-1)
    const isOfReplies = isReply(path) || (room === 'components' && kind === 'headers')
    if (action === 'add' && (isOfReplies || kind === 'securitySchemes')) return true
    if (isOfReplies && (last === 'maxItems' || last === 'maxLength')) return Number(after) > Number(before)
    // A list of words that gave way to a form which all of them have: more is taken than before.
    return room !== undefined && isWidened(released, present, path)
  }
  return [
    ...diffs
      .filter((diff) => diff.type === 'breaking' && !isBorne(diff as Diff))
      .map(({ action, path }) => `${action} ${path.join(' › ')}`),
    ...waysClosed(released, present),
  ]
}

type Path = readonly (string | number)[]
type Diff = { action: string; path: Path; before?: unknown; after?: unknown }

/** The schema at that place, or the one that its reference names. */
function at(document: Document, path: Path): any {
  let found: any = document
  for (const part of path) {
    const name = /^#\/components\/schemas\/(.+)$/.exec(String(found?.$ref ?? ''))?.[1]
    found = (name === undefined ? found : document['components'].schemas[name])?.[part]
  }
  return found
}

function isWidened(released: Document, present: Document, path: Path): boolean {
  const place = path.indexOf('enum') >= 0 ? path.slice(0, path.indexOf('enum')) : path.slice(0, -1)
  const [before, after] = [at(released, place), at(present, place)]
  if (!Array.isArray(before?.enum) || after?.enum || typeof after?.pattern !== 'string') return false
  const form = new RegExp(after.pattern)
  return before.enum.every((word: string) => form.test(word) && word.length <= (after.maxLength ?? Infinity))
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

/** The tool compares ways to prove oneself by their place in the list; what counts is whether each is still there. */
function withoutSecurity(document: Document): Document {
  const copy = structuredClone(document)
  for (const item of Object.values<Document>(copy['paths'])) for (const method of methods) delete item[method]?.security
  return copy
}

const waysClosed = (released: Document, present: Document): string[] =>
  Object.entries<Document>(released['paths']).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const open = new Set((present['paths'][path]?.[method]?.security ?? []).map((way: object) => JSON.stringify(way)))
      const before: object[] = present['paths'][path]?.[method] ? (item[method]?.security ?? []) : []
      return before
        .filter((way) => !open.has(JSON.stringify(way)))
        .map((way) => `remove paths › ${path} › ${method} › security › ${JSON.stringify(way)}`)
    }),
  )

/** The names of all schemas that a request can be made of. */
function schemasAsked(document: Document): Set<string> {
  const found = new Set<string>()
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      const name = key === '$ref' ? /^#\/components\/schemas\/(.+)$/.exec(String(inner))?.[1] : undefined
      if (name === undefined) visit(inner)
      else if (!found.has(name)) {
        found.add(name)
        visit(document['components'].schemas[name])
      }
    }
  }
  for (const item of Object.values<Document>(document['paths']))
    for (const { parameters, requestBody } of Object.values<Document>(item)) visit([parameters, requestBody])
  return found
}

export const read = (path: string): Document => JSON.parse(readFileSync(path, 'utf8')) as Document

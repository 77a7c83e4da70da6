import { readFileSync } from 'node:fs'
import { compareOpenApi } from 'api-smart-diff'

type Document = Record<string, any>

/**
 * What a client of the released description would stumble over in the present one. Everything else may come at any time: new
 * addresses, optional input, and in replies further fields, kinds and problem codes (docs/guides tell clients so).
 */
export function breakingChanges(released: Document, present: Document): string[] {
  const { diffs } = compareOpenApi(released, present)
  const asked = schemasAsked(present)
  // The tool does not know which way a shared schema goes: whatever is added to one it takes for new input.
  const isReply = ([room, kind, name, ...rest]: readonly (string | number)[]) =>
    room === 'paths' ? rest.includes('responses') : kind === 'schemas' && !asked.has(String(name))
  return diffs
    .filter(({ type, action, path }) => type === 'breaking' && !(action === 'add' && isReply(path)))
    .map(({ action, path }) => `${action} ${path.join(' › ')}`)
}

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

import { readFileSync } from 'node:fs'
import { compareOpenApi } from 'api-smart-diff'

type Document = Record<string, any>

/**
 * What a client of the released description would stumble over in the present one. Everything else may come at any time: new
 * addresses, optional input, further fields of replies, further problem codes.
 */
export function breakingChanges(released: Document, present: Document): string[] {
  const { diffs } = compareOpenApi(released, present)
  return diffs.filter(({ type }) => type === 'breaking').map(({ action, path }) => `${action} ${path.join(' › ')}`)
}

export const read = (path: string): Document => JSON.parse(readFileSync(path, 'utf8')) as Document

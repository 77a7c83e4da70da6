// Structured Field Values for HTTP (RFC 9651), read and written by a library: docs/adr/2026-11-27-structured-fields.md.
import { type BareItem, parseDictionary, parseItem, serializeItem, serializeList } from 'structured-headers'

/** A dictionary's byte sequence under this key; undefined where the field has none, or is no dictionary at all. */
export function bytesIn(field: string, key: string): Uint8Array<ArrayBuffer> | undefined {
  const value = valueOf(() => parseDictionary(field).get(key))
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined
}

/** The string that an item is, parameters left aside; undefined where it is something else. */
export function stringIn(field: string): string | undefined {
  const value = valueOf(() => parseItem(field))
  return typeof value === 'string' ? value : undefined
}

function valueOf(parse: () => readonly [unknown, unknown] | undefined): unknown {
  try {
    return parse()?.[0]
  } catch {
    return undefined
  }
}

/** A list of one string with its parameters: `"submit";q=3000;w=10`. */
export const listOfOne = (value: string, parameters: Record<string, BareItem>): string =>
  serializeList([[value, new Map(Object.entries(parameters))]])

/** A date as an item: `@1790000000`. */
export const dateItem = (at: Date): string => serializeItem(at)

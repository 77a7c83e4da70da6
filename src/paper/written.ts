import { Buffer } from 'node:buffer'
import { hex } from './bytes.ts'
import { Name, Reference, Text, type Dictionary, type Value } from './reader/values.ts'

/** A value in the syntax of PDF (ISO 32000-1, 7.3), one character per byte. Streams are written by `Draft` alone. */
export function written(value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numeral(value)
  if (value instanceof Name) return writtenName(value.value)
  if (value instanceof Text) return Buffer.from(value.written).toString('latin1')
  if (value instanceof Reference) return `${value.object} ${value.generation} R`
  if (Array.isArray(value)) return `[${value.map(written).join(' ')}]`
  if (value instanceof Map) return writtenDictionary(value)
  throw new Error('a stream is no part of another object')
}

/** A dictionary with some of its entries replaced or added; these are in PDF syntax already. */
export function writtenDictionary(entries: Dictionary, changes: Record<string, string> = {}): string {
  const kept = [...entries].filter(([key]) => !(key in changes))
  return `<<${kept.map(([key, value]) => `${writtenName(key)} ${written(value)}`).join('')}${writtenEntries(changes)}>>`
}

export const writtenEntries = (entries: Record<string, string>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${writtenName(key)} ${value}`)
    .join('')

const regular = /[^!-~]|[()<>[\]{}/%#]/g
const writtenName = (name: string) =>
  `/${name.replaceAll(regular, (letter) => `#${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)}`

/** Numbers have no exponents in PDF. */
const numeral = (value: number) => {
  const text = String(value)
  return text.includes('e') ? (Math.abs(value) < 1 ? value.toFixed(10) : BigInt(Math.round(value)).toString()) : text
}

/** A reference to an object that this room makes: all of them are of generation 0. */
export const to = (object: number): string => `${object} 0 R`

/** A text string in UTF-16BE with its byte order mark, written as hex (ISO 32000-1, 7.9.2.2). */
export function textString(text: string): string {
  let written = '<feff'
  for (let at = 0; at < text.length; at++) written += text.charCodeAt(at).toString(16).padStart(4, '0')
  return `${written}>`
}

export const hexString = (bytes: Uint8Array): string => `<${hex(bytes)}>`

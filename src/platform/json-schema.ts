import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { InputError } from './result.ts'

const validators = new WeakMap<object, Validator>()

function validatorFor(schema: object): Validator {
  const known = validators.get(schema)
  if (known) return known
  const made = new Validator(schema, '2020-12', false)
  validators.set(schema, made)
  return made
}

/** Keywords that only say "something below me is wrong"; what is wrong is listed itself. */
const wrappers = new Set([
  'properties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'additionalProperties',
  'unevaluatedProperties',
  'additionalItems',
])

const words: Record<string, [code: string, vi: string, en: string]> = {
  required: ['missing', 'Thiếu thông tin bắt buộc.', 'This is required.'],
  false: ['not-known', 'Không có mục này trong biểu mẫu.', 'The form has no such field.'],
  type: ['wrong-type', 'Sai kiểu dữ liệu.', 'The value is of the wrong type.'],
  enum: ['not-a-choice', 'Giá trị không nằm trong danh sách cho phép.', 'The value is not one of those allowed.'],
  const: ['not-a-choice', 'Giá trị không được phép.', 'The value is not the one allowed.'],
  pattern: ['wrong-format', 'Sai định dạng.', 'The value has the wrong format.'],
  format: ['wrong-format', 'Sai định dạng.', 'The value has the wrong format.'],
  minLength: ['too-short', 'Quá ngắn.', 'The value is too short.'],
  maxLength: ['too-long', 'Quá dài.', 'The value is too long.'],
  minimum: ['too-small', 'Quá nhỏ.', 'The value is too small.'],
  maximum: ['too-big', 'Quá lớn.', 'The value is too big.'],
  minItems: ['too-few', 'Thiếu mục.', 'There are too few entries.'],
  maxItems: ['too-many', 'Quá nhiều mục.', 'There are too many entries.'],
  uniqueItems: ['repeated', 'Có mục trùng nhau.', 'Entries are repeated.'],
}

/** All faults of a value against a JSON Schema (2020-12), each once, with pointers below `at`. */
export function schemaErrors(schema: object, value: unknown, at: string): InputError[] {
  const { valid, errors } = validatorFor(schema).validate(withReadableNames(value))
  if (valid) return []
  const found = new Map<string, InputError>()
  for (const unit of errors) {
    if (wrappers.has(unit.keyword)) continue
    const error = inputError(unit, at)
    found.set(`${error.pointer} ${error.code}`, error)
  }
  return found.size > 0 ? [...found.values()] : errors.slice(0, 1).map((unit) => inputError(unit, at))
}

/** JSON may name a member by half a letter (a lone surrogate), which no pointer can spell and the library throws at. */
function withReadableNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReadableNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toWellFormed(), withReadableNames(item)]))
}

function inputError(unit: OutputUnit, at: string): InputError {
  const [code, vi, en] = words[unit.keyword] ?? ['not-valid', 'Giá trị không hợp lệ.', 'The value is not valid.']
  const name = unit.keyword === 'required' ? /"(.+)"/.exec(unit.error)?.[1] : undefined
  // The library writes its pointers as URI fragments (RFC 6901 §6).
  const place = decodeURI(unit.instanceLocation.replace(/^#/, ''))
  const pointer = at + place + (name === undefined ? '' : `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return { pointer, code, detail: { vi, en } }
}

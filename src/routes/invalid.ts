import type { z } from '@hono/zod-openapi'
import { en, vi } from 'zod/locales'
import type { InputError } from '../platform/result.ts'

const locales = { vi: vi().localeError, en: en().localeError }

/** A zod issue in the words of one language; zod's own texts, since they know every rule. */
function words(issue: z.core.$ZodIssue, language: 'vi' | 'en'): string {
  if (issue.code === 'custom') return issue.message
  // `input` is gone from a finished issue; the texts need it only to name the type that came.
  const told = locales[language]({ ...issue, input: undefined })
  return typeof told === 'string' ? told : (told?.message ?? issue.message)
}

const escape = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')

const codes: Record<string, string> = {
  invalid_type: 'wrong-type',
  invalid_value: 'not-a-choice',
  invalid_format: 'wrong-format',
  too_small: 'too-small',
  too_big: 'too-big',
  unrecognized_keys: 'not-known',
  invalid_union: 'not-a-choice',
}

/** Every fault that the door found, with pointers; `part` says where the value came from (body, query, …). */
export function inputErrors(issues: readonly z.core.$ZodIssue[], part: string): InputError[] {
  return issues.flatMap((issue): InputError[] => {
    const base = (part === 'json' ? '' : `/${part}`) + issue.path.map((step) => `/${escape(step)}`).join('')
    const detail = { vi: words(issue, 'vi'), en: words(issue, 'en') }
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ pointer: `${base}/${escape(key)}`, code: 'not-known', detail }))
    if (issue.code === 'too_big' && issue.origin === 'array') return [{ pointer: base, code: 'too-many', detail }]
    const missing = issue.code === 'invalid_type' && /undefined/.test(issue.message)
    return [{ pointer: base, code: missing ? 'missing' : (codes[issue.code] ?? 'not-valid'), detail }]
  })
}

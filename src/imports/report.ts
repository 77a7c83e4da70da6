import { z } from 'zod'

export type Dataset =
  | 'procedures'
  | 'units'
  | 'calendar'
  | 'opening-hours'
  | 'service-points'
  | 'agencies'
  | 'forms'
  | 'fees'

/** One doubt about the data: an error refuses its record, a warning is listed and the record goes in. */
export type Finding = {
  severity: 'error' | 'warning'
  dataset: Dataset
  /** Kebab-case name of the check. */
  code: string
  /** `/{key of the record}/…`, the rest as in RFC 6901. */
  pointer: string
  message: string
}

/** A reviewed deviation from the source: either another value, or the statement that the value is right all the same. */
export const Correction = z.strictObject({
  dataset: z.enum(['procedures', 'units', 'calendar', 'opening-hours', 'service-points']),
  pointer: z.string().regex(/^(\/[^/]+)+$/),
  finding: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  old: z.json(),
  decision: z.union([z.strictObject({ new: z.json() }), z.literal('accept')]),
  reason: z.string().min(10),
  source: z.string().min(3),
})
export type Correction = z.infer<typeof Correction>

export type Report = ReturnType<typeof createReport>

/** Collects the findings of one dataset and lets its reviewed corrections speak, each exactly once. */
export function createReport(dataset: Dataset, corrections: readonly Correction[]) {
  const findings: Finding[] = []
  const waiting = new Set(corrections.filter((one) => one.dataset === dataset))
  const add = (severity: Finding['severity'], code: string, pointer: string, message: string) =>
    findings.push({ severity, dataset, code, pointer, message })

  return {
    warning: (code: string, pointer: string, message: string) => add('warning', code, pointer, message),

    /** An error, unless a correction accepts this very finding: then it is a warning that says why. */
    error(code: string, pointer: string, message: string, value?: unknown) {
      const accepted = [...waiting].find(
        (one) => one.decision === 'accept' && one.pointer === pointer && one.finding === code && same(one.old, value),
      )
      if (!accepted) return add('error', code, pointer, message)
      waiting.delete(accepted)
      return add('warning', code, pointer, `${message}; accepted: ${accepted.reason} (${accepted.source})`)
    },

    /** The record with its corrections applied; each is listed. The input is not touched. */
    corrected(key: string, record: unknown): unknown {
      const copy = structuredClone(record)
      for (const one of waiting) {
        if (one.decision === 'accept' || !one.pointer.startsWith(`/${key}/`)) continue
        if (!replace(copy, one.pointer.split('/').slice(2).map(unescape), one.old, one.decision.new)) continue
        waiting.delete(one)
        const change = `${JSON.stringify(one.old)} → ${JSON.stringify(one.decision.new)}`
        add('warning', 'corrected', one.pointer, `${one.finding}: ${change}: ${one.reason} (${one.source})`)
      }
      return copy
    },

    refuses: (key: string) =>
      findings.some((one) => one.severity === 'error' && `${one.pointer}/`.startsWith(`/${key}/`)),

    /** All findings; a correction that found nothing to correct is an error, so that none outlives its reason. */
    finish(): Finding[] {
      for (const one of waiting)
        add(
          'error',
          'correction-stale',
          one.pointer,
          `nothing to correct: no ${one.finding} with ${JSON.stringify(one.old)}`,
        )
      return findings
    },
  }
}

const unescape = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~')

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

function replace(target: unknown, path: readonly string[], old: unknown, value: unknown): boolean {
  const [step, ...rest] = path
  if (step === undefined || target === null || typeof target !== 'object') return false
  const child: unknown = Reflect.get(target, step)
  if (rest.length > 0) return replace(child, rest, old, value)
  return same(child, old) && Reflect.set(target, step, value)
}

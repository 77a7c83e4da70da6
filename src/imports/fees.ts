import { z } from 'zod'
import type { Fees } from '../domain/fee.ts'
import type { Text } from '../platform/result.ts'
import { createReport, type Finding, type Report } from './report.ts'
import { BothLanguages, CivilDate, readEnvelope, readRecords } from './shape.ts'

const id = z.string().regex(/^[a-z]+(-[a-z]+)*$/)
const amount = z.int().min(0).max(100_000_000)
const condition = { when: z.array(id).max(10), until: CivilDate.optional() }

const Rate = z.discriminatedUnion('by', [
  z.strictObject({ ...condition, by: z.literal('item'), item: BothLanguages, amount }),
  z.strictObject({
    ...condition,
    by: z.literal('page'),
    tiers: z.array(z.strictObject({ fromPage: z.int().min(1), amount })).min(1),
    perCopyAtMost: amount.nullable(),
  }),
  z.strictObject({ ...condition, by: z.literal('authority'), setBy: BothLanguages }),
])

const FeeRecord = z.strictObject({
  circumstances: z.array(z.strictObject({ id, name: BothLanguages })),
  rules: z
    .array(
      z.strictObject({
        id,
        kind: z.enum(['fee', 'charge']).nullable(),
        name: BothLanguages,
        rates: z.array(Rate).min(1),
      }),
    )
    .min(1),
})

const FeeFile = z.object({ fees: z.record(z.string(), z.unknown()) })

/** Reads `data/fees.json`: what procedures charge, keyed by code, where one amount does not say it. */
export function readFees(input: unknown): { rows: Map<string, Fees>; findings: Finding[] } {
  const report = createReport('fees', [])
  const file = readEnvelope(report, input, FeeFile)
  const list = Object.entries(file?.fees ?? {}).map(([code, record]) => ({ code, record }))
  const records = readRecords(
    report,
    list,
    z.object({ code: z.string().regex(/^\d\.\d{6}$/), record: FeeRecord }),
    (raw) => raw['code'],
  )
  for (const { key, value } of records) checkFees(report, `/${key}`, value.record)
  const findings = report.finish()
  return {
    rows: new Map(records.filter(({ key }) => !report.refuses(key)).map(({ key, value }) => [key, value.record])),
    findings,
  }
}

const channels = ['online', 'direct', 'postal']

/** Conditions that exist, one rate for each set of them, one without any, and tiers that begin with the first page and rise. */
function checkFees(report: Report, at: string, { circumstances, rules }: z.infer<typeof FeeRecord>) {
  const known = new Set([...channels, ...circumstances.map((one) => one.id)])
  for (const [index, rule] of rules.entries()) {
    const place = `${at}/rules/${index}/rates`
    const sets = rule.rates.map(({ when }) => when.toSorted().join())
    if (!rule.rates.some(({ when, until }) => when.length === 0 && until === undefined))
      report.error('rate-missing', place, `"${rule.id}" has no rate for the ordinary case`)
    if (new Set(sets).size < sets.length) report.error('rate-twice', place, `"${rule.id}" has two rates for one case`)
    for (const [number, rate] of rule.rates.entries()) {
      for (const one of rate.when)
        if (!known.has(one))
          report.error('circumstance-unknown', `${place}/${number}/when`, `nobody says what "${one}" is`)
      const pages = rate.by === 'page' ? rate.tiers.map(({ fromPage }) => fromPage) : [1]
      if (pages.some((page, place) => (place === 0 ? page !== 1 : page <= (pages[place - 1] ?? 0))))
        report.error('tiers-disordered', `${place}/${number}/tiers`, 'tiers begin with page 1 and rise')
    }
  }
}

/** The first amount that the rules name for the ordinary case: what the catalogue shows as the price. */
export function headline({ rules }: Fees): number | null {
  const ordinary = rules[0]?.rates.find(({ when }) => when.length === 0)
  if (ordinary?.by === 'item') return ordinary.amount
  return ordinary?.by === 'page' ? (ordinary.tiers[0]?.amount ?? null) : null
}

/** What one amount and its note say: free, so much for a dossier, or set by somebody whom the note names. */
export function plainFees({ amount, note }: { amount: number | null; note: Text | null }): Fees {
  if (amount === 0 && note === null) return { circumstances: [], rules: [] }
  const item = { vi: 'hồ sơ', en: 'dossier' }
  const rate =
    amount === null
      ? { when: [], by: 'authority' as const, setBy: note ?? { vi: 'không rõ', en: 'not known' } }
      : { when: [], by: 'item' as const, item, amount }
  const name = { vi: 'Phí, lệ phí', en: 'Fee or charge' }
  return { circumstances: [], rules: [{ id: 'fee', kind: null, name, rates: [rate] }] }
}

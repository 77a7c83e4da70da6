// What a procedure costs, as data of its version, and the sum for one case. Whole VND only: the smallest unit there is.
import type { Text } from '../platform/result.ts'
import type { Channel } from './procedure.ts'

/** `fee` pays for a service, `charge` is a levy of the state (Law 97/2015/QH13 on fees and charges, art. 3). */
export type FeeKind = 'fee' | 'charge'

/** How one rate counts; amounts in VND. `authority`: somebody else sets it, and the officer names the amount. */
export type Rate =
  | { by: 'item'; item: Text; amount: number }
  | { by: 'page'; tiers: readonly PageTier[]; perCopyAtMost: number | null }
  | { by: 'authority'; setBy: Text }

/** From this page of one copy on (1 is the first), a page costs so much. */
export type PageTier = { fromPage: number; amount: number }

/** A rate and what must hold for it: a channel, or circumstances that the version names. `until`: its last day. */
export type ConditionalRate = { when: readonly string[]; until?: string | undefined } & Rate

/** One charge of a procedure. Of its rates the one counts whose conditions all hold, and that has most of them. */
export type FeeRule = { id: string; kind: FeeKind | null; name: Text; rates: readonly ConditionalRate[] }

/** Everything that a version charges; no rules: free. Circumstances are what the applicant may declare. */
export type Fees = { circumstances: readonly { id: string; name: Text }[]; rules: readonly FeeRule[] }

/** One case. `pages`: of one copy; `copies`: how many copies, or persons, diplomas, transactions, … */
export type FeeCase = { on: string; channel: Channel; pages: number; copies: number; circumstances: readonly string[] }

/** `amount`: VND, null where an authority sets it and the catalogue does not know how much. */
export type FeeLine = { rule: string; kind: FeeKind | null; amount: number | null; reason: Text }
export type Quote = { amount: number | null; currency: 'VND'; lines: FeeLine[] }

/** The sum for one case, line by line; null as soon as one line is not known, for half a price is no price. */
export function quote(fees: Fees, facts: FeeCase): Quote {
  const lines = fees.rules.flatMap((rule) => lineOf(rule, fees, facts))
  const known = lines.map(({ amount }) => amount).filter((amount) => amount !== null)
  const amount = known.length === lines.length ? known.reduce((sum, one) => sum + one, 0) : null
  return { amount, currency: 'VND', lines: lines.length > 0 ? lines : [free] }
}

/** A quote's share of fees and of charges, as receipts name them. */
export const shareOf = (kind: FeeKind, lines: readonly FeeLine[]): number =>
  lines.reduce((sum, line) => (line.kind === kind ? sum + (line.amount ?? 0) : sum), 0)

const free: FeeLine = {
  rule: 'free',
  kind: null,
  amount: 0,
  reason: { vi: 'Thủ tục không thu phí, lệ phí.', en: 'The procedure is free of charge.' },
}

function lineOf(rule: FeeRule, { circumstances }: Fees, facts: FeeCase): FeeLine[] {
  const held = [facts.channel, ...facts.circumstances]
  const fitting = rule.rates
    .filter(({ when, until }) => when.every((one) => held.includes(one)) && (until === undefined || facts.on <= until))
    .toSorted((a, b) => b.when.length - a.when.length)
  const [rate] = fitting
  if (!rate) return []
  const names = rate.when.map((one) => circumstances.find(({ id }) => id === one)?.name ?? channels[one])
  const because = names.filter((name) => name !== undefined)
  const { amount, how } = counted(rate, facts)
  return [{ rule: rule.id, kind: rule.kind, amount, reason: sentence(rule.name, because, how) }]
}

const channels: Record<string, Text> = {
  online: { vi: 'nộp trực tuyến', en: 'handed in online' },
  direct: { vi: 'nộp trực tiếp', en: 'handed in at a counter' },
  postal: { vi: 'nộp qua bưu chính', en: 'handed in by post' },
}

const sentence = (name: Text, because: readonly Text[], how: Text): Text => ({
  vi: `${name.vi}${because.length > 0 ? ` (${because.map(({ vi }) => vi).join(', ')})` : ''}: ${how.vi}.`,
  en: `${name.en}${because.length > 0 ? ` (${because.map(({ en }) => en).join(', ')})` : ''}: ${how.en}.`,
})

function counted(rate: Rate, { pages, copies }: FeeCase): { amount: number | null; how: Text } {
  switch (rate.by) {
    case 'item':
      return {
        amount: copies * rate.amount,
        how: {
          vi: rate.amount === 0 ? 'miễn' : `${copies} × ${dong(rate.amount).vi}/${rate.item.vi}`,
          en: rate.amount === 0 ? 'free' : `${copies} × ${dong(rate.amount).en} per ${rate.item.en}`,
        },
      }
    case 'page':
      return copied(rate, pages, copies)
    case 'authority':
      return { amount: null, how: { vi: `chưa xác định, ${rate.setBy.vi}`, en: `to be set, ${rate.setBy.en}` } }
  }
}

/** Pages by tier, and no copy dearer than its cap (Circular 226/2016/TT-BTC art. 4). */
function copied({ tiers, perCopyAtMost }: Rate & { by: 'page' }, pages: number, copies: number) {
  const parts = tiers.map(({ fromPage, amount }, index) => {
    const last = Math.min(pages, (tiers[index + 1]?.fromPage ?? Infinity) - 1)
    return { count: Math.max(0, last - fromPage + 1), amount }
  })
  const full = parts.reduce((sum, { count, amount }) => sum + count * amount, 0)
  const each = perCopyAtMost === null ? full : Math.min(full, perCopyAtMost)
  const counts = parts.filter(({ count }) => count > 0)
  const sum = (language: 'vi' | 'en', page: (count: number) => string) =>
    counts.map(({ count, amount }) => `${count} ${page(count)} × ${dong(amount)[language]}`).join(' + ')
  const plural = (one: string, many: string) => (count: number) => (count === 1 ? one : many)
  const capped: Text =
    each < full ? { vi: `, tối đa ${dong(each).vi}/bản`, en: `, at most ${dong(each).en} a copy` } : { vi: '', en: '' }
  return {
    amount: copies * each,
    how: {
      vi: `${copies} bản × (${sum('vi', () => 'trang')}${capped.vi})`,
      en: `${copies} ${plural('copy', 'copies')(copies)} × (${sum('en', plural('page', 'pages'))}${capped.en})`,
    },
  }
}

/** `10.000 đồng`, `10,000 VND`. */
const dong = (amount: number): Text => ({ vi: `${grouped(amount, '.')} đồng`, en: `${grouped(amount, ',')} VND` })

/** An amount with a mark before each three digits: `10.000`. */
export const grouped = (amount: number, mark: '.' | ','): string => String(amount).replaceAll(/\B(?=(\d{3})+$)/g, mark)

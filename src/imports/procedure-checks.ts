import { unitCodesOf } from '../domain/procedure.ts'
import { standsOn } from '../domain/unit.ts'
import { headline } from './fees.ts'
import type { ProcedureRecord, ProcedureSources } from './procedures.ts'
import type { Report } from './report.ts'

/** No charge of the state is smaller, and none has odd hundreds: such an amount was typed in thousands. */
const smallestFee = 1_000
const largestFee = 100_000_000

const impossible = (amount: number) => amount > 0 && (amount < smallestFee || amount > largestFee || amount % 500 !== 0)

/** What must hold inside one procedure: fee, time, channels, components, and the portal's other values beside them. */
export function checkParts(report: Report, one: ProcedureRecord, { fees }: ProcedureSources) {
  const at = `/${one.code}`
  checkFee(report, one, at)
  const rules = fees?.get(one.code)
  if (rules && headline(rules) !== one.fee.amount)
    report.error('fee-contradicts-rules', `${at}/fee/amount`, `data/fees.json begins with ${headline(rules)} VND`)
  checkTime(report, one, at)
  checkChannels(report, one, at)
  const ids = one.components.map(({ id }) => id)
  for (const [index, id] of ids.entries())
    if (ids.indexOf(id) !== index)
      report.error('component-twice', `${at}/components/${index}/id`, `"${id}" is used twice`)
  const papers = one.papers?.map(({ id }) => id) ?? []
  for (const [index, id] of papers.entries())
    if (papers.indexOf(id) !== index) report.error('paper-twice', `${at}/papers/${index}/id`, `"${id}" is used twice`)
  if (one.components.filter(({ declaration }) => declaration).length > 1)
    report.error('declaration-twice', `${at}/components`, 'one component at most is the declaration')
  if (one.result.certifiedCopy && !one.result.paper)
    report.error('copy-of-no-paper', `${at}/result/certifiedCopy`, 'only a result on paper can be certified')
  if (one.certainty === 'low') report.error('code-unsettled', at, `${one.name.en}: ${one.note}`, one.certainty)
  if (one.certainty === 'medium')
    report.warning('uncertain', at, `${one.name.en}: certainty ${one.certainty}${one.note ? ` (${one.note})` : ''}`)
  if (one.sinceNote !== undefined) report.warning('start-unknown', `${at}/since`, `${one.since}: ${one.sinceNote}`)
}

function checkFee(report: Report, { fee, portal }: ProcedureRecord, at: string) {
  if (fee.amount !== null && impossible(fee.amount))
    report.error('fee-implausible', `${at}/fee/amount`, `${fee.amount} VND cannot be a fee`, fee.amount)
  if (fee.amount === 0 && /council|tier/i.test(fee.note?.en ?? ''))
    report.error('fee-unsettled', `${at}/fee/amount`, `0 VND, but the note says: ${fee.note?.en}`, fee.amount)
  if (fee.amount === null && fee.note === null)
    report.error('fee-unexplained', `${at}/fee/note`, 'an unknown fee needs a note that says who sets it')
  for (const [index, seen] of (portal?.fees ?? []).entries())
    if (impossible(seen.amount))
      report.error(
        'fee-implausible',
        `${at}/portal/fees/${index}/amount`,
        `the portal (${seen.where}) shows ${seen.amount} VND`,
        seen.amount,
      )
    else if (seen.amount !== fee.amount)
      report.warning(
        'fee-differs',
        `${at}/portal/fees/${index}`,
        `the portal (${seen.where}) shows ${seen.amount} VND, taken: ${fee.amount}`,
      )
}

function checkTime(report: Report, { time, cutoff, portal }: ProcedureRecord, at: string) {
  if ((time.unit === 'SAME_DAY') !== (cutoff !== null))
    report.error('cutoff-contradicts', `${at}/cutoff`, 'in-day procedures, and only they, have the 15:00 rule')
  const taken =
    time.unit === 'SAME_DAY' ? 'in the day' : time.unit === 'OTHER' ? time.text.en : `${time.value} ${time.unit}`
  const seen = portal?.times ?? []
  const varies = seen.some(({ where }) => !/^(case|method|old paper entry)$/.test(where))
  for (const [index, other] of seen.entries()) {
    const same = 'value' in time && time.value === other.value && time.unit === other.unit
    const says = `${other.where} says ${other.value} ${other.unit}, taken: ${taken}`
    if (same) continue
    if (varies) report.warning('time-varies', `${at}/portal/times/${index}`, says)
    else report.error('time-contradicts', `${at}/portal/times/${index}`, `the portal's ${says}`, other)
  }
}

function checkChannels(report: Report, { mode, channels }: ProcedureRecord, at: string) {
  if (new Set(channels).size < channels.length)
    report.error('channel-twice', `${at}/channels`, 'a channel is named twice')
  if (mode === 'offline' && channels.includes('online'))
    report.error('mode-contradicts', `${at}/channels`, 'an offline procedure has no online channel', channels)
  if (mode !== 'offline' && !channels.includes('online'))
    report.error(
      'mode-contradicts',
      `${at}/channels`,
      `a procedure that is online in ${mode} needs the online channel`,
      channels,
    )
}

/** What must hold of those who handled it: dates in order, words that are mapped, departments that stand. */
export function checkCompetence(report: Report, one: ProcedureRecord, start: string, sources: ProcedureSources) {
  for (const [index, stretch] of one.handledBy.entries()) {
    const at = `/${one.code}/handledBy/${index}`
    const from = stretch.from ?? one.since ?? start
    const previous = one.handledBy[index - 1]
    if (previous && stretch.from === null)
      report.error('dates-reversed', `${at}/from`, 'only the first entry may have no date')
    if (previous && from <= (previous.from ?? one.since ?? start))
      report.error('dates-reversed', `${at}/from`, `${from} is not after the entry before`)
    if (one.until !== undefined && one.until <= from)
      report.error('dates-reversed', `/${one.code}/until`, `ends before ${from}`)
    const agency = sources.agencies.get(stretch.agency)
    if (!agency) {
      report.error('agency-unmapped', `${at}/agency`, `nobody has said yet who "${stretch.agency}" is`)
      continue
    }
    if (agency.level !== stretch.level)
      report.error(
        'level-contradicts-agency',
        `${at}/level`,
        `"${stretch.agency}" is of level ${agency.level}, not ${stretch.level}`,
      )
    if (stretch.anyCommune !== undefined && stretch.level !== 'commune')
      report.error('choice-contradicts-level', `${at}/anyCommune`, 'only communes can be chosen')
    if (stretch.placeOf !== undefined && (agency.competence.by !== 'place' || stretch.anyCommune !== undefined))
      report.error(
        'place-contradicts-agency',
        `${at}/placeOf`,
        'only where the place decides it can be one or the other',
      )
    if (agency.certainty !== 'high')
      report.warning(
        'competence-uncertain',
        at,
        `"${stretch.agency}": certainty ${agency.certainty}${agency.note ? ` (${agency.note})` : ''}`,
      )
    const to = one.handledBy[index + 1]?.from ?? one.until ?? null
    for (const code of unitCodesOf(agency.competence)) checkDepartment(report, at, code, { from, to }, sources)
  }
}

type Stretch = { from: string; to: string | null }

/** The department stands from the first to the last day; a beginning that the units do not know is only a doubt. */
function checkDepartment(report: Report, at: string, code: string, { from, to }: Stretch, { units }: ProcedureSources) {
  const lives = units.filter((unit) => unit.code === code)
  const [first] = lives
  if (!first) return report.error('department-missing', `${at}/agency`, `there is no unit "${code}"`)
  if (
    lives.some((unit) => standsOn(unit, from) && (unit.effectiveTo === null || (to !== null && to <= unit.effectiveTo)))
  )
    return
  const late = first.effectiveTo === null && first.effectiveFrom !== null && (to === null || first.effectiveFrom < to)
  if (late)
    return report.warning(
      'department-begins-later',
      at,
      `"${code}" is known since ${first.effectiveFrom}, the version holds since ${from}`,
    )
  return report.error('department-not-standing', at, `"${code}" did not stand from ${from} to ${to ?? 'today'}`)
}

import type { Report } from './report.ts'
import type { UnitRecord } from './units.ts'

const overlap = (a: UnitRecord, b: UnitRecord) =>
  (a.to === null || b.from === null || b.from < a.to) && (b.to === null || a.from === null || a.from < b.to)

const prefixes: Record<string, string> = {
  ward: 'Phường',
  commune: 'Xã',
  township: 'Thị trấn',
  'urban-district': 'Quận',
  'rural-district': 'Huyện',
  town: 'Thị xã',
}

/** What must hold of each unit's life, of its parent's, and of two lives under one code. */
export function checkLives(report: Report, records: readonly UnitRecord[]) {
  const byId = new Map(records.map((one) => [one.id, one]))
  for (const one of records) {
    const at = `/${one.id}`
    if (one.from !== null && one.to !== null && one.to <= one.from)
      report.error('dates-reversed', `${at}/to`, `ends on ${one.to}, before it begins on ${one.from}`)
    const prefix = prefixes[one.type]
    if (prefix !== undefined && !one.name.vi.startsWith(`${prefix} `))
      report.error('type-contradicts-name', `${at}/type`, `a ${one.type} is called "${prefix} …", not "${one.name.vi}"`)
    const parent = one.parent === null ? undefined : byId.get(one.parent)
    if (parent && !overlap(one, parent))
      report.error('parent-not-standing', `${at}/parent`, `"${parent.id}" never stood at the same time`)
    if (one.parent === null && one.level !== 'city')
      report.error('parent-missing', `${at}/parent`, 'only the city has no parent')
  }
  for (const [code, lives] of Map.groupBy(records, (one) => one.code)) checkCode(report, code, lives)
  for (const [name, same] of Map.groupBy(records, (one) => `${one.name.vi} in ${one.parent}`))
    for (const [index, one] of same.entries())
      if (same.slice(0, index).some((other) => overlap(one, other)))
        report.warning('name-twice', `/${one.id}/name`, `two units at the same time: ${name}`)
}

/** Codes are re-used, but by one unit at a time; days between two lives are worth a look. */
function checkCode(report: Report, code: string, lives: readonly UnitRecord[]) {
  const ordered = lives.toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  for (const [index, later] of ordered.entries()) {
    const earlier = ordered[index - 1]
    if (!earlier) continue
    if (overlap(earlier, later))
      report.error('lives-overlap', `/${later.id}/from`, `code ${code} is borne by "${earlier.id}" at the same time`)
    else if (earlier.to !== later.from)
      report.warning('life-gap', `/${later.id}/from`, `code ${code} was nobody's from ${earlier.to} to ${later.from}`)
  }
}

/** What must hold between a unit that ceased and those that took over. */
export function checkSuccession(report: Report, records: readonly UnitRecord[]) {
  const byId = new Map(records.map((one) => [one.id, one]))
  for (const one of records) {
    checkEnding(report, one)
    for (const { unit } of one.successors) checkSuccessor(report, one, unit, byId.get(unit))
  }
  checkCycles(report, byId)
  const succeeded = new Set(records.flatMap((one) => one.successors.map(({ unit }) => unit)))
  for (const one of records)
    if (one.level === 'commune' && one.from !== null && !succeeded.has(one.id))
      report.error('without-predecessor', `/${one.id}`, `${one.name.vi} begins on ${one.from}, but no unit went to it`)
}

function checkEnding(report: Report, one: UnitRecord) {
  const at = `/${one.id}/successors`
  if (one.to === null && one.successors.length > 0)
    report.error('standing-with-successor', at, 'a unit that still stands has no successor')
  if (one.to !== null && one.successors.length === 0)
    report.error('ended-without-successor', at, `${one.name.vi} ceased on ${one.to}; nobody took over`)
  if (new Set(one.successors.map(({ unit }) => unit)).size < one.successors.length)
    report.error('successor-twice', at, 'a successor is named twice')
  const whole = one.successors.filter(({ kind }) => kind === 'full').length
  const rest = one.successors.filter(({ kind }) => kind === 'remainder').length
  if (whole > 0 && one.successors.length > 1)
    report.error('kind-contradicts', at, 'what went wholly to one unit cannot have gone to another as well')
  if (one.level === 'commune' && one.successors.length > 0 && whole === 0 && rest !== 1)
    report.error('kind-contradicts', at, `a divided commune has one remainder, not ${rest}`)
}

function checkSuccessor(report: Report, one: UnitRecord, name: string, successor: UnitRecord | undefined) {
  const at = `/${one.id}/successors/${name}`
  if (!successor) report.error('successor-missing', at, `there is no unit "${name}"`)
  else if (successor.id === one.id) report.error('successor-self', at, 'a unit cannot succeed itself')
  else if (one.to !== null && ((successor.from ?? '') > one.to || (successor.to ?? '9999') <= one.to))
    report.error('successor-not-standing', at, `"${name}" did not stand on ${one.to}`)
  else if (
    successor.formerDistricts &&
    one.level === 'commune' &&
    !successor.formerDistricts.includes(one.parent ?? '')
  )
    report.error(
      'successor-elsewhere',
      at,
      `${successor.name.vi} lies in ${successor.formerDistricts.join(', ')}, ${one.name.vi} in ${one.parent}`,
    )
}

/** Following successors must come to an end. */
function checkCycles(report: Report, byId: ReadonlyMap<string, UnitRecord>) {
  const done = new Set<string>()
  const follow = (id: string, path: readonly string[]) => {
    if (path.includes(id)) {
      const round = [...path.slice(path.indexOf(id)), id].join(' → ')
      return report.error('succession-cycle', `/${id}/successors`, `succession runs in a circle: ${round}`)
    }
    if (done.has(id)) return
    for (const { unit } of byId.get(id)?.successors ?? []) follow(unit, [...path, id])
    done.add(id)
  }
  for (const id of byId.keys()) follow(id, [])
}

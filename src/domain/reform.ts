// A reform is data: which units end on a date, which begin, and what of the former goes to whom. Units are merged, divided and
// renamed in no other way.
import type { InputError, Text } from '../platform/result.ts'
import type { World } from './inheritance.ts'
import { type Level, localIdentifier, standsOn, type SuccessionKind, type Unit, type UnitId, unitIdOf } from './unit.ts'

export type Successor = { unit: UnitId; kind: SuccessionKind; clause: number | null }

export type Reform = {
  name: Text
  /** The law that orders it, as clauses name it. */
  ground: Text
  /** Civil date; the units change at 00:00. */
  on: string
  creates: { code: string; name: Text; level: Level; type: string; parent: UnitId; identifier: string | null }[]
  dissolves: { unit: UnitId; successors: Successor[] }[]
}

/** The units and successions as they will be once the reform is accepted. */
export function worldAfter(world: World, reform: Reform): World {
  const ended = new Set(reform.dissolves.map(({ unit }) => unit))
  const { on, ground } = reform
  return {
    procedures: world.procedures,
    units: [
      ...world.units.map((unit) => (ended.has(unit.id) ? { ...unit, effectiveTo: on } : unit)),
      ...createdBy(reform),
    ],
    successions: [
      ...world.successions,
      ...reform.dissolves.flatMap(({ unit, successors }) =>
        successors.map(({ unit: to, kind, clause }) => ({ from: unit, to, on, kind, clause, ground })),
      ),
    ],
  }
}

export const createdBy = ({ creates, on, ground }: Reform): Unit[] =>
  creates.map(({ parent, identifier, ...one }) => ({
    id: unitIdOf(one.code, on),
    ...one,
    codeScheme: /^\d+$/.test(one.code) ? 'gso' : 'local',
    effectiveFrom: on,
    effectiveTo: null,
    parentId: parent,
    identifier: identifier ?? localIdentifier(one.code),
    source: ground.vi,
    certainty: 'high',
    note: null,
  }))

/** Everything that is wrong with a reform, by JSON pointer. Successors stand when their predecessor ends, so no circle can arise. */
export function faultsOf(world: World, reform: Reform, today: string): InputError[] {
  const after = worldAfter(world, reform)
  const byId = new Map(after.units.map((unit) => [unit.id, unit]))
  const was = new Map(world.units.map((unit) => [unit.id, unit]))
  return [
    ...(reform.on < today ? [fault('/on', 'in-the-past', 'Ngày này đã qua.', 'That day has passed.')] : []),
    ...reform.creates.flatMap((_, index) => faultsOfNew(world, reform, byId, index)),
    ...reform.dissolves.flatMap((_, index) => faultsOfEnd(reform, was, byId, index)),
    ...orphans(after, reform),
  ]
}

const codeShapes: Record<Level, RegExp> = {
  city: /^\d{2}$/,
  district: /^\d{3}$/,
  commune: /^\d{5}$/,
  department: /^[A-Z]{2}(-[A-Z0-9]+)+$/,
}

type Units = ReadonlyMap<UnitId, Unit>

function faultsOfNew({ units }: World, reform: Reform, byId: Units, index: number): InputError[] {
  const one = reform.creates[index]
  if (!one) return []
  const at = `/creates/${index}`
  const id = unitIdOf(one.code, reform.on)
  const ends = new Set(reform.dissolves.map(({ unit }) => unit))
  const bearer = units.find((unit) => unit.code === one.code && !ends.has(unit.id) && !hasEnded(unit, reform.on))
  const parent = byId.get(one.parent)
  const faults: InputError[] = []
  if (!codeShapes[one.level].test(one.code))
    faults.push(
      fault(`${at}/code`, 'code-contradicts-level', 'Mã không đúng với cấp.', 'No unit of that level has such a code.'),
    )
  if (units.some((unit) => unit.id === id) || reform.creates.findIndex(({ code }) => code === one.code) < index)
    faults.push(fault(`${at}/code`, 'unit-exists', `Đã có đơn vị ${id}.`, `There is a unit ${id} already.`))
  else if (bearer)
    faults.push(fault(`${at}/code`, 'code-in-use', `${bearer.id} đang mang mã này.`, `${bearer.id} bears this code.`))
  if (!parent || !standsOn(parent, reform.on))
    faults.push(
      fault(
        `${at}/parent`,
        'unit-not-standing',
        'Đơn vị cấp trên không tồn tại vào ngày đó.',
        'The parent does not stand on that day.',
      ),
    )
  if (!reform.dissolves.some(({ successors }) => successors.some(({ unit }) => unit === id)))
    faults.push(fault(at, 'without-predecessor', 'Không đơn vị nào nhập vào đơn vị mới.', 'No unit goes to it.'))
  return faults
}

const hasEnded = ({ effectiveTo }: Unit, on: string) => effectiveTo !== null && effectiveTo <= on

function faultsOfEnd(reform: Reform, was: Units, byId: Units, index: number): InputError[] {
  const ending = reform.dissolves[index]
  if (!ending) return []
  const at = `/dissolves/${index}`
  const unit = was.get(ending.unit)
  const faults: InputError[] = []
  if (!unit) faults.push(fault(`${at}/unit`, 'unknown-unit', 'Không có đơn vị này.', 'There is no such unit.'))
  else if (unit.effectiveTo !== null || (unit.effectiveFrom !== null && unit.effectiveFrom >= reform.on))
    faults.push(
      fault(
        `${at}/unit`,
        'unit-not-standing',
        'Đơn vị không tồn tại đến ngày đó, hoặc đã có ngày kết thúc.',
        'It does not stand until that day, or its end is set already.',
      ),
    )
  else if (unit.level === 'city')
    faults.push(
      fault(`${at}/unit`, 'city-ends', 'Không thể giải thể thành phố ở đây.', 'The city itself cannot end here.'),
    )
  if (reform.dissolves.findIndex((other) => other.unit === ending.unit) < index)
    faults.push(fault(`${at}/unit`, 'unit-twice', 'Đơn vị được nêu hai lần.', 'The unit is named twice.'))
  return [
    ...faults,
    ...faultsOfSharing(ending.successors, unit, at),
    ...ending.successors.flatMap(({ unit: id }, n) =>
      faultsOfHeir(reform, unit, byId.get(id), `${at}/successors/${n}/unit`),
    ),
  ]
}

function faultsOfSharing(successors: Successor[], unit: Unit | undefined, at: string): InputError[] {
  const count = (kind: SuccessionKind) => successors.filter((one) => one.kind === kind).length
  const say = (vi: string, en: string) => [fault(`${at}/successors`, 'kind-contradicts', vi, en)]
  if (successors.length === 0)
    return [fault(`${at}/successors`, 'without-successor', 'Phải có đơn vị kế thừa.', 'Somebody has to take over.')]
  if (new Set(successors.map((one) => one.unit)).size < successors.length)
    return [fault(`${at}/successors`, 'unit-twice', 'Đơn vị kế thừa được nêu hai lần.', 'A successor is named twice.')]
  if (count('full') > 0 && successors.length > 1)
    return say(
      'Đã nhập toàn bộ thì không còn phần cho đơn vị khác.',
      'What went wholly to one unit cannot go to another too.',
    )
  if (unit?.level === 'commune' && count('full') === 0 && count('remainder') !== 1)
    return say('Xã, phường bị chia phải có đúng một phần còn lại.', 'A divided commune has exactly one remainder.')
  return []
}

function faultsOfHeir(reform: Reform, from: Unit | undefined, heir: Unit | undefined, at: string): InputError[] {
  if (!heir || !standsOn(heir, reform.on))
    return [
      fault(
        at,
        'unit-not-standing',
        'Đơn vị kế thừa không tồn tại vào ngày đó.',
        'The successor does not stand on that day.',
      ),
    ]
  // Dossiers of a department are told apart by procedure, all others by place.
  if (from && (from.level === 'department') !== (heir.level === 'department'))
    return [
      fault(
        at,
        'level-contradicts',
        'Cơ quan chuyên môn và đơn vị hành chính không kế thừa nhau.',
        'Departments and places do not succeed each other.',
      ),
    ]
  return []
}

/** A unit keeps its parent for life: what lies under a unit that ends must end, or begin anew, with it. */
function orphans({ units }: World, { dissolves, on }: Reform): InputError[] {
  return dissolves.flatMap(({ unit: id }, index) => {
    const left = units.filter(({ parentId, ...unit }) => parentId === id && standsOn(unit, on))
    if (left.length === 0) return []
    const names = `${left
      .slice(0, 10)
      .map((unit) => unit.id)
      .join(', ')}${left.length > 10 ? ', …' : ''}`
    return [
      fault(
        `/dissolves/${index}/unit`,
        'has-units-under-it',
        `Vẫn còn đơn vị trực thuộc: ${names}.`,
        `Units under it still stand: ${names}.`,
      ),
    ]
  })
}

const fault = (pointer: string, code: string, vi: string, en: string): InputError => ({
  pointer,
  code,
  detail: { vi, en },
})

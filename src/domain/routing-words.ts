// How the choice of a unit is told to the person who asks: one sentence for each rule of routing.ts.
import type { Text } from '../platform/result.ts'
import { dayNumber } from './civil-date.ts'
import { nameOf } from './day-names.ts'
import type { PlaceOf, ProcedureLevel } from './procedure.ts'
import type { Takeover } from './succession.ts'
import type { SuccessionKind, Unit } from './unit.ts'

const date = (on: string): Text => nameOf(dayNumber(on)).date

const kinds: Record<SuccessionKind, Text> = {
  full: { vi: 'toàn bộ', en: 'all of it' },
  partial: { vi: 'một phần', en: 'a part' },
  remainder: { vi: 'phần còn lại', en: 'the remainder' },
  'partial-area-only': { vi: 'một phần đất, không có dân', en: 'land without residents' },
  'partial-all-population': { vi: 'một phần đất và toàn bộ dân số', en: 'a part of the land and all residents' },
}

/** Old and new units share names and codes, so a unit is named with its id. */
const named = (unit: Unit): Text => ({ vi: `${unit.name.vi} (${unit.id})`, en: `${unit.name.en} (${unit.id})` })
const list = (texts: readonly Text[]): Text => ({
  vi: texts.map((text) => text.vi).join(', '),
  en: texts.map((text) => text.en).join(', '),
})

/** The decision that publishes the procedure says who handles it. */
export const decision = (number: string | null): Text | null =>
  number === null ? null : { vi: `Quyết định ${number}`, en: `Decision ${number}` }

/** `clause 2 of Resolution 1656/NQ-UBTVQH15 …`. */
export const clause = ({ succession, ground }: Takeover): Text | null =>
  ground && succession.clause !== null
    ? { vi: `Khoản ${succession.clause} ${ground.vi}`, en: `Clause ${succession.clause} of ${ground.en}` }
    : ground

export const abolition: Text = {
  vi: 'Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 51 khoản 3',
  en: 'Law on Organisation of Local Government 72/2025/QH15 art. 51(3)',
}

const places: Record<PlaceOf | 'either', Text> = {
  residence: { vi: 'nơi cư trú', en: 'of residence' },
  thing: { vi: 'nơi có đất, công trình, tài sản', en: 'where the land, building or thing is' },
  either: {
    vi: 'nơi cư trú hoặc nơi có công trình, tài sản',
    en: 'of residence, or where the building or thing is',
  },
}

export const placeNeeded = (of: PlaceOf | 'either' = 'either'): Text => ({
  vi: `Cho biết xã, phường ${places[of].vi}.`,
  en: `Name the commune or ward ${places[of].en}.`,
})

export const saysPlace = (place: Unit, of: PlaceOf | 'either' = 'either'): Text => ({
  vi: `Thủ tục này do xã, phường ${places[of].vi} giải quyết: ${named(place).vi}.`,
  en: `This procedure is decided by the commune or ward ${places[of].en}: ${named(place).en}.`,
})

const deciders: Record<ProcedureLevel, Text> = {
  city: { vi: 'cơ quan của thành phố', en: 'an agency of the city' },
  district: { vi: 'quận, huyện', en: 'the districts' },
  commune: { vi: 'xã, phường', en: 'the communes and wards' },
}

/** `from`: the unit that delegated, or its code where it is none of the data at that time. */
export function saysDelegated(from: Unit | string, to: ProcedureLevel): Text {
  const { vi, en } = typeof from === 'string' ? { vi: from, en: from } : named(from)
  return {
    vi: `Thẩm quyền thuộc ${vi}, đã phân cấp, ủy quyền cho ${deciders[to].vi} giải quyết.`,
    en: `The competence is that of ${en}, which has delegated it to ${deciders[to].en}.`,
  }
}

export const saysChoice = (chosen: Unit): Text => ({
  vi: `Thủ tục này do xã, phường bất kỳ giải quyết, theo lựa chọn của người nộp: ${named(chosen).vi}.`,
  en: `Any commune or ward decides this procedure, as the applicant chooses: ${named(chosen).en}.`,
})

export const saysDistrict = (district: Unit, place: Unit, of: PlaceOf | 'either' = 'either'): Text =>
  place.id === district.id
    ? {
        vi: `Thủ tục này do quận, huyện giải quyết: ${named(district).vi}.`,
        en: `This procedure is decided by the district: ${named(district).en}.`,
      }
    : {
        vi: `Thủ tục này do quận, huyện ${places[of].vi} giải quyết: ${named(place).vi} thuộc ${named(district).vi}.`,
        en: `This procedure is decided by the district ${places[of].en}: ${named(place).en} is in ${named(district).en}.`,
      }

export const saysDepartment = (department: Unit): Text => ({
  vi: `Thủ tục này do cơ quan của thành phố giải quyết, không phụ thuộc nơi ở: ${named(department).vi}.`,
  en: `This procedure is decided by an agency of the city, wherever one lives: ${named(department).en}.`,
})

export const saysAbolished = (district: Unit): Text => ({
  vi: `${named(district).vi} đã kết thúc hoạt động${district.effectiveTo ? ` từ ${date(district.effectiveTo).vi}` : ''}; việc của cấp huyện do xã, phường của nơi đó tiếp nhận.`,
  en: `${named(district).en} ceased to work${district.effectiveTo ? ` on ${date(district.effectiveTo).en}` : ''}; the commune or ward of the place carries on.`,
})

export const saysNarrowed = (place: Unit): Text => ({
  vi: `Trong các đơn vị kế thừa, đơn vị có thẩm quyền là đơn vị của nơi cư trú hoặc nơi có công trình, tài sản: ${named(place).vi}.`,
  en: `Among the successors the one of the place is competent: ${named(place).en}.`,
})

/** `others` are the successors that took land without residents, or nothing of the people. */
export function saysSucceeded(
  before: Unit | undefined,
  { unit, succession }: Takeover,
  others: readonly Takeover[],
): Text {
  const [from, to, since] = [
    before ? named(before) : { vi: succession.from, en: succession.from },
    named(unit),
    date(succession.on),
  ]
  if (others.length === 0)
    return {
      vi: `Từ ${since.vi}, ${from.vi} thuộc về ${to.vi}.`,
      en: `Since ${since.en} ${from.en} belongs to ${to.en}.`,
    }
  const rest = list(others.map((other) => named(other.unit)))
  return {
    vi: `Từ ${since.vi}, người dân của ${from.vi} thuộc về ${to.vi}; ${rest.vi} chỉ nhận phần đất không có dân. Nếu đất hoặc công trình nằm ở phần đó, hãy nêu đơn vị mới.`,
    en: `Since ${since.en} the residents of ${from.en} belong to ${to.en}; ${rest.en} took only land without residents. If your land or building lies there, name the new unit.`,
  }
}

export const saysStands = (unit: Unit, on: string): Text => ({
  vi: `${named(unit).vi} đang hoạt động vào ngày ${date(on).vi}.`,
  en: `${named(unit).en} stands on ${date(on).en}.`,
})

export const saysNamed = (unit: Unit, place: Unit): Text => ({
  vi: `${named(place).vi} có nhiều đơn vị kế thừa; người nộp nêu ${named(unit).vi}.`,
  en: `${named(place).en} has several successors; the applicant named ${named(unit).en}.`,
})

export const saysNowIn = (unit: Unit, before: Unit): Text => ({
  vi: `Trong các đơn vị kế thừa ${named(before).vi}, thủ tục này hiện do ${named(unit).vi} giải quyết.`,
  en: `Among the successors of ${named(before).en}, ${named(unit).en} has this procedure now.`,
})

export function saysSeveral(place: Unit, candidates: readonly { unit: Unit; takeover: Takeover }[]): Text {
  const all = list(
    candidates.map(({ unit, takeover: { succession } }) => ({
      vi: `${named(unit).vi}: ${kinds[succession.kind].vi}`,
      en: `${named(unit).en}: ${kinds[succession.kind].en}`,
    })),
  )
  const ask =
    place.level === 'department'
      ? { vi: 'cần phân công đơn vị giải quyết', en: 'it has to be assigned to one' }
      : { vi: 'hãy nêu đơn vị mới của nơi đó', en: 'name the new unit of the place' }
  return {
    vi: `${named(place).vi} đã chia cho nhiều đơn vị (${all.vi}). Dữ liệu không cho biết đơn vị nào; ${ask.vi}.`,
    en: `${named(place).en} was divided (${all.en}). The data cannot tell which it is; ${ask.en}.`,
  }
}

export const noDepartment = (code: string, on: string): Text => ({
  vi: `Không có cơ quan nào mang mã ${code} vào ngày ${date(on).vi}.`,
  en: `No agency stands under the code ${code} on ${date(on).en}.`,
})

export const notStanding = (unit: Unit, on: string): Text =>
  unit.effectiveFrom !== null && on < unit.effectiveFrom
    ? {
        vi: `${named(unit).vi} chỉ có từ ${date(unit.effectiveFrom).vi}; với ngày ${date(on).vi}, hãy nêu đơn vị lúc đó.`,
        en: `${named(unit).en} exists only since ${date(unit.effectiveFrom).en}; for ${date(on).en} name the unit of that time.`,
      }
    : {
        vi: `${named(unit).vi} không còn hoạt động vào ngày ${date(on).vi} và không có đơn vị kế thừa nào được ghi nhận.`,
        en: `${named(unit).en} no longer stands on ${date(on).en}, and no successor is recorded.`,
      }

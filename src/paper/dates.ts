/** The civil date and time of day in Viet Nam (UTC+7 all year, no daylight saving). */
export function civilTime(at: Date): {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
} {
  const shifted = new Date(at.getTime() + 7 * 3_600_000)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  }
}

const two = (value: number) => String(value).padStart(2, '0')

/** `22 tháng 11 năm 2026`, with the leading zeros that Decree 30/2020/ND-CP asks of days under 10 and months 1 and 2. */
export function dateInFigures(at: Date): string {
  const { year, month, day } = civilTime(at)
  return `${two(day)} tháng ${month < 3 ? two(month) : month} năm ${year}`
}

/** `ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu`. */
export function dateInWords(at: Date): string {
  const { year, month, day } = civilTime(at)
  const name = month === 4 ? 'tư' : inWords(month)
  return `ngày ${day <= 10 ? `mùng ${inWords(day)}` : inWords(day)} tháng ${name} năm ${inWords(year)}`
}

/** `15:04:05 22/11/2026`, as signature boxes show it. */
export function timeOfDay(at: Date): string {
  const { year, month, day, hour, minute, second } = civilTime(at)
  return `${two(hour)}:${two(minute)}:${two(second)} ${two(day)}/${two(month)}/${year}`
}

/** A PDF date (ISO 32000-1, 7.9.4) at the local offset. */
export function pdfDate(at: Date): string {
  const { year, month, day, hour, minute, second } = civilTime(at)
  return `D:${year}${[month, day, hour, minute, second].map(two).join('')}+07'00'`
}

/** The same moment as `pdfDate` in XMP (ISO 8601): `2026-11-05T15:30:00+07:00`. */
export function xmpDate(at: Date): string {
  const { year, month, day, hour, minute, second } = civilTime(at)
  return `${[year, two(month), two(day)].join('-')}T${[hour, minute, second].map(two).join(':')}+07:00`
}

const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín']

/** A whole number from 0 to 9999 as it is read out in Vietnamese. */
export function inWords(value: number): string {
  const digit = (place: number) => Math.floor(value / place) % 10
  const words: (string | undefined)[] = []
  if (value >= 1000) words.push(digits[digit(1000)], 'nghìn')
  const rest = value % 100
  if (value >= 100 && (value % 1000 > 0 || value < 1000)) words.push(digits[digit(100)], 'trăm')
  if (rest === 0) return words.length > 0 ? words.join(' ') : 'không'
  const tens = digit(10)
  const ones = digit(1)
  if (tens === 0) {
    if (value >= 100) words.push('linh')
  } else words.push(...(tens === 1 ? ['mười'] : [digits[tens], 'mươi']))
  if (ones === 1 && tens > 1) words.push('mốt')
  else if (ones === 5 && tens > 0) words.push('lăm')
  else if (ones > 0) words.push(digits[ones])
  return words.join(' ')
}

import { expect, test } from 'vitest'
import { dateInFigures, dateInWords, inWords, pdfDate, timeOfDay } from '../../src/paper/dates.ts'

test.each([
  [0, 'không'],
  [5, 'năm'],
  [10, 'mười'],
  [15, 'mười lăm'],
  [21, 'hai mươi mốt'],
  [25, 'hai mươi lăm'],
  [31, 'ba mươi mốt'],
  [104, 'một trăm linh bốn'],
  [2000, 'hai nghìn'],
  [2026, 'hai nghìn không trăm hai mươi sáu'],
  [2105, 'hai nghìn một trăm linh năm'],
])('%i is read as “%s”', (value, words) => {
  expect(inWords(value)).toBe(words)
})

test('a date is that of Viet Nam, with the zeros of Decree 30/2020/ND-CP', () => {
  expect(dateInFigures(new Date('2026-11-21T17:00:00Z'))).toBe('22 tháng 11 năm 2026')
  expect(dateInFigures(new Date('2026-02-04T05:00:00Z'))).toBe('04 tháng 02 năm 2026')
  expect(dateInFigures(new Date('2026-03-04T05:00:00Z'))).toBe('04 tháng 3 năm 2026')
})

test('in words, the first ten days are “mùng”, and the fourth month is “tư”', () => {
  expect(dateInWords(new Date('2026-04-05T05:00:00Z'))).toBe(
    'ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi sáu',
  )
  expect(dateInWords(new Date('2026-11-22T05:00:00Z'))).toContain('ngày hai mươi hai tháng mười một')
})

test('times carry the offset of Viet Nam', () => {
  const at = new Date('2026-11-22T08:04:05Z')
  expect(timeOfDay(at)).toBe('15:04:05 22/11/2026')
  expect(pdfDate(at)).toBe("D:20261122150405+07'00'")
})

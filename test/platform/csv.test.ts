import { expect, test } from 'vitest'
import { csvRecord } from '../../src/platform/csv.ts'

test('every field is quoted, and quotes within are doubled (RFC 4180)', () => {
  expect(csvRecord(['a', 'b "c"', 'd,e', ''])).toBe('"a","b ""c""","d,e",""\r\n')
})

test.each(['=1+1', '+84900000001', '-2', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1+1'])(
  '%j does not run in a spreadsheet',
  (cell) => {
    expect(csvRecord([cell]).startsWith(`"'`)).toBe(true)
  },
)

test('what is no formula stays as it is', () => {
  expect(csvRecord(['Nguyễn Thị Mẫu', '0900000001', 'a=b', '1-2'])).toBe(
    '"Nguyễn Thị Mẫu","0900000001","a=b","1-2"\r\n',
  )
})

import { expect, test } from 'vitest'
import { setLine, UnprintableText, widthOf, wrap, wrapEvenly } from '../../src/paper/lettering.ts'

const everyLetter = 'aàáảãạăằắẳẵặâầấẩẫậđeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ'

test('every Vietnamese letter can be set, in both weights and both cases', () => {
  for (const weight of ['regular', 'bold'] as const) {
    expect(() => setLine(everyLetter + everyLetter.toUpperCase(), weight)).not.toThrow()
  }
})

test('composed and decomposed letters are set alike', () => {
  expect(setLine('Nguyễn'.normalize('NFD'))).toEqual(setLine('Nguyễn'))
})

test('a letter that the typeface lacks is told by its code point', () => {
  expect(() => setLine('中', 'bold')).toThrow(UnprintableText)
  expect(() => setLine('中', 'bold')).toThrow('U+4E2D')
})

test('text cannot leave its string, whatever it holds', () => {
  expect(setLine(') Tj ET (\\').glyphs).toMatch(/^[0-9a-f]+$/)
})

test('lines never exceed their width and keep every word', () => {
  const text = 'Trụ sở Ủy ban nhân dân phường Cửa Nam, thành phố Hà Nội '.repeat(3).trim()
  for (const lines of [wrap(text, 150, 12), wrapEvenly(text, 150, 12)]) {
    expect(lines.map(({ glyphs }) => glyphs).join(setLine(' ').glyphs)).toBe(setLine(text).glyphs)
    for (const line of lines) expect(widthOf(line, 12)).toBeLessThanOrEqual(150)
  }
})

test('a word longer than the line is broken between letters', () => {
  const lines = wrap('https://api.example.gov.vn/v1/verifications/very-long', 90, 12)
  expect(lines.length).toBeGreaterThan(1)
  const { glyphs } = setLine('https://api.example.gov.vn/v1/verifications/very-long')
  expect(lines.map((line) => line.glyphs).join('')).toBe(glyphs)
  for (const line of lines) expect(widthOf(line, 12)).toBeLessThanOrEqual(90)
})

test('even lines leave no single word behind', () => {
  expect(wrapEvenly('ỦY BAN NHÂN DÂN PHƯỜNG CỬA NAM', 190, 11.5, 'bold')).toEqual(
    ['ỦY BAN NHÂN DÂN', 'PHƯỜNG CỬA NAM'].map((line) => setLine(line, 'bold')),
  )
})

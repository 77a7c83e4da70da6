import { describe, expect, test } from 'vitest'
import { readGuides } from '../../../src/local/guides/pages.ts'
import { stepsOf } from '../../../src/local/guides/steps.ts'
import { largestFile } from '../../../src/domain/file.ts'
import { largestForm, mostComponents, mostEvents } from '../../../src/domain/room.ts'
import { mostWebhooks } from '../../../src/domain/webhook.ts'
import { deprecations } from '../../../src/routes/deprecations.ts'
import { rateLimits } from '../../../src/routes/middleware/rate-limit.ts'
import { problems } from '../../../src/routes/problems.ts'
import { operations } from '../../support/description.ts'

const guides = readGuides()
const names = [...new Set(guides.map(({ name }) => name))]
const textOf = (name: string, language: string) =>
  guides.find((guide) => guide.name === name && guide.language === language)?.text ?? ''
const all = guides.map(({ text }) => text).join('\n')

describe.each(names)('the guide %s', (name) => {
  const [vi, en] = [textOf(name, 'vi'), textOf(name, 'en')]

  test('is written in both languages, and each leads to the other', () => {
    expect(vi).toContain(`*[English](${name}.en.md)*`)
    expect(en).toContain(`*[Tiếng Việt](${name}.vi.md)*`)
  })

  test('has the same blocks and the same sections in both: what was run for one holds for the other', () => {
    expect(stepsOf(en)).toEqual(stepsOf(vi))
    const sections = (text: string) => text.match(/^#+ (?=\D)|^## \d+\./gm)
    expect(sections(en)).toEqual(sections(vi))
  })

  test('is in the list', () => {
    for (const language of ['vi', 'en'])
      if (name !== 'index') expect(textOf('index', language)).toContain(`](${name}.${language}.md)`)
  })
})

test('no guide speaks of a problem or an address that is not there', () => {
  const codes = [...all.matchAll(/\/problems\/([a-z-]+)/g)].map(([, code = '']) => code)
  expect(codes.filter((code) => !(code in problems))).toEqual([])
  const addresses = [...all.matchAll(/`(?:(GET|POST|PUT|PATCH|DELETE) )?(\/(?:v1|oauth)\/[^`?\s]*)/g)]
  const known = new Map(operations.map(({ path, method }) => [`${method} ${path}`, path]))
  const missing = addresses.filter(([, method, path = '']) =>
    method ? !known.has(`${method} ${path}`) : ![...known.values()].includes(path),
  )
  expect(missing.map(([said]) => said)).toEqual([])
})

describe.each(['vi', 'en'])('what a guide promises in numbers (%s)', (language) => {
  test('is what the service keeps to', () => {
    const rows = textOf('limits', language).match(/^\|.*\|$/gm) ?? []
    const mostOf = (what: RegExp) =>
      rows
        .find((row) => what.test(row))
        ?.split('|')[2]
        ?.trim()
        .split(',')[0]
    const sizes = [/PDF, PNG, JPEG/, /form data|biểu mẫu/, /components|thành phần/, /events|sự kiện/, /webhook/].map(
      mostOf,
    )
    const [file, form] = [`${largestFile / 1024 ** 2} MB`, `${largestForm / 1024} KB`]
    expect(sizes).toEqual([file, form, ...[mostComponents, mostEvents, mostWebhooks].map(String)])
    const rates = rows.flatMap((row) => (/^\| `(\w+)` .* (\d+) \|$/.exec(row) ? [row] : []))
    const told = rates.map((row) => [/`(\w+)`/.exec(row)?.[1], Number(/(\d+) \|$/.exec(row)?.[1])])
    expect(told).toEqual(Object.entries(rateLimits).map(([name, { quota }]) => [name, quota]))
  })

  test('of the end of operations is that none ends, as long as none does', () => {
    const none = /No operation is\sabout to end now|Hiện không thao tác nào sắp\skết thúc/
    expect(none.test(textOf('versioning', language))).toBe(Object.keys(deprecations).length === 0)
  })
})

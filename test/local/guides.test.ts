import { describe, expect, test } from 'vitest'
import { differences } from '../../src/local/guides/compare.ts'
import { pageOf, servedAt } from '../../src/local/guides/pages.ts'
import { stepsOf } from '../../src/local/guides/steps.ts'

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`

describe('the steps of a guide', () => {
  test('are files to save and commands to run, with what those print', () => {
    const text = [
      fenced('js', '// a.mjs\nconsole.log(1)'),
      'Words between.\n',
      fenced('sh', 'node a.mjs'),
      fenced('text', '1'),
    ]
    expect(stepsOf(text.join('\n'))).toEqual([
      { do: 'save', name: 'a.mjs', code: '// a.mjs\nconsole.log(1)' },
      { do: 'run', code: 'node a.mjs', shown: { kind: 'text', text: '1' } },
    ])
  })

  test.each([
    ['what nobody printed', fenced('json', '{}')],
    ['what is printed twice', fenced('sh', 'ls') + fenced('text', 'a') + fenced('text', 'b')],
    ['a language that nobody runs', fenced('python', 'print(1)')],
    ['no language', fenced('', 'ls')],
    ['a module without a name', fenced('js', 'console.log(1)')],
    ['a block inside of a list', `- first\n\n  ${fenced('ruby', 'x').replaceAll('\n', '\n  ')}`],
  ])('cannot be %s', (_what, text) => {
    expect(() => stepsOf(text)).toThrow(/block/)
  })
})

describe('what a command prints is what the guide shows', () => {
  const json = (shown: unknown, real: unknown) =>
    differences({ kind: 'json', text: JSON.stringify(shown) }, JSON.stringify(real))

  test('apart from times, codes, ids and secrets, and from what is not shown', () => {
    const shown = {
      code: 'LOCAL.00082-261123-0001',
      at: '2026-11-23T09:00:00+07:00',
      file: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      lookupSecret: 'K7QM',
      items: [{ sequence: 1 }],
    }
    const real = {
      code: 'LOCAL.00082-270101-0042',
      at: '2027-01-01T10:00:00.123+07:00',
      file: 'file_01a21a8f-fcae-70a9-8819-e1522a54f731',
      lookupSecret: 'AAAA',
      items: [{ sequence: 1, more: true }, { sequence: 2 }],
      more: null,
    }
    expect(json(shown, real)).toEqual([])
  })

  test.each<[string, unknown, unknown]>([
    ['another word', { status: 'accepted' }, { status: 'submitted' }],
    ['another number', { completion: 30 }, { completion: 10 }],
    ['a number for a word', { version: 'one' }, { version: 1 }],
    ['nothing where there is something', { dueAt: null }, { dueAt: '2027-01-01T10:00:00+07:00' }],
    ['a field that is gone', { a: { b: 1 } }, { a: {} }],
    ['an object for a list', { items: [] }, { items: {} }],
    ['a list that is not empty', { items: [] }, { items: [1] }],
    ['fewer than shown', { items: [1, 2] }, { items: [1] }],
    ['a time for a code', { at: '2026-11-23T09:00:00+07:00' }, { at: 'LOCAL.00082-261123-0001' }],
  ])('not %s', (_what, shown, real) => {
    expect(json(shown, real)).toHaveLength(1)
  })

  test('of a reply the status, the headers and the body count', () => {
    const reply = (status: string, etag: string, body: string) =>
      `HTTP/1.1 ${status}\r\nDate: now\r\netag: ${etag}\r\n\r\n${body}`
    const shown = { kind: 'http' as const, text: 'HTTP/1.1 201 Created\nETag: "1"\n\n{ "version": 1 }' }
    expect(differences(shown, reply('201 Created', '"1"', '{"version":1,"x":2}'))).toEqual([])
    expect(differences(shown, reply('200 OK', '"2"', '{"version":2}'))).toEqual([
      'the status is 200, not 201',
      'there is no header etag: "1"',
      '/version is 2, not 1',
    ])
    expect(differences(shown, 'curl: (7) Failed to connect')).toHaveLength(3)
  })

  test('of plain words all of them', () => {
    expect(differences({ kind: 'text', text: 'dossier.accepted LOCAL.00082-261123-0001 2' }, 'x')).toHaveLength(1)
    expect(differences({ kind: 'text', text: 'LOCAL.00082-261123-0001' }, 'LOCAL.00082-270101-0007\n')).toEqual([])
  })
})

describe('a guide as a page', () => {
  test('leads to other pages, and to what the service answers', () => {
    const { title, body } = pageOf('# Read <me>\n\n*[English](a.en.md)*\n\n[x](b-c.vi.md) `/problems/erased` `a < b`\n')
    expect(title).toBe('Read <me>')
    expect(body).toContain('<a href="/docs/guides/b-c?lang=vi">x</a>')
    expect(body).toContain('<a href="/problems/erased"><code>/problems/erased</code></a> <code>a &lt; b</code>')
    expect(body).not.toContain('English')
  })

  test('leads to no file that the service does not show', () => {
    expect(servedAt('index.en.md')).toBe('/docs/guides?lang=en')
    expect(() => servedAt('../state.md')).toThrow('../state.md')
  })
})

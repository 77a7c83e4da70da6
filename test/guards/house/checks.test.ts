import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clocks, longComments, silenced } from '../../../src/local/checks/habits.ts'
import { staleDocuments } from '../../../src/local/checks/generated.ts'
import { migrationFaults, sqlFaults } from '../../../src/local/checks/migrations.ts'
import { missingPaths } from '../../../src/local/checks/paths.ts'
import { filesBelow } from '../../../src/local/checks/tree.ts'

/** A checkout of its own with these files. */
function checkout(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'motcua-checks-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('a migration is stopped when it', () => {
  const strict = 'CREATE TABLE a (id TEXT PRIMARY KEY) STRICT;'
  test.each([
    ['deletes children along', 'CREATE TABLE b (a TEXT REFERENCES a (id) ON DELETE CASCADE) STRICT;', 'RESTRICT'],
    ['empties children', 'CREATE TABLE b (a TEXT REFERENCES a (id) ON DELETE SET NULL) STRICT;', 'RESTRICT'],
    ['drops a table', `${strict} DROP TABLE a;`, 'no table is dropped'],
    ['rebuilds a table', `${strict} ALTER TABLE a RENAME TO old;`, 'no table is rebuilt'],
    ['turns foreign keys off', 'PRAGMA foreign_keys = OFF;', 'pragma'],
    ['makes a table that takes any type', 'CREATE TABLE a (id TEXT PRIMARY KEY);', 'not STRICT'],
    ['makes a loose table beside a strict one', `${strict} CREATE TABLE b (id TEXT, CHECK (id <> ''));`, 'table b'],
  ])('%s', (_what, sql, why) => {
    expect(sqlFaults('0001_a.sql', sql).join()).toContain(why)
  })

  test('is named out of order', async () => {
    const root = checkout({ 'migrations/0001_a.sql': strict, 'migrations/0003_b.sql': strict })
    expect(await migrationFaults(root)).toEqual(['migrations/0003_b.sql: the next name is 0002_what_for.sql'])
  })

  test('but not when it is sound, whatever its comments say', () => {
    const sql = `-- never DROP TABLE\n${strict}\nCREATE TABLE b (a TEXT REFERENCES a (id) ON DELETE RESTRICT) STRICT, WITHOUT ROWID;`
    expect(sqlFaults('0001_a.sql', sql)).toEqual([])
  })
})

test('a path that a document or a comment names must be there', async () => {
  const root = checkout({
    'README.md': 'See `src/there.ts`, [the rules](docs/gone.md) and https://example.vn/docs/else.',
    'CONTRIBUTING.md': 'As in `src/*/anything.ts`.',
    'SECURITY.md': '',
    'data/README.md': '',
    'src/there.ts': "/** See docs/adr/not-written.md */\nexport const path = 'src/only-a-string.ts'\n",
  })
  expect(await missingPaths(root)).toEqual([
    'README.md names docs/gone.md',
    'src/there.ts names docs/adr/not-written.md',
  ])
})

test('a comment longer than three lines is found, in both forms', () => {
  expect(longComments('a.ts', '// one\n// two\n// three\n// four\nconst a = 1\n')).toHaveLength(1)
  expect(longComments('a.ts', '/**\n * one\n * two\n * three\n * four\n */\n')).toHaveLength(1)
  expect(longComments('a.ts', '/**\n * one\n * two\n * three\n */\n// one\n// two\n// three\n')).toEqual([])
})

test('a silenced rule needs a reason', () => {
  expect(silenced('a.ts', ['// oxlint', 'disable-next-line no-console'].join('-'))).toHaveLength(1)
  expect(silenced('a.ts', ['// @ts', 'ignore'].join('-'))).toHaveLength(1)
  expect(silenced('a.ts', '// oxlint-disable-next-line no-console -- it is a command')).toEqual([])
})

test('the domain may make a date of something, but not read the clock', () => {
  expect(clocks('src/domain/a.ts', 'new Date()')).toHaveLength(1)
  expect(clocks('src/domain/a.ts', 'new Date(at)')).toEqual([])
  expect(clocks('src/wiring.ts', 'new Date()')).toEqual([])
})

test('documents that the code would make otherwise are found', async () => {
  const migrations = await filesBelow(join(import.meta.dirname, '../../..'), 'migrations', ['.sql'])
  expect(migrations).not.toEqual([])
  const stale = await staleDocuments(checkout({ 'docs/state.md': 'edited by hand' }))
  expect(stale).toContain('docs/state.md is not current: npm run docs')
  expect(stale).toContain('openapi/openapi.json is not current: npm run docs')
})

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** A file that breaks a rule; the rule is the wall between rooms unless another one is named. */
const broken: [file: string, code: string, rule?: string][] = [
  ['src/domain/a.ts', `import { x } from '../store/x.ts'\nexport const y = x`],
  ['src/domain/b.ts', `import type { X } from '../platform/time.ts'\nexport type Y = X`],
  ['src/domain/c.ts', `import { z } from 'zod'\nexport const y = z`],
  ['src/domain/d.ts', `export const y = () => import('../store/x.ts')`],
  ['src/domain/e.ts', `export const y = () => Date.now()`, 'no-restricted-properties'],
  ['src/domain/f.ts', `export const y = () => Math.random()`, 'no-restricted-properties'],
  ['src/domain/g.ts', `export const y = () => crypto.randomUUID()`, 'no-restricted-globals'],
  ['src/platform/a.ts', `import { x } from '../domain/unit.ts'\nexport const y = x`],
  ['src/platform/b.ts', `import { Hono } from 'hono'\nexport const y = Hono`],
  ['src/paper/a.ts', `import { x } from '../store/x.ts'\nexport const y = x`],
  ['src/paper/b.ts', `import { x } from '../context.ts'\nexport const y = x`],
  ['src/paper/reader/c.ts', `import { x } from '../../domain/unit.ts'\nexport const y = x`],
  ['src/imports/a.ts', `import { x } from '../store/x.ts'\nexport const y = x`],
  ['src/imports/b.ts', `import { readFileSync } from 'node:fs'\nexport const y = readFileSync`],
  ['src/store/a.ts', `import { x } from '../usecases/x.ts'\nexport const y = x`],
  ['src/store/b.ts', `import { x } from '../outbox/relay.ts'\nexport const y = x`],
  ['src/store/tables/c.ts', `import { Hono } from 'hono'\nexport const y = Hono`],
  [
    'src/store/d.ts',
    `export const y = (db: { transaction: (run: () => void) => void }) => db.transaction(() => {})`,
    'no-restricted-properties',
  ],
  ['src/outbox/a.ts', `import { eq } from 'drizzle-orm'\nexport const y = eq`],
  ['src/outbox/b.ts', `import { x } from '../usecases/x.ts'\nexport const y = x`],
  ['src/consumers/a.ts', `import { x } from '../store/x.ts'\nexport const y = x`],
  ['src/consumers/b.ts', `import { x } from '../routes/x.ts'\nexport const y = x`],
  ['src/usecases/dossiers/a.ts', `import { x } from '../../routes/x.ts'\nexport const y = x`],
  ['src/usecases/dossiers/b.ts', `import { x } from '../../store/x.ts'\nexport const y = x`],
  ['src/usecases/dossiers/c.ts', `import { eq } from 'drizzle-orm'\nexport const y = eq`],
  ['src/usecases/d.ts', `import type { Context } from 'hono'\nexport type Y = Context`],
  ['src/usecases/e.ts', `import { x } from '../wiring.ts'\nexport const y = x`],
  ['src/routes/dossiers/a.ts', `import { x } from '../../store/x.ts'\nexport const y = x`],
  ['src/routes/dossiers/b.ts', `import { sql } from 'drizzle-orm'\nexport const y = sql`],
  ['src/routes/dossiers/c.ts', `import { x } from '../../wiring.ts'\nexport const y = x`],
  ['src/routes/dossiers/d.ts', `import { x } from '../../paper/issue.ts'\nexport const y = x`],
  ['src/routes/middleware/e.ts', `import { x } from '../../usecases/x.ts'\nexport const y = x`],
  ['src/sandbox/a.ts', `import { x } from '../local/x.ts'\nexport const y = x`],
  ['src/sandbox/b.ts', `import { x } from '../routes/problems.ts'\nexport const y = x`],
  ['src/app2.ts', `import { x } from './local/personas.ts'\nexport const y = x`],
  ['src/local/a.ts', `import { x } from '../store/x.ts'\nexport const y = x`],
  ['src/local/b.ts', `import { createApp } from '../app.ts'\nexport const y = createApp`],
  ['src/routes/cycle-a.ts', `import { b } from './cycle-b.ts'\nexport const a = () => b`, 'no-cycle'],
  ['src/routes/cycle-b.ts', `import { a } from './cycle-a.ts'\nexport const b = () => a`, 'no-cycle'],
  ['src/routes/any.ts', `export const y = (x: any): unknown => x`, 'no-explicit-any'],
  ['src/routes/cast.ts', `export const y = (x: unknown) => x as string`, 'no-unsafe-type-assertion'],
  ['src/routes/floating.ts', `export const y = (x: () => Promise<void>) => {\n  x()\n}`, 'no-floating-promises'],
]

/** What the walls must let through. */
const sound: [file: string, code: string][] = [
  ['src/domain/z1.ts', `import { ok } from '../platform/result.ts'\nexport const y = ok`],
  ['src/usecases/dossiers/z2.ts', `import type { X } from '../../store/x.ts'\nexport type Y = X`],
  [
    'src/routes/dossiers/z3.ts',
    `import type { X } from '../../store/x.ts'\nimport { f } from '../../usecases/x.ts'\nexport const y = (x: X) => f(x)`,
  ],
  ['src/routes/middleware/z4.ts', `import { contextOf } from '../../wiring.ts'\nexport const y = contextOf`],
  ['src/store/z5.ts', `import { eq } from 'drizzle-orm'\nexport const y = eq`],
  ['src/paper/reader/z6.ts', `import { x } from '../bytes.ts'\nexport const y = x`],
]

type Finding = { filename: string; code: string; message: string }

/** Lints a small house of its own under the same rules, so that nobody's checkout is ever broken by this test. */
function lint(files: [file: string, code: string, rule?: string][]): Finding[] {
  const house = mkdtempSync(join(tmpdir(), 'motcua-rooms-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'worker-configuration.d.ts'])
    cpSync(join(root, name), join(house, name))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  for (const [file, code] of files) {
    mkdirSync(dirname(join(house, file)), { recursive: true })
    writeFileSync(join(house, file), `${code}\n`)
  }
  const oxlint = join(root, 'node_modules/.bin/oxlint')
  try {
    return parsed(
      execFileSync(oxlint, ['-f', 'json', 'src'], {
        cwd: house,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )
  } catch (error) {
    return parsed((error as { stdout: string }).stdout)
  }
}

const parsed = (json: string): Finding[] => (JSON.parse(json) as { diagnostics: Finding[] }).diagnostics

describe('the wall between two rooms', () => {
  let findings: Finding[] = []
  beforeAll(() => {
    findings = lint([...broken, ...sound])
  })

  test.each(broken)('stops %s', (file, _code, rule = 'no-restricted-imports') => {
    const codes = findings.filter(({ filename }) => filename.endsWith(file)).map(({ code }) => code)
    expect(codes.join()).toContain(`(${rule})`)
  })

  test.each(sound)('lets %s pass', (file) => {
    expect(findings.filter(({ filename }) => filename.endsWith(file))).toEqual([])
  })
})

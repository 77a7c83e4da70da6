import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import type { Request } from 'miniflare'
import { layOutAssets } from './src/local/assets.ts'
import { everyProblemSeen, problemsSeen } from './test/support/problems-seen.ts'
import { testIdentity } from './test/support/issuers.ts'
import { testPayments } from './test/support/payments.ts'
import { testReceivers } from './test/support/receivers.ts'
import { testScanner } from './test/support/scanner.ts'
import { readSeed } from './test/support/seed.ts'
import { partOf } from './test/support/exhaustive.ts'
import { testMasterKey, testSigning } from './test/support/signing.ts'

// Tests run no build command.
await layOutAssets()
const identity = await testIdentity()
const signing = await testSigning()
const payments = await testPayments()
const receivers = testReceivers()
const scanner = testScanner()

/** What runs in workerd, through the front door. */
const inWorkerd = ['test/{api,guards,journeys,faults,fuzz}/**/*.test.ts']
/** These break things or count what others must not add to: each has a workerd of its own. */
const alone = [
  'test/faults/**/*.test.ts',
  'test/guards/{rows,reform-reads}.test.ts',
  'test/api/{life-cycle,rate-limit,signing,reform-of-2025}.test.ts',
]
const patient = { setupFiles: ['./test/support/prepare.ts'], testTimeout: 30_000, hookTimeout: 30_000 }

const migrations = await readD1Migrations('./migrations')
const seed = [...(await readSeed()), ...signing.statements]
const workerd = () =>
  cloudflareTest({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: migrations,
        // Tests set the clock as they like: only the one about outages takes a gap for one.
        OUTAGE_AFTER_MINUTES: '5256000',
        TEST_SEED: seed,
        MASTER_KEYS: `test:${testMasterKey}`,
        INDEX_KEY: 'i'.repeat(43),
        TEST_COPIES: process.env['TEST_COPIES'] ?? String(partOf(60)),
        // Bindings are what `process.env` is in workerd.
        ...Object.fromEntries(['EXHAUSTIVE', 'EXPLORE', 'FUZZ', 'SEED'].map((name) => [name, process.env[name] ?? ''])),
        // Every variable is set here: a developer's own .dev.vars must change nothing.
        ...signing.bindings,
        ...identity.bindings,
        ...payments.bindings,
        ...receivers.bindings,
        ...scanner.bindings,
      },
      outboundService: async (request: Request) =>
        (await signing.answer(request)) ??
        (await receivers.answer(request)) ??
        (await scanner.answer(request)) ??
        identity.outboundService(request),
    },
  })

export default defineConfig({
  test: {
    // By default one core stays idle: on two cores the run takes nearly twice as long.
    maxWorkers: '100%',
    // The access log is for operators; a test that cares reads it itself.
    onConsoleLog: (line: string) => {
      problemsSeen(line)
      return !line.includes('request.served') && !line.startsWith('test.replied')
    },
    reporters: ['default', everyProblemSeen()],
    projects: [
      {
        test: {
          name: 'rules',
          include: ['test/{domain,platform,paper,imports,local,guards/house}/**/*.test.ts'],
          setupFiles: ['./test/support/properties.ts'],
          // Rules keep nothing between files: starting a process for each costs more than many of them.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        plugins: [workerd()],
        test: {
          name: 'api',
          include: inWorkerd,
          exclude: [...alone, 'test/guards/house/**'],
          // One workerd for many files: each start costs seconds. The storage is emptied before each file.
          isolate: false,
          ...patient,
        },
      },
      { plugins: [workerd()], test: { name: 'alone', include: alone, ...patient } },
    ],
  },
})

import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import type { Request } from 'miniflare'
import { layOutAssets } from './src/local/assets.ts'
import { everyProblemSeen, problemsSeen } from './test/support/problems-seen.ts'
import { testIdentity } from './test/support/issuers.ts'
import { testPayments } from './test/support/payments.ts'
import { testReceivers } from './test/support/receivers.ts'
import { readSeed } from './test/support/seed.ts'
import { testMasterKey, testSigning } from './test/support/signing.ts'

// Tests run no build command.
layOutAssets()
const identity = await testIdentity()
const signing = await testSigning()
const payments = await testPayments()
const receivers = testReceivers()

export default defineConfig(async () => ({
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
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                // Tests set the clock as they like: only the one about outages takes a gap for one.
                OUTAGE_AFTER_MINUTES: '5256000',
                TEST_SEED: [...(await readSeed()), ...signing.statements],
                MASTER_KEYS: `test:${testMasterKey}`,
                INDEX_KEY: 'i'.repeat(43),
                TEST_COPIES: process.env['TEST_COPIES'] ?? '60',
                // Every variable is set here: a developer's own .dev.vars must change nothing.
                ...signing.bindings,
                ...identity.bindings,
                ...payments.bindings,
                ...receivers.bindings,
              },
              outboundService: async (request: Request) =>
                (await signing.answer(request)) ??
                (await receivers.answer(request)) ??
                identity.outboundService(request),
            },
          }),
        ],
        test: {
          name: 'api',
          include: ['test/{api,guards,journeys,faults}/**/*.test.ts'],
          exclude: ['test/guards/house/**'],
          setupFiles: ['./test/support/prepare.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
}))

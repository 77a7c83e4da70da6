import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { testIdentity } from './test/support/issuers.ts'

const identity = await testIdentity()

export default defineConfig(async () => ({
  test: {
    projects: [
      {
        test: {
          name: 'rules',
          include: ['test/{domain,platform,paper,imports,local}/**/*.test.ts'],
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
                MASTER_KEYS: `test:${'m'.repeat(43)}`,
                INDEX_KEY: 'i'.repeat(43),
                ...identity.bindings,
              },
              outboundService: identity.outboundService,
            },
          }),
        ],
        test: {
          name: 'api',
          include: ['test/{api,guards,journeys,faults}/**/*.test.ts'],
          setupFiles: ['./test/support/prepare.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
}))

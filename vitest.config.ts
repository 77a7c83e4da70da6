import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

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
            miniflare: { bindings: { TEST_MIGRATIONS: await readD1Migrations('./migrations') } },
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

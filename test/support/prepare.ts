import { applyD1Migrations, reset, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

const { TEST_MIGRATIONS, TEST_SEED } = env as unknown as { TEST_MIGRATIONS: D1Migration[]; TEST_SEED: string[] }

await reset()
await applyD1Migrations(env.DB, TEST_MIGRATIONS)
await env.DB.batch(TEST_SEED.map((sql) => env.DB.prepare(sql)))

import { defineConfig } from 'vitest/config'

/** Needs Debian's Chromium, and so is not part of `npm test`: `npm run test:browser`. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})

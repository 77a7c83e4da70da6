// Prints fresh secrets for a deployment, as JSON: npm run --silent secrets > secrets.json
import { randomBytes } from 'node:crypto'
import { newTokenKey } from '../platform/jwt.ts'
import { localDate } from '../platform/time.ts'

/** 256 random bits, as settings hold them. */
export const newKey = (): string => randomBytes(32).toString('base64url')

const secrets = async () => ({
  // Named by the day, so that the next one tells itself from it.
  MASTER_KEYS: `${localDate(new Date())}:${newKey()}`,
  INDEX_KEY: newKey(),
  TOKEN_KEYS: JSON.stringify([await newTokenKey()]),
  PAYMENT_PROVIDERS: '[]',
  SIGNING_SERVICES: '[]',
})

if (import.meta.main) console.log(JSON.stringify(await secrets(), null, 2))

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { newTokenKey } from '../platform/jwt.ts'
import { localIssuers } from './identity-provider.ts'
import { localProvider } from './payment-simulator.ts'
import { developmentPolicy } from '../sandbox/timestamps.ts'
import { localSigningAccount } from './signing-simulator.ts'
import { newKey } from './secrets.ts'
import type { Places } from './settings.ts'

/** Read by `wrangler dev` in place of `[vars]` and of secrets; never committed. */
export const devVarsFile = '.dev.vars'

export type DevVars = Record<
  | 'PUBLIC_ORIGIN'
  | 'ISSUERS'
  | 'TIMESTAMP_AUTHORITIES'
  | 'WEBHOOK_RECEIVERS'
  | 'SECURITY_CONTACT'
  | 'OUTAGE_AFTER_MINUTES'
  | 'SCANNER'
  | 'MASTER_KEYS'
  | 'INDEX_KEY'
  | 'TOKEN_KEYS'
  | 'PAYMENT_PROVIDERS'
  | 'SIGNING_SERVICES',
  string
>

/** Writes the settings for these places. Secrets are made once and kept, because what is stored is sealed with them. */
export async function writeDevVars(places: Places, file = devVarsFile): Promise<DevVars> {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const known = parseEnv(before)
  const vars = {
    PUBLIC_ORIGIN: places.service,
    ISSUERS: JSON.stringify(localIssuers(places.identity, places.service)),
    TIMESTAMP_AUTHORITIES: JSON.stringify([{ url: `${places.timestamp}/timestamp`, policy: developmentPolicy }]),
    WEBHOOK_RECEIVERS: 'local',
    SECURITY_CONTACT: 'mailto:nobody@localhost.example',
    // Your machine sleeps at night, and that is no outage of a service.
    OUTAGE_AFTER_MINUTES: '5256000',
    SCANNER: JSON.stringify({ url: `${places.scanner}/scanHandlerBody` }),
    MASTER_KEYS: known['MASTER_KEYS'] ?? `dev:${newKey()}`,
    INDEX_KEY: known['INDEX_KEY'] ?? newKey(),
    TOKEN_KEYS: known['TOKEN_KEYS'] ?? JSON.stringify([await newTokenKey()]),
    PAYMENT_PROVIDERS: JSON.stringify([localProvider(places.payments, known['PAYMENT_PROVIDERS'] ?? '[]', newKey)]),
    SIGNING_SERVICES: JSON.stringify([localSigningAccount(places.signing, known['SIGNING_SERVICES'] ?? '[]', newKey)]),
  }
  const lines = Object.entries({ ...vars, ...known, ...vars }).map(([name, value]) => `${name}='${value}'\n`)
  const text = `# Written by "npm run setup". The keys seal what the local database holds: keep them, or begin anew with both.\n${lines.join('')}`
  // A running Worker starts again whenever this file is written.
  if (text !== before) writeFileSync(file, text, { mode: 0o600 })
  return vars
}

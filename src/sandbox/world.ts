import type { Bucket } from '../store/folder.ts'
import type { Box } from './box.ts'

type Own = 'DB' | 'FILES' | 'OUTBOX_QUEUE' | 'SANDBOX' | 'SANDBOX_FILES'

/** With what the app serves: the live bindings, or those of a sandbox, which has a box and no handle to anything live. */
export type World = Omit<Env, Own> & {
  DB: D1Database
  FILES: Bucket
  OUTBOX_QUEUE: { sendBatch(messages: { body: unknown }[]): Promise<unknown> }
  SANDBOX?: Env['SANDBOX']
  BOX?: Box
}

export type Shared = ReturnType<typeof sharedWith>

/** What a sandbox takes over from the live service: limits and settings, and nothing that holds, opens or signs anything. */
export const sharedWith = (env: Env) => ({
  ASSETS: env.ASSETS,
  LIMIT_SUBMIT: env.LIMIT_SUBMIT,
  LIMIT_CHANGE: env.LIMIT_CHANGE,
  LIMIT_READ: env.LIMIT_READ,
  LIMIT_PUBLIC: env.LIMIT_PUBLIC,
  LIMIT_SECRET: env.LIMIT_SECRET,
  PUBLIC_ORIGIN: env.PUBLIC_ORIGIN.replace(/\/$/, ''),
  DNS_URL: env.DNS_URL,
  WEBHOOK_RECEIVERS: env.WEBHOOK_RECEIVERS,
  SECURITY_CONTACT: env.SECURITY_CONTACT,
  OUTAGE_AFTER_MINUTES: env.OUTAGE_AFTER_MINUTES,
  CERTIFICATE_WARNING_DAYS: env.CERTIFICATE_WARNING_DAYS,
  ARCHIVE_BEFORE_DAYS: env.ARCHIVE_BEFORE_DAYS,
  CONSENT_DAYS: env.CONSENT_DAYS,
  DELIVERIES_KEPT_DAYS: env.DELIVERIES_KEPT_DAYS,
  TOKEN_KEYS: withoutPrivateHalf(env.TOKEN_KEYS),
})

/** Tokens of apps are verified in a sandbox, and never signed there. */
const withoutPrivateHalf = (keys: string): string =>
  JSON.stringify(JSON.parse(keys, (name, value: unknown) => (name === 'd' ? '' : value)))

import { z } from 'zod'

const Issuer = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]{1,32}$/),
  issuer: z.url(),
  audience: z.string().min(1),
  algorithms: z.array(z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'])).min(1),
  kind: z.enum(['citizen', 'officer']),
  /** As which of its clients citizens are sent there to log in before they consent; the first such issuer is the one. */
  client: z.string().min(1).max(200).optional(),
  /** Its keys (RFC 7517) where they are known beforehand; otherwise it is asked for them. */
  jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }).optional(),
})

const PaymentAccount = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  url: z.url().transform((url) => url.replace(/\/$/, '')),
  keys: z.array(z.base64url().min(43)).min(1),
})

const withoutSlash = z.url().transform((url) => url.replace(/\/$/, ''))

const TimestampAuthority = z.strictObject({
  url: z.url(),
  /** The only policy that its tokens may have; any without. */
  policy: z
    .string()
    .regex(/^\d+(\.\d+)+$/)
    .nullable()
    .default(null),
})

const SigningAccount = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  url: withoutSlash,
  tokenUrl: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  timeout: z.int().min(100).max(60_000).default(10_000),
})

const ScannerAccount = z.strictObject({
  url: z.url(),
  /** Sent as a bearer token, where a gateway in front of the scanner asks for one. */
  token: z.string().min(1).nullable().default(null),
  timeout: z.int().min(100).max(120_000).default(60_000),
})

const Settings = z.object({
  publicOrigin: z.url().transform((url) => url.replace(/\/$/, '')),
  issuers: z.array(Issuer),
  paymentProviders: z.array(PaymentAccount),
  timestampAuthorities: z.array(TimestampAuthority),
  signingServices: z.array(SigningAccount),
  dnsUrl: z.url(),
  receivers: z.enum(['public', 'local']),
  securityContact: z.url({ protocol: /^(https|mailto|tel)$/ }),
  outageAfterMinutes: z.coerce.number().min(2),
  /** How long before its end a signer's certificate is an alert. */
  certificateWarningDays: z.coerce.number().int().min(1).max(366),
  /** How long before its time-stamps end a copy gets an archive time-stamp. */
  archiveBeforeDays: z.coerce.number().int().min(1).max(3660),
  /** For how long the deliveries of webhooks are kept once they have ended. */
  deliveriesKeptDays: z.coerce.number().int().min(7).max(3660),
  scanner: ScannerAccount.nullable(),
  /** The longest time for which a citizen can let an app read. */
  consentDays: z.coerce.number().int().min(1).max(366),
  masterKeys: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.split(':')))
    .pipe(z.array(z.tuple([z.string().min(1), z.base64url().length(43)])).min(1)),
  indexKey: z.base64url().length(43),
  tokenKeys: z
    .array(
      z.object({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        d: z.string(),
        kid: z.string(),
      }),
    )
    .min(1),
})

/** An OpenID Connect issuer whose tokens the service accepts, and for whom. */
export type TrustedIssuer = z.infer<typeof Issuer>

/**
 * The checked settings. `masterKeys` and `tokenKeys` are in order of age: the first one seals or signs, all
 * of them open or verify. Time-stamp authorities are asked in their order.
 */
export type Config = z.infer<typeof Settings>

const known = new WeakMap<Settled, Config>()

/** The variables and secrets that settings are read from. */
type Settled = { [Name in keyof Env as Env[Name] extends string ? Name : never]: Env[Name] }

/** Checks the bindings once per isolate; a half-configured service refuses to answer rather than to answer wrongly. */
export function configOf(env: Settled): Config {
  const before = known.get(env)
  if (before) return before
  const config = Settings.parse({
    publicOrigin: env.PUBLIC_ORIGIN,
    issuers: JSON.parse(env.ISSUERS),
    paymentProviders: JSON.parse(env.PAYMENT_PROVIDERS),
    timestampAuthorities: JSON.parse(env.TIMESTAMP_AUTHORITIES),
    signingServices: JSON.parse(env.SIGNING_SERVICES),
    dnsUrl: env.DNS_URL,
    receivers: env.WEBHOOK_RECEIVERS,
    securityContact: env.SECURITY_CONTACT,
    outageAfterMinutes: env.OUTAGE_AFTER_MINUTES,
    certificateWarningDays: env.CERTIFICATE_WARNING_DAYS,
    archiveBeforeDays: env.ARCHIVE_BEFORE_DAYS,
    deliveriesKeptDays: env.DELIVERIES_KEPT_DAYS,
    scanner: JSON.parse(env.SCANNER),
    consentDays: env.CONSENT_DAYS,
    masterKeys: env.MASTER_KEYS,
    indexKey: env.INDEX_KEY,
    tokenKeys: JSON.parse(env.TOKEN_KEYS),
  })
  known.set(env, config)
  return config
}

/** Everything the service may write to its log: the event's name and fields that hold no person's data. */
type Entries = {
  'request.failed': { requestId: string; path: string; error: unknown }
  'request.served': {
    requestId: string
    /** The caller's, where it sent a `traceparent`. */
    trace: string
    method: string
    route: string
    status: number
    problem?: string
    ms: number
    actor: string
    /** Whose sandbox served it; missing on the live service. */
    sandbox?: string
  }
  'issuer.unreachable': { issuer: string; error: unknown }
  'login.failed': { issuer: string; error: unknown }
  'rate-limit.unavailable': { error: unknown }
  'outage.detected': { id: string; minutes: number }
  'outbox.not-sent': { error: unknown }
  'chore.failed': { chore: string; error: unknown }
  'message.failed': { id: string; type: string; attempt: number; error: unknown }
  'message.dead': { id: string; type: string }
  'webhook.given-up': { webhook: string; id: string }
  'webhook.disabled': { webhook: string; because: string }
  'payment.settled': { id: string; as: string }
  'payment.callback-refused': { provider: string; reason: string }
  'payment.not-looked-after': { id: string; error: unknown }
  'payment.provider-unreachable': { error: unknown }
  'copy.failed': { id: string; reason: string }
  'signing.passed-over': { who: string; credential: string; reason: string }
  'archive.failed': { id: string; reason: string }
  'list.not-renewed': { name: string; error: unknown }
  'ocsp.unanswered': { url: string; error: unknown }
  'file.quarantined': { id: string; threat: string }
  'file.not-scanned': { id: string; tries: number; error: unknown }
  'scanner.away': { id: string; tries: number; error: unknown }
  'signing.credential': { id: string; owner: string; became: 'active' | 'retired' }
  'signing.certificate-ends': { owner: string; until: string }
  'signing.stopped': { id: string; who: string; reason: string; tries: number }
  'scenario.stopped': { code: string; scenario: string; act: string; refusal: string }
  'register.closed': { register: string; year: string; last: number }
}

/** Where it went wrong, and why. The database driver puts the values of a query into its message: they stay out. */
export function traceOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const cause = error.cause instanceof Error ? [`caused by ${traceOf(error.cause)}`] : []
  return [`${error.name}: ${error.message.split('\nparams:')[0]}`, ...frames, ...cause].join('\n')
}

export function log<Name extends keyof Entries>(name: Name, fields: Entries[Name]): void {
  const plain = (_key: string, value: unknown) => (value instanceof Error ? traceOf(value) : value)
  console.log(JSON.stringify({ event: name, ...fields }, plain))
}

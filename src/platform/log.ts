/** Everything the service may write to its log: the event's name and fields that hold no person's data. */
type Entries = {
  'request.failed': { requestId: string; path: string; error: string }
  'request.served': {
    requestId: string
    method: string
    route: string
    status: number
    problem?: string
    ms: number
    actor: string
  }
  'issuer.unreachable': { issuer: string; error: string }
  'outbox.not-sent': { error: string }
  'chore.failed': { chore: string; error: string }
  'message.failed': { id: string; type: string; attempt: number; error: string }
  'message.dead': { id: string; type: string }
  'payment.settled': { id: string; as: string }
  'payment.callback-refused': { provider: string; reason: string }
  'payment.not-looked-after': { id: string; error: string }
  'payment.provider-unreachable': { error: string }
  'copy.issued': { id: string; number: string }
  'copy.failed': { id: string; reason: string }
}

export function log<Name extends keyof Entries>(name: Name, fields: Entries[Name]): void {
  console.log(JSON.stringify({ event: name, ...fields }))
}

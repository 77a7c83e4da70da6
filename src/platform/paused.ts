/**
 * Work that cannot be done just now although nothing is wrong with it: a certificate has run out, a service is away.
 * `who` has to be mended (`unit:…`, `officer:…`, or a service); what `passes` may be tried again at once.
 */
export class Paused extends Error {
  readonly who: string
  readonly reason: string
  readonly passes: boolean
  constructor(who: string, reason: string, { passes = false, cause }: { passes?: boolean; cause?: unknown } = {}) {
    super(`${who}: ${reason}`, { cause })
    this.who = who
    this.reason = reason
    this.passes = passes
  }
}

/**
 * Work that cannot be done just now although nothing is wrong with it: a certificate has run out, a service is away.
 * `who` has to be mended (`unit:…`, `officer:…`, or a service); what `passes` may be tried again at once. `credential` is the one
 * whose key could not be had: another of the same owner may do.
 */
export class Paused extends Error {
  readonly who: string
  readonly reason: string
  readonly passes: boolean
  readonly credential: string | undefined
  constructor(who: string, reason: string, { passes = false, credential, cause }: About = {}) {
    super(`${who}: ${reason}`, { cause })
    this.who = who
    this.reason = reason
    this.passes = passes
    this.credential = credential
  }
}

type About = { passes?: boolean; credential?: string; cause?: unknown }

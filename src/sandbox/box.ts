import type { Scenario } from '../domain/scenario.ts'
import type { PaymentProvider } from '../platform/payment-provider.ts'
import type { TimestampPost } from '../paper/timestamp.ts'
import type { SigningStore } from '../store/signing.ts'
import type { PaymentScenario } from '../domain/payment-scenario.ts'
import type { PaymentSimulator } from './payment-simulator.ts'

/** What a token says of somebody invented, as those of the real issuers do. */
export type PersonClaims = { sub: string; scope?: string } & Record<string, unknown>

/** What only a sandbox has: a clock that can be moved, invented people, and simulators of who is outside. */
export interface Box {
  /** The app whose sandbox it is. */
  app: string
  /** False until the app got its first token, and again when nobody used it for long. */
  isOpen: boolean
  /** The address that a request came to: its own, or the one that it shares with the live service. */
  reachedAt(prefix: string | undefined): string
  now: () => Date
  /** Lets time pass until then, with everything that is due on the way. */
  moveTo(at: Date): Promise<void>
  /** Empties the sandbox, and opens it anew at the real time. */
  reset(): Promise<void>
  /** An access token for somebody invented, good in this sandbox only. */
  tokenFor(kind: 'citizen' | 'officer', person: PersonClaims): Promise<string>
  /** What its officers do with a dossier from now on; null: nothing by themselves. */
  script(code: string, scenario: Scenario | null): void
  scripts(): { code: string; scenario: Scenario }[]
  paymentProvider: PaymentProvider
  payments: Pick<PaymentSimulator, 'page'> & {
    /** Plays the payer, and tells the service as a provider would. */
    play(reference: string, scenario: PaymentScenario): ReturnType<PaymentSimulator['play']>
  }
  stamp: TimestampPost
  /** The signers of the sandbox: whoever has no certificate yet gets one of its own authority. */
  signing(store: SigningStore): SigningStore
  /** The certificate (DER) that the copies of this sandbox go back to, and no live one. */
  root(): Promise<Uint8Array>
}

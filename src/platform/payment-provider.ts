import type { Result } from './result.ts'

/** What is to be paid. `payment` is our own id: opening the same one twice gives the same session. Amounts in whole VND. */
export type Order = {
  payment: string
  amount: number
  description: string
  /** Where the provider tells the outcome; signed. */
  callbackUrl: string
  /** Where the payer goes afterwards; null: nowhere in particular. */
  returnUrl: string | null
}

/** `expiresAt`: RFC 3339; the payer has until then. */
export type ProviderSession = { reference: string; redirectUrl: string; expiresAt: string }

/** What a provider knows of a payment; the amount is what it received, or would. */
export type ProviderStatus = {
  outcome: 'pending' | 'succeeded' | 'failed' | 'expired' | 'cancelled'
  amount: number
  currency: string
}

/** Who moves the money. An adapter for another provider is one more of these; nothing else knows its protocol. */
export interface PaymentProvider {
  name: string
  /** Throws {@link ProviderUnreachable}; may be repeated. */
  open(order: Order): Promise<ProviderSession>
  /** Undefined where the provider never heard of the payment. Throws {@link ProviderUnreachable}. */
  look(payment: string): Promise<ProviderStatus | undefined>
  /** Closes the session if nobody paid yet; answers what then holds. Throws {@link ProviderUnreachable}. */
  cancel(payment: string): Promise<ProviderStatus | undefined>
  /** A callback as it came over the wire, proved and read. */
  readCallback(
    header: (name: string) => string | undefined,
    body: string,
    now: Date,
  ): Promise<Result<{ payment: string } & ProviderStatus, CallbackRefusal>>
}

export type CallbackRefusal = 'signature-wrong' | 'message-out-of-time' | 'unreadable-request'

/** The provider gave no answer that could be used; nothing is known about the payment. */
export class ProviderUnreachable extends Error {}

import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { PaymentScenario } from '../../domain/payment-scenario.ts'

/** The page on which a payer chooses what happens, as HTML. */
export function readOrder(
  { box, config }: Context,
  reference: string,
): Result<string, 'sandbox-only' | 'no-such-order'> {
  if (!box) return refuse('sandbox-only')
  const html = box.payments.page(reference, `${config.publicOrigin}/v1/sandbox/payments/${reference}`)
  return html === undefined ? refuse('no-such-order') : ok(html)
}

/** The payer does what the scenario says, and the provider tells of it; answers where the payer goes then, if anywhere. */
export async function payOrder(
  { box }: Context,
  reference: string,
  scenario: PaymentScenario,
): Promise<Result<{ outcome: string; returnUrl: string | null }, 'sandbox-only' | 'no-such-order' | 'order-decided'>> {
  if (!box) return refuse('sandbox-only')
  const played = await box.payments.play(reference, scenario)
  if (typeof played === 'string') return refuse(played === 'unknown' ? 'no-such-order' : 'order-decided')
  const { outcome, returnUrl } = played.order
  return ok({ outcome, returnUrl })
}

/** What the payer of a simulated payment does, and how well the provider tells of it. */
export const paymentScenarios = [
  'success',
  'failure',
  'duplicate',
  'silent',
  'timeout',
  'late',
  'wrong-amount',
] as const
export type PaymentScenario = (typeof paymentScenarios)[number]

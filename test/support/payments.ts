import { startPaymentSimulator } from '../../src/local/payment-simulator.ts'

/** Shared by the Worker under test and the simulator beside it. */
export const paymentKey = 'p'.repeat(43)

/** The payment simulator as a real server beside the Worker under test; it shows its callbacks, the test takes them there. */
export async function testPayments() {
  const { url } = await startPaymentSimulator({ port: 0, key: paymentKey, deliver: 'show' })
  const down = { name: 'down', url: 'https://down.test', keys: [paymentKey] }
  return { bindings: { PAYMENT_PROVIDERS: JSON.stringify([{ name: 'simulator', url, keys: [paymentKey] }, down]) } }
}

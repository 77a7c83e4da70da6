import { timingSafeEqual } from 'node:crypto'
import { Buffer } from 'node:buffer'
import { fromBase64Url, hmacSha256 } from './crypto.ts'
import { ok, refuse, type Result } from './result.ts'

/** The three headers of Standard Webhooks 1.0; the body is signed with them. */
export type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string }

/** Seconds by which a message may be older or newer than now: within them a replay is possible, and must be harmless. */
export const messageWindow = 300

async function signatureOf(key: string, id: string, timestamp: string, body: string): Promise<Buffer> {
  return Buffer.from(await hmacSha256(fromBase64Url(key), `${id}.${timestamp}.${body}`))
}

/** Signs a message with a shared key (base64url). */
export async function signMessage(key: string, id: string, at: Date, body: string): Promise<SignedHeaders> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signature = (await signatureOf(key, id, timestamp, body)).toString('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

/** Whether one of the keys signed the message, and lately. Several keys: the old one still counts while it is changed. */
export async function verifyMessage(
  keys: readonly string[],
  header: (name: keyof SignedHeaders) => string | undefined,
  body: string,
  now: Date,
): Promise<Result<true, 'signature-wrong' | 'message-out-of-time'>> {
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
  const sent = (header('webhook-signature') ?? '')
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [one.slice(3)] : []))
  if (!id || id.length > 256 || !timestamp || !/^\d{1,12}$/.test(timestamp) || sent.length > 5)
    return refuse('signature-wrong')
  const expected = await Promise.all(keys.map((key) => signatureOf(key, id, timestamp, body)))
  const isSame = (text: string) => {
    const bytes = Buffer.from(text, 'base64')
    return expected.some((one) => one.length === bytes.length && timingSafeEqual(one, bytes))
  }
  if (!sent.some(isSame)) return refuse('signature-wrong')
  const age = Math.abs(now.getTime() / 1000 - Number(timestamp))
  return age <= messageWindow ? ok(true) : refuse('message-out-of-time')
}

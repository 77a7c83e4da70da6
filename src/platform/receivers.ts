import { z } from 'zod'
import { addressIn, isPublicAddress } from './public-address.ts'

/** Why a receiver could not be asked. */
export const receiverFaults = ['not-resolved', 'address-not-public', 'timed-out', 'not-reached'] as const
export type ReceiverFault = (typeof receiverFaults)[number]

/** The beginning of a reply is for the owner of the receiver to see what went wrong. */
export type ReceiverReply = { status: number; retryAfter: string | null; beginning: string }

/** Whom the service sends to at the request of others: it believes nothing of them. */
export interface Receivers {
  /** Why messages never go to that URL, or null when they may. */
  faultOf(url: string): UrlFault | null
  post(url: string, headers: Record<string, string>, body: string): Promise<ReceiverReply | { fault: ReceiverFault }>
}

export type UrlFault = 'not-https' | 'has-credentials' | 'port-not-allowed' | 'address-not-public'

type Options = {
  /** DNS over HTTPS with JSON replies. */
  dnsUrl: string
  /** On a developer's machine: plain http, any port, and addresses of this machine. */
  local: boolean
  timeout?: number
}

const ports = new Set(['', '443', '8443'])
const largestReply = 64 * 1024
const shown = 1000

const DnsAnswer = z.object({
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).optional(),
})
const recordTypes: Record<string, number> = { A: 1, AAAA: 28 }

export function httpReceivers({ dnsUrl, local, timeout = 10_000 }: Options): Receivers {
  const resolve = async (name: string, signal: AbortSignal): Promise<string[]> => {
    const found = Object.entries(recordTypes).map(async ([word, type]) => {
      const url = `${dnsUrl}?name=${encodeURIComponent(name)}&type=${word}`
      const response = await fetch(url, { headers: { accept: 'application/dns-json' }, redirect: 'manual', signal })
      const { Answer: records = [] } = DnsAnswer.parse(await response.json())
      return records.flatMap((record) => (record.type === type ? [record.data] : []))
    })
    return (await Promise.all(found)).flat()
  }

  /** Every address of the name must be public: one that is not would be enough for who wants in. */
  const addressFault = async (hostname: string, signal: AbortSignal): Promise<ReceiverFault | null> => {
    const own = addressIn(hostname)
    const addresses = own === undefined ? await resolve(hostname, signal).catch(() => []) : [own]
    if (addresses.length === 0) return 'not-resolved'
    return addresses.every(isPublicAddress) ? null : 'address-not-public'
  }

  return {
    faultOf: (url) => (local ? null : urlFault(new URL(url))),
    async post(url, headers, body) {
      const signal = AbortSignal.timeout(timeout)
      try {
        const fault = local ? null : (urlFault(new URL(url)) ?? (await addressFault(new URL(url).hostname, signal)))
        if (fault) return { fault: fault === 'not-resolved' ? fault : 'address-not-public' }
        const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
        const retryAfter = response.headers.get('retry-after')
        return { status: response.status, retryAfter, beginning: await beginningOf(response) }
      } catch {
        return { fault: signal.aborted ? 'timed-out' : 'not-reached' }
      }
    },
  }
}

function urlFault({ protocol, username, password, port, hostname }: URL): UrlFault | null {
  if (protocol !== 'https:') return 'not-https'
  if (username !== '' || password !== '') return 'has-credentials'
  if (!ports.has(port)) return 'port-not-allowed'
  const address = addressIn(hostname)
  const isName = address === undefined && hostname.includes('.')
  return isName || (address !== undefined && isPublicAddress(address)) ? null : 'address-not-public'
}

/** Reads no more than a reply may be long; the rest is left where it is. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let [text, length] = ['', 0]
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (text.length < shown) text += decoder.decode(part.value, { stream: true })
    if (length > largestReply) {
      await reader.cancel()
      break
    }
  }
  return text.slice(0, shown)
}

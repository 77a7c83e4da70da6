import { type Request, Response } from 'miniflare'

/** Beside the Worker under test, in Node: the receivers of webhooks, at `https://{name}.receiver.test/{status}`, and who knows their addresses. */
export function testReceivers() {
  const received = new Map<string, { headers: Record<string, string>; body: string }[]>()
  return {
    bindings: { DNS_URL: 'https://dns.test/resolve', WEBHOOK_RECEIVERS: 'public' },
    async answer(request: Request): Promise<Response | undefined> {
      const { hostname, pathname, searchParams } = new URL(request.url)
      if (hostname === 'dns.test') return resolved(searchParams.get('name') ?? '', searchParams.get('type') ?? '')
      if (!hostname.endsWith('.receiver.test')) return undefined
      const box = received.get(hostname) ?? []
      received.set(hostname, box)
      if (pathname === '/received') return Response.json(box)
      box.push({ headers: Object.fromEntries(request.headers), body: await request.text() })
      const status = Number(pathname.slice(1))
      const location = status >= 300 && status < 400 ? { location: 'https://elsewhere.receiver.test/200' } : {}
      return new Response(status === 204 ? null : `here answers ${hostname}: ${'.'.repeat(2000)}`, {
        status,
        headers: { ...location, ...(status === 503 && { 'retry-after': '7200' }) },
      })
    },
  }
}

/** Names that begin with `inside` lead to a private address, beside a public one; names that begin with `nowhere` to none. */
function resolved(name: string, type: string): Response {
  const public4 = { name, type: 1, TTL: 60, data: '93.184.215.14' }
  const private4 = { ...public4, data: '10.1.2.3' }
  if (type !== 'A' || name.startsWith('nowhere')) return Response.json({ Status: 0 })
  return Response.json({ Status: 0, Answer: name.startsWith('inside') ? [public4, private4] : [public4] })
}

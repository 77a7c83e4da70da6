import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'

describe('what a stranger finds out by machine', () => {
  test('the catalogue leads to every description, and each of its links opens', async () => {
    const { status, headers, body } = await ask(null, '/.well-known/api-catalog')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(
      'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
    )
    const [{ anchor, ...relations }] = body.linkset
    expect(Object.keys(relations).toSorted()).toEqual(['service-desc', 'service-doc', 'service-meta', 'status'])
    for (const { href, type } of Object.values(relations).flat() as { href: string; type: string }[]) {
      const target = await ask(null, href.slice(new URL(anchor).origin.length))
      expect([href, target.status, target.headers.get('content-type')?.split(';')[0]]).toEqual([href, 200, type])
    }
  })

  test('HEAD tells of it as well (RFC 9727, 2)', async () => {
    const { status, headers, text } = await ask(null, '/.well-known/api-catalog', { method: 'HEAD' })
    expect([status, text]).toEqual([200, ''])
    expect(headers.get('link')).toMatch(/^<https:.*\/\.well-known\/api-catalog>; rel="api-catalog"$/)
  })

  test('whom to tell of a weakness, and until when that holds (RFC 9116)', async () => {
    const { status, headers, text } = await ask(null, '/.well-known/security.txt')
    expect([status, headers.get('content-type')?.toLowerCase()]).toEqual([200, 'text/plain; charset=utf-8'])
    const fields = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    )
    expect(fields.get('Contact')).toMatch(/^mailto:/)
    expect(fields.get('Canonical')).toMatch(/^https:.*\/\.well-known\/security\.txt$/)
    const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000
    expect(days > 1 && days < 365).toBe(true)
  })
})

test('a request that is part of a trace says so, and a fault names it too', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  for (const path of ['/v1/units', '/v1/nothing']) {
    const { headers } = await ask(null, path, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } })
    expect(headers.get('traceresponse')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
  }
  expect((await ask(null, '/v1/units')).headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
})

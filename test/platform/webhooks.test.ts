import { createHmac, createPublicKey, verify } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { isPublicAddress } from '../../src/platform/public-address.ts'
import { httpReceivers } from '../../src/platform/receivers.ts'
import { newSigningKeys, secretText, signedBy } from '../../src/platform/webhook-signature.ts'

const body = JSON.stringify({ type: 'dossier.accepted', data: { dossier: 'LOCAL.00082-261123-0001', vi: 'một cửa' } })

describe('signatures are believed by libraries of others, and by nothing else', () => {
  test.each([
    ['standardwebhooks', StandardWebhook],
    ['svix', SvixWebhook],
  ])('%s believes each live secret, and no changed body, old message or other secret', async (_name, Library) => {
    const [old, fresh, other] = await Promise.all([newSigningKeys(), newSigningKeys(), newSigningKeys()])
    const headers = { ...(await signedBy([old, fresh], 'event_1042', new Date(), body)) }
    const believes = (keys: typeof old, said: string, with_: Record<string, string> = headers) => {
      try {
        return Boolean(new Library(secretText(keys.secret)).verify(said, with_))
      } catch {
        return false
      }
    }
    expect([believes(old, body), believes(fresh, body), believes(other, body)]).toEqual([true, true, false])
    expect(believes(old, body.replace('accepted', 'resolved'))).toBe(false)
    expect(believes(old, body, { ...headers, 'webhook-id': 'event_1043' })).toBe(false)
    const stale = { ...(await signedBy([old], 'event_1042', new Date(Date.now() - 600_000), body)) }
    expect(believes(old, body, stale)).toBe(false)
  })

  test('by hand: HMAC-SHA-256 and Ed25519 over id, time and body', async () => {
    const keys = await newSigningKeys()
    const at = new Date('2026-11-23T09:00:00+07:00')
    const headers = await signedBy([keys], 'event_1042', at, body)
    const signed = `event_1042.1795399200.${body}`
    const [v1, v1a] = headers['webhook-signature'].split(' ')
    expect(headers['webhook-timestamp']).toBe('1795399200')
    expect(v1).toBe(`v1,${createHmac('sha256', keys.secret).update(signed).digest('base64')}`)
    const x = Buffer.from(keys.publicKey.replace('whpk_', ''), 'base64').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    expect(verify(null, Buffer.from(signed), key, Buffer.from((v1a ?? '').slice(4), 'base64'))).toBe(true)
  })
})

test.each([
  ...['93.184.215.14', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '2a00:1450::1'].map(
    (address): [string, boolean] => [address, true],
  ),
  ...`0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1
      192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
      :: ::1 ::ffff:10.0.0.1 ::ffff:93.184.215.14 64:ff9b::a00:1 100::1 2001::1 2001:db8::1 2002:a00:1::1 3fff::1 fc00::1
      fd12::1 fe80::1 fec0::1 ff02::1 4000::1 localhost 1.2.3 999.1.1.1`
    .split(/\s+/)
    .map((address): [string, boolean] => [address, false]),
])('%s is on the open internet: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

describe('a receiver is a stranger', () => {
  const servers: ReturnType<typeof createServer>[] = []
  afterAll(() => servers.forEach((server) => server.close()))
  const serving = async (listener: RequestListener) => {
    const server = createServer(listener).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  const local = httpReceivers({ dnsUrl: 'http://127.0.0.1:1', local: true, timeout: 300 })

  test('one that never ends its reply is cut off, one that never answers is left, one that is away is named so', async () => {
    let sent = 0
    const endless = await serving((_request, response) => {
      const more = () => {
        while (sent < 100e6 && response.write('x'.repeat(16_384))) sent += 16_384
      }
      response.on('drain', more).writeHead(200)
      more()
    })
    const reply = await local.post(endless, {}, body)
    expect(reply).toMatchObject({ status: 200, beginning: 'x'.repeat(1000) })
    expect(sent).toBeLessThan(50e6)
    const silent = await serving(() => {})
    expect(await local.post(silent, {}, body)).toEqual({ fault: 'timed-out' })
    expect(await local.post('http://127.0.0.1:1/', {}, body)).toEqual({ fault: 'not-reached' })
  })

  test('one private address among its names is enough, and whoever knows no address is not asked', async () => {
    let asked = 0
    const answers: Record<string, string[]> = { mixed: ['93.184.215.14', '10.0.0.1'], none: [], inside: ['127.0.0.1'] }
    const dnsUrl = await serving((request, response) => {
      asked++
      const query = new URL(request.url ?? '', 'http://x').searchParams
      const type = query.get('type') === 'A' ? 1 : 28
      const addresses = type === 1 ? (answers[(query.get('name') ?? '').split('.')[0] ?? ''] ?? []) : []
      response.end(JSON.stringify({ Answer: addresses.map((data) => ({ type, data })) }))
    })
    const strict = httpReceivers({ dnsUrl, local: false })
    expect(await strict.post('https://mixed.example.vn/', {}, body)).toEqual({ fault: 'address-not-public' })
    expect(await strict.post('https://inside.example.vn/', {}, body)).toEqual({ fault: 'address-not-public' })
    expect(await strict.post('https://none.example.vn/', {}, body)).toEqual({ fault: 'not-resolved' })
    expect(asked).toBe(6)
    expect(await strict.post('http://mixed.example.vn/', {}, body)).toEqual({ fault: 'address-not-public' })
    const lost = httpReceivers({ dnsUrl: 'http://127.0.0.1:1', local: false })
    expect(await lost.post('https://mixed.example.vn/', {}, body)).toEqual({ fault: 'not-resolved' })
  })
})

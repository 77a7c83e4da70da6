import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPki, type Pki } from '../../src/local/pki.ts'
import { startTimestampService, type TimestampService } from '../../src/local/timestamp-service.ts'
import { developmentPolicy, timestampReply } from '../../src/sandbox/timestamps.ts'
import { latin1 } from '../../src/paper/bytes.ts'
import { readSignedData } from '../../src/paper/signed-data.ts'
import { timestampClient, timestampInfo, TimestampRefused } from '../../src/paper/timestamp.ts'

let pki: Pki
let service: TimestampService
beforeAll(async () => {
  pki = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  service = await startTimestampService({ pki, port: 0 })
})
afterAll(() => service.close())

const type = 'application/timestamp-query'
const post = async (query: Uint8Array): Promise<Uint8Array> => {
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(query),
  })
  return new Uint8Array(await response.arrayBuffer())
}

test('a token over HTTP says when, under which policy, and carries the certificate of the authority alone', async () => {
  const before = Date.now()
  const data = readSignedData(await timestampClient(post, { policy: developmentPolicy })(latin1('signature')))
  const info = timestampInfo(data.embedded ?? new Uint8Array())
  expect(info.policy).toBe(developmentPolicy)
  expect(Math.abs(info.at.getTime() - before)).toBeLessThan(5000)
  expect(data.certificates.map(({ der }) => der)).toEqual([pki.timestampAuthority.certificate])
})

test('the client refuses a token that answers another request, or has another imprint or policy', async () => {
  let recorded: Uint8Array | undefined
  await timestampClient(async (query) => (recorded = await post(query)))(latin1('signature'))
  const replay = timestampClient(async () => recorded ?? new Uint8Array())
  await expect(replay(latin1('signature'))).rejects.toThrow(TimestampRefused)
  await expect(replay(latin1('other'))).rejects.toThrow(TimestampRefused)
  await expect(timestampClient(post, { policy: '1.2.3.4' })(latin1('signature'))).rejects.toThrow(TimestampRefused)
})

test('what is no request is rejected as badly formed, not with a fault', async () => {
  for (const query of [new Uint8Array(), latin1('hello'), new Uint8Array(5000)]) {
    const rejection = 2
    expect((await post(query)).subarray(4, 7)).toEqual(Uint8Array.of(2, 1, rejection))
  }
})

test('the clock is the one that it is given', async () => {
  const at = new Date('2026-03-01T01:02:03Z')
  const token = await timestampClient((query) => timestampReply(query, pki.timestampAuthority, at))(latin1('signature'))
  expect(timestampInfo(readSignedData(token).embedded ?? new Uint8Array()).at).toEqual(at)
})

test('the lists of both authorities can be fetched; nothing else is there', async () => {
  for (const name of ['root', 'issuing']) {
    const response = await fetch(`${service.crlUrl}/${name}.crl`)
    expect(response.headers.get('content-type')).toBe('application/pkix-crl')
    expect((await response.bytes()).length).toBeGreaterThan(100)
  }
  expect((await fetch(`${service.crlUrl}/root.key`)).status).toBe(404)
  expect((await fetch(service.url)).status).toBe(405)
})

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import type { Who } from '../support/tokens.ts'
import { pdf } from '../support/pdf.ts'
import { pngOf, someRows } from '../support/pictures.ts'
import { partOf } from '../support/exhaustive.ts'
import { app, eventually, faultsOf, filed, handIn, rowsWritten, step, submission, uploaded } from '../support/walk.ts'

const certifier = 'certifier'
const owner = (personalId: string): Who => ({ kind: 'citizen', personalId })

/** A dossier that waits for its decision. */
async function accepted(filing: Parameters<typeof filed>[0] = {}): Promise<string> {
  const { body } = await filed(filing)
  const reply = await step('reception', body.code, { to: 'accepted' })
  if (reply.status !== 200) throw new Error(reply.text)
  return body.code
}

const grant = (code: string, scan: string, who: Who = certifier, door = ask, version = 2): Promise<Reply> =>
  door(who, `/v1/dossiers/${code}/transitions`, {
    body: { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } },
    headers: { 'if-match': `"${version}"` },
  })

const settled = (id: string) =>
  eventually(async () => {
    const { body } = await ask(certifier, `/v1/copies/${id}`)
    return body.status === 'issuing' ? undefined : body
  }, 25)

const signedFiles = async (id: string) => (await env.FILES.list({ prefix: `copies/${id}/` })).objects

let code: string
beforeAll(async () => {
  code = await accepted()
})

describe('nothing is certified that was not seen, by nobody who may not, and without a trace when refused', () => {
  test.each<[why: string, who: Who, change: (scan: string) => unknown, answer: [number, string, ...string[]]]>([
    ['a handler', 'handler', (scan) => ({ scan, paperSeen: true }), [403, 'not-allowed']],
    [
      'unseen',
      certifier,
      (scan) => ({ scan, paperSeen: false }),
      [422, 'invalid-request', '/paper/paperSeen not-a-choice'],
    ],
    ['not said', certifier, (scan) => ({ scan }), [422, 'invalid-request', '/paper/paperSeen not-a-choice']],
    ['no scan', certifier, () => ({ paperSeen: true }), [422, 'invalid-request', '/paper/scan missing']],
    [
      'a scan that there is not',
      certifier,
      () => ({ scan: `file_${crypto.randomUUID()}`, paperSeen: true }),
      [422, 'invalid-request', '/paper/scan unknown-file'],
    ],
    [
      'a certifier without a certificate',
      { kind: 'officer', unit: '00082-2025', roles: ['certifier'], sub: 'new.00082-2025' },
      (scan) => ({ scan, paperSeen: true }),
      [409, 'no-signing-certificate'],
    ],
  ])('%s', async (_why, who, paper, [status, problem, ...faults]) => {
    const [scan, before] = [await uploaded(who), await rowsWritten()]
    const body = { to: 'resolved', outcome: 'granted', paper: paper(scan) }
    const reply = await ask(who, `/v1/dossiers/${code}/transitions`, { body, headers: { 'if-match': '"2"' } })
    expect([reply.status, reply.body.code, ...faultsOf(reply)]).toEqual([status, problem, ...faults])
    expect(await rowsWritten()).toEqual(before)
  })

  test('the scan of another officer, or one that was used before', async () => {
    const theirs = await grant(code, await uploaded('handler'))
    expect([theirs.status, faultsOf(theirs)]).toEqual([422, ['/paper/scan unknown-file']])
    const scan = await uploaded(certifier)
    const once = await grant(await accepted(), scan)
    expect(once.status).toBe(200)
    const twice = await grant(code, scan)
    expect([twice.status, faultsOf(twice)]).toEqual([422, ['/paper/scan unknown-file']])
  })
})

describe('the register of copies counts without a gap', () => {
  test('twenty at once, one that fails among them, and the next year from 01 on', async () => {
    const from = ((await rowsWritten())?.['numbers'] ?? 0) + 1
    const codes = await Promise.all(Array.from({ length: 20 }, () => accepted()))
    const scans = await Promise.all(
      codes.map((_, at) =>
        at === 6 ? uploaded(certifier, transparent, 'image/png') : uploaded(certifier, at === 7 ? broken() : pdf()),
      ),
    )
    // The queue is not needed for numbers, and eighteen of these copies are never made.
    const door = doorWith({ OUTBOX_QUEUE: deadQueue })
    const replies = await Promise.all(codes.map((one, at) => grant(one, scans[at] ?? '', certifier, door)))
    await env.DB.exec("DELETE FROM outbox WHERE type = 'copy.requested'")
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const ids = replies.map(({ body }): string => body.result.copy)
    const copies = await Promise.all(ids.map((id) => ask(certifier, `/v1/copies/${id}`).then(({ body }) => body)))
    const expected = Array.from({ length: 20 }, (_, at) => `00082-2025.2026.${String(from + at).padStart(2, '0')}`)
    expect(copies.map(({ number }) => String(number)).toSorted()).toEqual(expected.toSorted())

    const context = contextOf(env, { kind: 'public' })
    expect(await issueRequestedCopy(context, ids[6] ?? '')).toBe('issued')
    expect(await issueRequestedCopy(context, ids[7] ?? '')).toBe('failed')
    expect(await settled(ids[6] ?? '')).toMatchObject({ status: 'valid', number: copies[6].number })
    const failed = {
      status: 'failed',
      number: copies[7].number,
      reason: 'original-damaged',
      sha256: null,
      issuedAt: null,
    }
    expect(await settled(ids[7] ?? '')).toMatchObject(failed)
    expect((await ask(null, `/v1/verifications/${failed.number}`)).body).toMatchObject({
      status: 'failed',
      sha256: null,
    })

    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-01-04T09:00:00+07:00') })
    const next = await grant(await accepted(), await uploaded(certifier))
    vi.useRealTimers()
    expect((await settled(next.body.result.copy)).number).toBe('00082-2025.2027.01')
  })

  /** As phones make them: to be laid on white before it is certified. */
  const header = { width: 200, height: 300, depth: 8, type: 6 }
  const transparent = pngOf(header, someRows(header))
  const broken = () =>
    new TextEncoder().encode('%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 9 0 R>>\nendobj\ntrailer<</Root 1 0 R>>')
})

test('however often the order comes, also at once, there is one file', async () => {
  const door = doorWith({ OUTBOX_QUEUE: deadQueue })
  const reply = await grant(await accepted(), await uploaded(certifier), certifier, door)
  const id = reply.body.result.copy
  const waiting = await ask('citizen', `/v1/copies/${id}`)
  expect(waiting.body).toMatchObject({ status: 'issuing', sha256: null, size: null })
  const early = await ask('citizen', `/v1/copies/${id}/content`)
  expect([early.status, early.body.code]).toEqual([409, 'copy-not-ready'])

  const context = contextOf(env, { kind: 'public' })
  const outcomes = await Promise.all([issueRequestedCopy(context, id), issueRequestedCopy(context, id)])
  expect(outcomes.toSorted()).toEqual(['already-done', 'issued'])
  const message = { id: `${id}:1`, type: 'copy.requested', subject: id, version: 1 }
  await env.OUTBOX_QUEUE.sendBatch([{ body: message }, { body: message }])
  expect(await issueRequestedCopy(context, id)).toBe('already-done')
  const { body: copy } = await ask('citizen', `/v1/copies/${id}`)
  const [file, ...others] = await signedFiles(id)
  expect([copy.status, file?.size, others]).toEqual(['valid', copy.size, []])
})

describe('a copy belongs to one person', () => {
  let id: string
  beforeAll(async () => {
    const resolved = await grant(await accepted({ personalId: '001190000201' }), await uploaded(certifier))
    id = resolved.body.result.copy
    await settled(id)
  })

  test('who lists and opens it, as record and as file; for all others there is none', async () => {
    const lan = owner('001190000201')
    const { body: list } = await ask(lan, '/v1/copies')
    expect(list).toMatchObject({
      items: [{ id, status: 'valid', title: 'Giấy xác nhận tình trạng hôn nhân' }],
      next: null,
    })
    expect((await ask(owner('001190000202'), '/v1/copies')).body).toEqual({ items: [], next: null })
    const readers: [Who | null, number][] = [
      [lan, 200],
      ['handler', 200],
      ['supervisor', 200],
      [owner('001190000202'), 404],
      ['company', 404],
      ['certifier@HN-STC-2025', 404],
      ['operator', 403],
      [{ kind: 'citizen', personalId: '001190000201', scopes: ['dossiers'] }, 403],
      [app, 403],
      [null, 401],
    ]
    for (const path of [`/v1/copies/${id}`, `/v1/copies/${id}/content`])
      for (const [who, status] of readers)
        expect([path, who, (await ask(who, path)).status]).toEqual([path, who, status])
  })

  test('and is fetched again only when it has changed', async () => {
    for (const path of [`/v1/copies/${id}`, `/v1/copies/${id}/content`]) {
      const first = await ask(owner('001190000201'), path)
      const etag = first.headers.get('etag') ?? ''
      const again = await ask(owner('001190000201'), path, { headers: { 'if-none-match': `"x", W/${etag}` } })
      expect([again.status, again.body.length, again.headers.get('etag')]).toEqual([304, 0, etag])
      expect((await ask(owner('001190000202'), path, { headers: { 'if-none-match': etag } })).status).toBe(404)
    }
  })

  test('it proves a component of their own next dossier, and of nobody else’s', async () => {
    const components = [{ component: 'earlier-certificate', copy: id }]
    const own = await handIn(app, await submission({ personalId: '001190000201', change: { components } }))
    expect(own.status).toBe(201)
    const others = await handIn(app, await submission({ personalId: '001190000202', change: { components } }))
    expect([others.status, faultsOf(others)]).toEqual([422, ['/components/0/copy unknown-copy']])
  })
})

describe('anybody checks a copy without an account', () => {
  let [file, copy]: [Uint8Array, Record<string, string>] = [new Uint8Array(), {}]
  beforeAll(async () => {
    const resolved = await grant(await accepted(), await uploaded(certifier))
    copy = await settled(resolved.body.result.copy)
    file = (await ask('citizen', `/v1/copies/${copy['id']}/content`)).body
  })
  const signers = [
    { kind: 'certifier', name: 'Vũ Thị Chứng Thực' },
    { kind: 'seal', name: 'Ủy ban nhân dân phường Cửa Nam' },
  ]
  const check = (body: Uint8Array | object, headers: Record<string, string> = { 'content-type': 'application/pdf' }) =>
    ask(null, '/v1/verifications', { body, headers: body instanceof Uint8Array ? headers : {} })

  test('the very file passes, and the register knows it', async () => {
    const { status, body } = await check(file)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      wholeDocumentCovered: true,
      sha256: copy['sha256'],
      registered: { number: copy['number'], status: 'valid', certifier: 'Vũ Thị Chứng Thực' },
    })
    expect(body.signatures.map(({ signer }: { signer: string }) => signer)).toEqual([
      'Vũ Thị Chứng Thực',
      'Ủy ban nhân dân phường Cửa Nam',
    ])
    expect(body.signatures.map(({ kind, reasons }: { kind: string; reasons: unknown }) => [kind, reasons])).toEqual([
      ['certifier', []],
      ['seal', []],
    ])
    expect([body.reasons, body.requiredSigners]).toEqual([[], signers.map((one) => ({ ...one, signed: true }))])
    expect(JSON.stringify(body)).not.toMatch(/001190000001|Mẫu/)
  })

  test('a changed one is told why it fails, signature by signature, in the words of the standard and in plain ones', async () => {
    const { body } = await check(file.with(700, (file[700] ?? 0) ^ 1))
    expect(body).toMatchObject({ indication: 'TOTAL-FAILED', reasons: [], requiredSigners: [], registered: null })
    const reason = {
      code: 'content-digest',
      indication: 'TOTAL-FAILED',
      subIndication: 'HASH_FAILURE',
      words: {
        vi: 'Nội dung của tệp không phải là nội dung đã được ký.',
        en: 'The contents of the file are not those that were signed.',
      },
    }
    expect(body.signatures).toMatchObject(['certifier', 'seal'].map((kind) => ({ kind, reasons: [reason] })))
    const unsigned = await check(pdf())
    expect(unsigned.body.reasons).toMatchObject([{ code: 'no-signature', subIndication: 'FORMAT_FAILURE' }])
  })

  test('the certifier’s name in somebody else’s certificate makes nobody the certifier: the register goes by certificates', async () => {
    await env.DB.prepare(
      "UPDATE signer SET owner = replace(owner, 'officer:', 'officer:another-') WHERE owner LIKE 'officer:%'",
    ).run()
    const { body } = await check(file)
    await env.DB.prepare("UPDATE signer SET owner = replace(owner, 'officer:another-', 'officer:')").run()
    expect(body).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'SIG_CONSTRAINTS_FAILURE',
      reasons: [{ code: 'required-signer-missing' }],
      requiredSigners: signers.map((one) => ({ ...one, signed: one.kind === 'seal' })),
      registered: { number: copy['number'] },
    })
  })

  test(`one byte changed anywhere, at ${partOf(300)} places from the first to the last: it fails`, async () => {
    const last = partOf(300) - 1
    const places = Array.from({ length: last + 1 }, (_, at) => Math.round((at * (file.length - 1)) / last))
    for (let at = 0; at < places.length; at += 20) {
      const verdicts = await Promise.all(
        places.slice(at, at + 20).map(async (place) => {
          const { status, body } = await check(file.with(place, (file[place] ?? 0) ^ (1 << (place % 8))))
          return [place, status, body.indication, body.registered]
        }),
      )
      for (const [place, ...said] of verdicts) expect([place, ...said]).toEqual([place, 200, 'TOTAL-FAILED', null])
    }
  })

  test('whatever else is sent gets a verdict or a problem, and never a fault of ours', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(40_000))
    const cut = file.slice(0, file.length >> 1)
    for (const bytes of [noise, cut, pdf(), file.slice(1), new TextEncoder().encode('%PDF-'), new Uint8Array(1)]) {
      const { status, body } = await check(bytes)
      expect([status, body.registered]).toEqual([200, null])
      expect(['TOTAL-FAILED', 'INDETERMINATE']).toContain(body.indication)
    }
    const pdfType = { 'content-type': 'application/pdf' }
    const refusals: [body: Uint8Array | string, headers: Record<string, string>, status: number][] = [
      [new Uint8Array(), pdfType, 422],
      [new Uint8Array(10 * 1024 * 1024 + 1), pdfType, 413],
      [file, { 'content-type': 'image/png' }, 415],
      ['{"sha256":', { 'content-type': 'application/json' }, 400],
    ]
    for (const [body, headers, status] of refusals) {
      const reply = await ask(null, '/v1/verifications', {
        body,
        headers: { 'content-length': String(body.length), ...headers },
      })
      expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    }
  })

  test('by its digest: the register knows it or says nothing', async () => {
    expect((await check({ sha256: copy['sha256'] })).body).toMatchObject({
      indication: 'TOTAL-PASSED',
      wholeDocumentCovered: null,
      signatures: [],
      requiredSigners: signers.map((one) => ({ ...one, signed: null })),
      registered: { number: copy['number'] },
    })
    expect((await check({ sha256: '0'.repeat(64) })).body).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_POE',
      reasons: [{ code: 'not-registered', words: { vi: 'Sổ chứng thực không có tệp này.' } }],
      requiredSigners: [],
      registered: null,
    })
    for (const body of [{ sha256: 'abc' }, {}, { sha256: copy['sha256'], more: 1 }]) {
      const reply = await check(body)
      expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
    }
  })

  test('by its number, as JSON for machines and as a page for people', async () => {
    const json = await ask(null, `/v1/verifications/${copy['number']}`)
    expect(json.body).toMatchObject({ number: copy['number'], status: 'valid', sha256: copy['sha256'], revoked: null })
    const page = await ask(null, `/v1/verifications/${copy['number']}`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.text).toContain('Còn giá trị')
    expect(page.text).toContain(copy['sha256'])
    for (const reply of [json, page]) expect(reply.text).not.toMatch(/001190000001|Mẫu/)
    const unknown = await ask(null, '/v1/verifications/00082-2025.2026.9999')
    expect([unknown.status, unknown.body.code]).toEqual([404, 'no-such-number'])
  })
})

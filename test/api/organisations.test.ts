import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { copyOf } from '../support/copies.ts'
import type { Who } from '../support/tokens.ts'
import { pdf } from '../support/pdf.ts'
import { app, exampleOf, faultsOf, handIn, submission } from '../support/walk.ts'

const [taxCode, personalId] = ['0100000019', '001190000501']
const applicant = { type: 'organisation', taxCode, name: 'Công ty TNHH Thử Nghiệm' }
/** The same person, as the provider vouches for them on one day and on another. */
const representative: Who = { kind: 'citizen', personalId, taxCode }
const former: Who = { kind: 'citizen', personalId }
const account: Who = { kind: 'citizen', taxCode }
const another: Who = { kind: 'citizen', personalId, taxCode: '0100000020' }

let [copy, own]: { id: string; code: string }[] = []
beforeAll(async () => {
  copy = await copyOf({ change: { applicant } })
  own = await copyOf({ personalId })
})

test('its account and who acts for it hold its copies and dossiers; a former representative sees nothing of it', async () => {
  const seen = async (who: Who) => ({
    copies: (await ask(who, '/v1/copies')).body.items.map(({ id }: { id: string }) => id),
    dossiers: (await ask(who, '/v1/dossiers')).body.items.map(({ code }: { code: string }) => code),
  })
  const only = (one = copy) => ({ copies: [one?.id], dossiers: [one?.code] })
  expect(await seen(account)).toEqual(only())
  expect(await seen(representative)).toEqual({ copies: [own?.id, copy?.id], dossiers: [own?.code, copy?.code] })
  for (const who of [former, another]) expect(await seen(who)).toEqual(only(own))
  const paths = ['', '/content', '/openings', '/shares'].map((tail) => `/v1/copies/${copy?.id}${tail}`)
  for (const path of [...paths, `/v1/dossiers/${copy?.code}`])
    for (const [who, status] of [
      [account, 200],
      [representative, 200],
      [former, 404],
      [another, 404],
    ] as const)
      expect([path, (await ask(who, path)).status]).toEqual([path, status])
})

test('who acts for it hands in and lends in its name; who does no longer, does not', async () => {
  const body = await submission({ who: app, change: { applicant, components: [] } })
  expect(faultsOf(await handIn(representative, body))).not.toContain('/applicant not-you')
  expect(faultsOf(await handIn(former, body))).toContain('/applicant not-you')
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const loan = { recipient: 'Đối tác', purpose: 'Đấu thầu', until }
  const lend = (who: Who) => ask(who, `/v1/copies/${copy?.id}/shares`, { body: loan })
  expect([(await lend(former)).status, (await lend(representative)).status]).toEqual([404, 201])
})

const named = '001190000502'
const person: Who = { kind: 'citizen', personalId: named }
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const naming = (extent: string[], until = inDays(2)) => ({
  representative: { personalId: named, fullName: 'Lý Thị Đại Diện' },
  extent,
  until,
})
const give = (extent: string[], who: Who = representative) => ask(who, '/v1/mandates', { body: naming(extent) })
const under = (mandate: string) => ({ headers: { mandate } })

describe('a representative whom the organisation names itself', () => {
  test('reads, lends and hands in as far as was said, and each use is on record', async () => {
    const given = await give(['read-copies', 'submit-dossiers'])
    expect([given.status, given.headers.get('location')]).toEqual([201, `/v1/mandates/${given.body.id}`])
    const acting = under(given.body.id)
    // Alone they see nothing of it; under the mandate nothing but it.
    expect((await ask(person, '/v1/copies')).body.items).toEqual([])
    expect((await ask(person, '/v1/copies', acting)).body.items.map(({ id }: { id: string }) => id)).toEqual([copy?.id])
    expect((await ask(person, `/v1/copies/${copy?.id}/content`)).status).toBe(404)
    expect((await ask(person, `/v1/copies/${copy?.id}/content`, acting)).status).toBe(200)
    expect((await ask(person, `/v1/dossiers/${copy?.code}`, acting)).status).toBe(200)
    const loan = { body: { recipient: 'Đối tác', purpose: 'Đấu thầu', until: inDays(1) }, ...acting }
    const path = `/v1/copies/${copy?.id}/shares`
    expect((await ask(person, path, loan)).body.code).toBe('not-allowed')
    const lender = under((await give(['lend-copies'], account)).body.id)
    const share = await ask(person, path, { ...loan, ...lender })
    expect(share.status).toBe(201)
    expect((await ask(person, `${path}/${share.body.id}`, { ...lender, method: 'DELETE' })).status).toBe(204)
    const file = await ask(person, '/v1/files', {
      body: pdf(),
      headers: { 'content-type': 'application/pdf', ...acting.headers },
    })
    const { required } = await exampleOf('1.004873')
    const components = required.map((component) => ({ component, file: file.body.id }))
    const body = await submission({ who: app, change: { applicant, components, channel: 'online' } })
    expect(faultsOf(await handIn(person, body))).toContain('/applicant not-you')
    const headers = { 'idempotency-key': crypto.randomUUID(), ...acting.headers }
    const handedIn = await ask(person, '/v1/dossiers', { body, headers })
    expect(handedIn.status, handedIn.text).toBe(201)

    const uses = async (id: string, who: Who = account) => (await ask(who, `/v1/mandates/${id}/uses`)).body.items
    const nothing = { dossier: null, payment: null, copy: null, share: null }
    const used = (await uses(given.body.id)).map(({ at: _at, ...use }: { at: string }) => use)
    expect(used).toEqual([
      { ...nothing, type: 'dossier.submitted', dossier: handedIn.body.code },
      { ...nothing, type: 'copy.opened', copy: copy?.id },
    ])
    const lent = { copy: copy?.id, share: share.body.id }
    expect(await uses(lender.headers.mandate, person)).toMatchObject([
      { type: 'copy.share-revoked', ...lent },
      { type: 'copy.shared', ...lent },
    ])
    const first = await ask(account, `/v1/mandates/${lender.headers.mandate}/uses?limit=1`)
    const second = await ask(account, new URL(/<(.*)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '').href.slice(16))
    expect([first, second].map((page) => page.body.items[0].type)).toEqual(['copy.share-revoked', 'copy.shared'])
    const { items } = (await ask(account, `/v1/copies/${copy?.id}/openings`)).body
    expect(items[0]).toMatchObject({ as: 'owner', mandate: given.body.id })
  })

  test('acts no longer once either side has ended it, or its time has come; a stranger never', async () => {
    for (const who of [account, person]) {
      const { body } = await give(['read-copies'])
      const path = `/v1/mandates/${body.id}`
      expect((await ask(person, '/v1/copies', under(body.id))).status).toBe(200)
      for (const stranger of [former, another]) {
        expect((await ask(stranger, '/v1/copies', under(body.id))).body.code).toBe('mandate-not-valid')
        expect((await ask(stranger, path)).body.code).toBe('no-such-mandate')
        expect((await ask(stranger, path, { method: 'DELETE' })).status).toBe(404)
        expect((await ask(stranger, `${path}/uses`)).status).toBe(404)
      }
      expect((await ask(who, path, { method: 'DELETE' })).status).toBe(204)
      expect((await ask(who, path, { method: 'DELETE' })).status).toBe(204)
      expect((await ask(person, '/v1/copies', under(body.id))).body.code).toBe('mandate-not-valid')
      const seen = await ask(person, path)
      expect(seen.body).toMatchObject({ status: 'ended', organisation: taxCode, endedAt: expect.any(String) })
      const known = { headers: { 'if-none-match': seen.headers.get('etag') ?? '' } }
      expect((await ask(account, path, known)).status).toBe(304)
    }
    expect((await ask(person, '/v1/copies', under('mandate_none'))).body.code).toBe('mandate-not-valid')
    const brief = await ask(account, '/v1/mandates', {
      body: naming(['read-copies'], new Date(Date.now() + 1500).toISOString()),
    })
    expect((await ask(person, '/v1/copies', under(brief.body.id))).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1600))
    expect((await ask(person, '/v1/copies', under(brief.body.id))).body.code).toBe('mandate-not-valid')
    expect((await ask(person, '/v1/mandates')).body.items[0]).toMatchObject({ id: brief.body.id, status: 'ended' })
  })

  test('names nobody further, and nobody hands on more than their token reaches', async () => {
    const { body } = await give(['read-copies', 'lend-copies', 'submit-dossiers'])
    const onwards = (who: Who, options = {}) => ask(who, '/v1/mandates', { body: naming(['read-copies']), ...options })
    expect((await onwards(person, under(body.id))).body.code).toBe('not-allowed')
    expect((await ask(person, '/v1/mandates', under(body.id))).body.code).toBe('not-allowed')
    expect((await onwards(person)).body.code).toBe('not-allowed')
    expect((await onwards({ kind: 'citizen', taxCode, scopes: ['dossiers'] })).body.code).toBe('not-allowed')
    const late = await ask(account, '/v1/mandates', { body: naming(['read-copies'], inDays(367)) })
    expect(faultsOf(late)).toEqual(['/until out-of-bounds'])
    const headers = { 'idempotency-key': 'name-once' }
    const once = naming(['read-copies'])
    const both = [1, 2].map(() => ask(account, '/v1/mandates', { body: once, headers }))
    const [first, again] = await Promise.all(both)
    expect(again?.body).toEqual(first?.body)
    const other = await ask(account, '/v1/mandates', { body: naming(['lend-copies']), headers })
    expect(other.body.code).toBe('idempotency-key-reused')
  })
})

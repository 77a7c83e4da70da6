import { beforeAll, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { copyOf } from '../support/copies.ts'
import type { Who } from '../support/tokens.ts'
import { app, faultsOf, handIn, submission } from '../support/walk.ts'

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

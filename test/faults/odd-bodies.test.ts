import { beforeAll, expect, test } from 'vitest'
import { exhaustive } from '../support/exhaustive.ts'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, filed, handIn, step, uploaded } from '../support/walk.ts'

/** What nobody expects where something else should be. */
const odd: unknown[] = [
  null,
  -1,
  'x'.repeat(10_000),
  'a\u0000\ud800b',
  '9999-12-31T23:59:59Z',
  JSON.parse('{"__proto__":{"constructor":1},"a/b~c":{},"\\udc00":[]}'),
]

/** The body with each of its parts in turn replaced by each odd value, or left out. */
function* spoiled(body: unknown): Generator {
  yield* odd
  if (typeof body !== 'object' || body === null) return
  for (const [name, part] of Object.entries(body)) {
    const others = Object.entries(body).filter(([other]) => other !== name)
    const made = (value: unknown) =>
      Array.isArray(body) ? body.with(Number(name), value) : Object.fromEntries([...others, [name, value]])
    if (!Array.isArray(body)) yield Object.fromEntries(others)
    for (const worse of spoiled(part)) yield made(worse)
  }
}

const everybody: Who = { kind: 'officer', unit: '00082-2025', roles: ['reception', 'handler', 'certifier'] }
const reason = 'Hồ sơ còn thiếu giấy tờ.'
let [scan, waiting, asked] = ['', '', '']
beforeAll(async () => {
  scan = await uploaded(everybody)
  waiting = (await filed()).body.code
  asked = (await filed()).body.code
  await step('reception', asked, { to: 'awaiting-supplement', components: ['residence'], reason })
})

const representative = { personalId: '001190000009', fullName: 'Lê Văn Thay', relation: 'con' }
const takenOver = { system: 'cũ', code: 'A-1', unit: '002-0', receivedAt: '2025-06-02T09:00:00+07:00' }
const commands: [what: string, body: () => object, send: (body: unknown) => ReturnType<typeof ask>][] = [
  ['a dossier', () => ({ ...examples.submission, representative, takenOver }), (body) => handIn(app, body)],
  ...[
    { to: 'not-accepted', reason, legalBasis: 'Điều 17' },
    { to: 'awaiting-supplement', components: ['residence'], reason },
    { to: 'awaiting-payment', copies: 2, circumstances: [], amount: 8000, note: 'x' },
    { to: 'resolved', outcome: 'granted', paper: { paperSeen: true } },
  ].map((move): (typeof commands)[number] => [
    `a step to ${move.to}`,
    () => ('paper' in move ? { ...move, paper: { scan, paperSeen: true } } : move),
    // A version that there never was: only the body is at stake.
    (body) => ask(everybody, `/v1/dossiers/${waiting}/transitions`, { body, headers: { 'if-match': '"77"' } }),
  ]),
  [
    'a supplement',
    () => ({ ...examples.supplement, form: examples.submission.form }),
    (body) => ask(app, `/v1/dossiers/${asked}/supplements`, { body, headers: { 'if-match': '"77"' } }),
  ],
]

test.each(commands)(
  '%s, spoiled in every part: taken or refused, and never a fault of ours',
  async (_what, body, send) => {
    const seen = new Set<number>()
    let count = 0
    for (const worse of spoiled(body())) {
      if (worse === undefined || (count++ % 5 && !exhaustive)) continue
      const { status, text } = await send(worse)
      if (status >= 500) expect([JSON.stringify(worse).slice(0, 500), text]).toEqual(['', ''])
      seen.add(status)
    }
    expect([...seen].filter((status) => ![200, 201, 400, 403, 409, 412, 415, 422].includes(status))).toEqual([])
    expect(seen).toContain(422)
  },
)

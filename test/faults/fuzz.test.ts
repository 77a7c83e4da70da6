import { test } from 'vitest'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { ask } from '../support/api.ts'
import { app, filed, handIn, step, uploaded } from '../support/walk.ts'

const deep = (n: number): unknown => { let v: unknown = 1; for (let i = 0; i < n; i++) v = [v]; return v }
const odd: unknown[] = [null, '', ' ', 0, -1, 1e308, 1.5, 'x'.repeat(10000), [], {}, true, '\u0000', '\ud800', '__proto__', JSON.parse('{"__proto__":{"a":1}}'), '2026-02-30', '2026-02-28T25:00:00Z', '99999999-12-31T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', deep(3000), { toString: 1 }, 'ﷺ'.repeat(300), "'; DROP TABLE dossier; --", '%', '../..', [[]], ['a'], { a: { b: { c: { d: { e: { f: 1 } } } } } }]
function* mutations(value: any, path: (string | number)[] = []): Generator<[string, any]> {
  for (const o of odd) yield [`${path.join('/')} = ${JSON.stringify(o)?.slice(0, 40)}`, o]
  if (value && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      for (const [what, changed] of mutations(value[key], [...path, key])) {
        const copy = Array.isArray(value) ? [...value] : { ...value }
        copy[key as any] = changed
        yield [what, copy]
      }
      const copy = Array.isArray(value) ? [...value] : { ...value }
      delete copy[key as any]
      yield [`${[...path, key].join('/')} gone`, copy]
    }
    for (const name of ['__proto__', 'constructor', '\ud800', 'a/b~c', '']) {
      if (Array.isArray(value)) continue
      const copy = JSON.parse(JSON.stringify(value).replace(/^\{/, `{${JSON.stringify(name)}:1${Object.keys(value).length ? ',' : ''}`))
      yield [`${path.join('/')} + ${JSON.stringify(name)}`, copy]
    }
  }
}

test('fuzz', { timeout: 590_000 }, async () => {
  const tally: Record<string, number> = {}
  const note = (what: string, status: number, text: string) => {
    tally[status] = (tally[status] ?? 0) + 1
    if (status >= 500) console.info('!!', what, status, text.slice(0, 200))
  }
  for (const [what, body] of mutations({ ...examples.submission, representative: { personalId: '001190000001', fullName: 'x' }, takenOver: { system: 's', code: 'c', unit: '002-0', receivedAt: '2025-06-02T00:00:00Z' } })) {
    const r = await handIn(app, body)
    note(`file ${what}`, r.status, r.text)
  }
  console.info('filing', JSON.stringify(tally))
  const { body: dossier } = await filed()
  const scan = await uploaded('certifier')
  for (const base of [{ to: 'accepted', note: 'a' }, { to: 'not-accepted', reason: 'xxxxxxxxxxx', legalBasis: 'yyyyyyy' }, { to: 'awaiting-supplement', components: ['residence'], reason: 'xxxxxxxxxxxxx' }, { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } }, { to: 'awaiting-payment', copies: 1, pages: 1, circumstances: ['a'], amount: 5 }])
    for (const [what, body] of mutations(base)) {
      const { body: now } = await ask('handler', `/v1/dossiers/${dossier.code}`)
      const r = await ask({ kind: 'officer', unit: '00082-2025', roles: ['reception', 'handler', 'certifier'] }, `/v1/dossiers/${dossier.code}/transitions`, { body, headers: { 'if-match': `"${now.version}"` } })
      note(`move ${base.to} ${what}`, r.status, r.text)
    }
  console.info('moves', JSON.stringify(tally))
  const { body: other } = await filed()
  await step('reception', other.code, { to: 'awaiting-supplement', components: ['residence'], reason: 'xxxxxxxxxxxxx' })
  for (const [what, body] of mutations({ components: [{ component: 'residence', data: { source: 'a', at: '2025-06-02T00:00:00Z' } }], form: examples.submission.form, note: 'x' })) {
    const r = await ask(app, `/v1/dossiers/${other.code}/supplements`, { body, headers: { 'if-match': '"2"' } })
    note(`supplement ${what}`, r.status, r.text)
  }
  const strings = odd.filter((o) => typeof o === 'string') as string[]
  for (const s of [...strings, 'zzz', '\uffff', 'a'.repeat(3000)]) {
    for (const path of ['/v1/dossiers?status=X', '/v1/dossiers?after=X', '/v1/dossiers?limit=X', '/v1/dossiers?unit=X', '/v1/dossiers?dueBefore=X', '/v1/dossiers?applicant=X', '/v1/dossiers?procedure=X', '/v1/dossiers/X', '/v1/dossiers/X/events?after=X', '/v1/dossiers/X/progress?secret=X', `/v1/dossiers/${other.code}/progress?secret=X`, `/v1/dossiers/${other.code}/events?after=X`, `/v1/dossiers/${other.code}/slips/X`, '/v1/files/X', '/v1/copies/X', '/v1/copies?after=X', '/v1/verifications/X', '/v1/units?q=X', '/v1/units/X', '/v1/procedures?q=X', '/v1/procedures/X', '/v1/routing?procedure=X&place=X&on=X', '/v1/procedures/1.001193/due-date?receivedAt=X', '/problems/X', '/v1/dead-letters?after=X', '/v1/registers/dossiers?from=X&to=X'])
      for (const who of [app, 'citizen', 'handler', 'operator', 'supervisor', null] as const) {
        let encoded: string
        try { encoded = encodeURIComponent(s) } catch { encoded = '%ED%A0%80' }
        const r = await ask(who, path.replaceAll('X', encoded))
        note(`${path} ${JSON.stringify(s).slice(0, 40)} ${JSON.stringify(who)?.slice(0, 20)}`, r.status, r.text)
      }
  }
  console.info('all', JSON.stringify(tally))
})

import { expect, test } from 'vitest'
import type { CitizenActor } from '../../src/domain/actor.ts'
import { evolveMandate, type Extent, extents, inForce, type Mandate } from '../../src/domain/mandate.ts'
import { mayUse, permissions, type Verb } from '../../src/domain/permission.ts'

const verbs = Object.keys(permissions) as Verb[]
const whole = ['dossiers', 'copies']
const acting = (extent: Extent[], scopes = whole): CitizenActor => ({
  kind: 'citizen',
  id: 'c',
  personalId: null,
  taxCode: '0100000000',
  name: null,
  scopes,
  mandate: { id: 'mandate_1', extent },
})
const opened = (actor: CitizenActor) =>
  verbs.filter((verb) => !('public' in permissions[verb]) && mayUse(actor, verb) === 'yes')

test('a mandate opens what its extent says and nothing else, and never the naming of others', () => {
  expect(opened(acting([]))).toEqual([])
  expect(opened(acting(['read-copies']))).toEqual(['listCopies', 'readCopy', 'downloadCopy', 'readOpenings'])
  expect(opened(acting(['lend-copies']))).toEqual(['shareCopy', 'readShares', 'revokeShare'])
  const all = opened(acting([...extents]))
  const { mandate: _mandate, ...organisation } = acting([])
  const itself = opened(organisation)
  expect(itself.filter((verb) => !all.includes(verb))).toEqual([
    'payCopies',
    'readConsents',
    'endConsent',
    'giveMandate',
    'readMandates',
    'endMandate',
  ])
})

test('it reaches no further than the token of who acts', () => {
  expect(opened(acting([...extents], ['copies']))).toEqual(opened(acting(['read-copies', 'lend-copies'])))
})

test('it counts until its time, or until it is ended, to the millisecond; what has ended is not ended again', () => {
  const until = '2026-12-01T00:00:00.000+07:00'
  const given = evolveMandate(undefined, { type: 'mandate.given', id: 'm', extent: ['read-copies'], until }, 'now')
  const last = Date.parse(until)
  expect([last - 1, last].map((now) => inForce(given, now))).toEqual([true, false])
  const ended: Mandate = evolveMandate(given, { type: 'mandate.ended' }, 'then')
  expect(ended).toMatchObject({ status: 'ended', endedAt: 'then', version: 2 })
  expect(inForce(ended, 0)).toBe(false)
  expect(() => evolveMandate(ended, { type: 'mandate.ended' }, 'later')).toThrow('was given')
})

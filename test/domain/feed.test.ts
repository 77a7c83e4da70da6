import { CloudEvent } from 'cloudevents'
import { describe, expect, test } from 'vitest'
import { envelopeOf, type FeedEntry, feedTypes, pingOf } from '../../src/domain/feed.ts'
import { Event, eventTypes, messages } from '../../src/routes/events/types.ts'

const source = 'https://api.example.gov.vn'
const about = { code: 'LOCAL.00082-261123-0001', procedure: '1.001193' }
const copy = 'copy_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'
const entryOf = (event: FeedEntry['event'], subject = '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'): FeedEntry => ({
  position: 1042,
  subject,
  version: 12,
  at: '2026-11-23T09:00:00.000+07:00',
  actor: { kind: 'officer', unit: '00082-2025' },
  event,
  dossier: about,
})

/** What the journal holds behind the example of a type: its facts as the domain has them, and much that is nobody's business. */
function eventLike(example: Record<string, any>): FeedEntry['event'] {
  const { dossier: _d, procedure: _p, copy: itsCopy, actor: _a, ...facts } = example['data']
  const resolved = example['type'] === 'dossier.resolved'
  return {
    type: example['type'],
    ...facts,
    ...(resolved && { paper: { scan: 'file_secret', title: 'Giấy của Kín Đáo', copy: itsCopy } }),
    note: 'Kín Đáo',
    certifier: { name: 'Kín Đáo' },
    submittedBy: { kind: 'citizen', id: 'Kín Đáo' },
  } as FeedEntry['event']
}

describe.each(eventTypes)('$type', ({ type, example: shown }) => {
  test('its example is what it is: valid, a CloudEvent, and what the journal behind it would be told as', () => {
    expect(() => new CloudEvent({ ...shown }, true)).not.toThrow()
    expect(Event.parse(shown)).toEqual(shown)
    const subject = type.startsWith('dossier.') ? undefined : shown.subject
    const entry = entryOf(eventLike(shown), subject)
    const made = envelopeOf(type.startsWith('webhook.') ? { ...entry, dossier: null } : entry, source)
    expect(() => new CloudEvent({ ...made }, true)).not.toThrow()
    expect(JSON.stringify(made)).not.toContain('Kín Đáo')
    expect(Object.keys(made.data).toSorted()).toEqual(Object.keys(shown.data).toSorted())
    expect(Event.parse(made)).toEqual(made)
  })
})

test('the list knows every type that the domain tells, and a ping is a CloudEvent too', () => {
  expect(eventTypes.map(({ type }) => type)).toEqual(feedTypes)
  const ping = pingOf('webhook_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', 'ping_1', '2026-11-23T09:00:00+07:00', source)
  expect(() => new CloudEvent({ ...ping }, true)).not.toThrow()
  expect(messages.at(-1)?.schema.parse(ping)).toEqual(ping)
})

test('components are told by name only, and what the world is not told is not told', () => {
  const proofs = [
    { component: 'residence', file: 'file_1' },
    { component: 'identity', presented: true },
  ]
  const event = { type: 'dossier.supplemented', components: proofs, clock: 'RESUME', dueAt: null }
  expect(envelopeOf(entryOf(event), source).data).toEqual({
    dossier: about.code,
    procedure: about.procedure,
    actor: { kind: 'officer', unit: '00082-2025' },
    components: ['residence', 'identity'],
    dueAt: null,
  })
  expect(() => envelopeOf(entryOf({ type: 'payment.paid' }), source)).toThrow('not for the world')
  expect(envelopeOf(entryOf({ type: 'copy.failed' }, copy), source)).toMatchObject({
    subject: copy,
    sequence: '0000000012',
  })
})

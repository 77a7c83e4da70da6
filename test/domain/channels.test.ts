import { describe, expect, test } from 'vitest'
import { type Assistance, channelFaults, channelRules } from '../../src/domain/channels.ts'
import type { SubmissionChannel } from '../../src/domain/dossier.ts'

const nothing: Assistance = { helper: null, identity: null, note: null }
const kiosk: Assistance = { ...nothing, helper: { kind: 'kiosk', id: 'kiosk-1' }, identity: 'vneid' }
const union: Assistance = {
  helper: { kind: 'organisation', id: 'women-union' },
  identity: 'papers',
  note: 'Người nộp không đi lại được.',
}
const visit = { ...union, helper: null }

type Case = [Parameters<typeof channelFaults>[0], SubmissionChannel, Assistance | null, ...string[]]
describe('through a channel hands in who may, and what has to be told is told', () => {
  test.each<Case>([
    ['app', 'online', null],
    ['citizen', 'online', null],
    ['officer', 'online', null],
    ['app', 'online', nothing, '/assistance nobody-helps-online'],
    ['citizen', 'direct', null, '/channel channel-not-yours'],
    ['citizen', 'postal', null, '/channel channel-not-yours'],
    ['officer', 'direct', null],
    ['app', 'direct', union],
    ['officer', 'postal', { ...nothing, identity: 'vneid' }, '/assistance/identity identity-not-possible'],
    ['app', 'kiosk', kiosk],
    ['citizen', 'kiosk', kiosk],
    ['officer', 'kiosk', kiosk, '/channel channel-not-yours'],
    ['app', 'kiosk', null, '/assistance/helper helper-needed', '/assistance/identity identity-needed'],
    ['app', 'kiosk', union, '/assistance/helper/kind wrong-helper', '/assistance/identity identity-not-possible'],
    ['app', 'at-home', union],
    ['officer', 'at-home', visit],
    ['officer', 'at-home', union, '/assistance/helper helper-is-you'],
    ['officer', 'at-home', null, '/assistance/identity identity-needed', '/assistance/note note-needed'],
    ['app', 'at-home', visit, '/assistance/helper helper-needed'],
    ['citizen', 'at-home', union, '/channel channel-not-yours'],
  ])('%s, %s, %j', (sender, channel, told, ...faults) => {
    const found = channelFaults(sender, channel, told)
    expect(found.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(faults)
    for (const { detail } of found) expect(detail.vi).not.toBe(detail.en)
  })

  test('whatever must be told can be told', () => {
    for (const { by, helper, identity } of Object.values(channelRules))
      for (const needed of Object.values(by)) {
        if (needed.includes('helper')) expect(helper).not.toBeNull()
        if (needed.includes('identity')) expect(identity).not.toEqual([])
      }
  })
})

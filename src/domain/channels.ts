// Assisted channels: who may hand in which way, and what must be told about the help. The applicant stays the owner always.
import type { Text } from '../platform/result.ts'
import type { SubmissionChannel } from './dossier.ts'

/** How somebody proved who they are: the method only, never what the card or the account said. */
export const identityMethods = ['card-reader', 'vneid', 'papers'] as const
export type IdentityMethod = (typeof identityMethods)[number]

/** A kiosk, or the organisation whose people help, as its operator numbers it. An officer who helps is known from the token. */
export const helperKinds = ['kiosk', 'organisation'] as const
export type Helper = { kind: (typeof helperKinds)[number]; id: string }

/** What is told about the help. `note`: the helper's own words, which are sealed. */
export type Assistance = { helper: Helper | null; identity: IdentityMethod | null; note: string | null }

/** What the journal keeps of it. */
export type Assisted = Pick<Assistance, 'helper' | 'identity'>

type Sender = 'app' | 'citizen' | 'officer'
type Told = keyof Assistance

type ChannelRule = {
  /** Who may hand in this way, and what each of them must tell. */
  by: Partial<Record<Sender, readonly Told[]>>
  /** The kind of helper and the methods of proof that there can be; null and none where nobody helps. */
  helper: Helper['kind'] | null
  identity: readonly IdentityMethod[]
}

// oxfmt-ignore
export const channelRules: Record<SubmissionChannel, ChannelRule> = {
  online: { by: { app: [], citizen: [], officer: [] }, helper: null, identity: [] },
  direct: { by: { app: [], officer: [] }, helper: 'organisation', identity: identityMethods },
  postal: { by: { app: [], officer: [] }, helper: 'organisation', identity: ['papers'] },
  kiosk: { by: { app: ['helper', 'identity'], citizen: ['helper', 'identity'] }, helper: 'kiosk', identity: ['card-reader', 'vneid'] },
  'at-home': { by: { app: ['helper', 'identity', 'note'], officer: ['identity', 'note'] }, helper: 'organisation', identity: identityMethods },
}

export type ChannelFault = { pointer: string; code: string; detail: Text }

/** Everything that the table has against this way of handing in, at once. */
export function channelFaults(sender: Sender, channel: SubmissionChannel, told: Assistance | null): ChannelFault[] {
  const { by, helper, identity } = channelRules[channel]
  const needed = by[sender]
  if (!needed) return [fault('/channel', 'channel-not-yours')]
  if (told && channel === 'online') return [fault('/assistance', 'nobody-helps-online')]
  const faults = needed.filter((one) => !told?.[one]).map((one) => fault(`/assistance/${one}`, `${one}-needed`))
  if (told?.helper && sender === 'officer') faults.push(fault('/assistance/helper', 'helper-is-you'))
  else if (told?.helper && told.helper.kind !== helper) faults.push(fault('/assistance/helper/kind', 'wrong-helper'))
  if (told?.identity && !identity.includes(told.identity))
    faults.push(fault('/assistance/identity', 'identity-not-possible'))
  return faults
}

const words = {
  'channel-not-yours': ['Bạn không nộp được bằng kênh này.', 'You cannot hand in through this channel.'],
  'nobody-helps-online': [
    'Nộp trực tuyến thì không ghi người hỗ trợ.',
    'Nobody is recorded as a helper of what is handed in online.',
  ],
  'helper-needed': ['Phải ghi ki-ốt hoặc tổ chức hỗ trợ.', 'Say which kiosk or organisation helps.'],
  'identity-needed': ['Phải ghi cách xác minh danh tính người nộp.', 'Say how the applicant proved who they are.'],
  'note-needed': ['Phải ghi vì sao người nộp không đi lại được.', 'Say why the applicant cannot travel.'],
  'helper-is-you': [
    'Cán bộ tiếp nhận chính là người hỗ trợ.',
    'You help yourself: the officer is known from the token.',
  ],
  'wrong-helper': ['Kênh này không có loại hỗ trợ đó.', 'No helper of that kind helps through this channel.'],
  'identity-not-possible': [
    'Không xác minh được theo cách này ở kênh này.',
    'Nobody is identified that way through this channel.',
  ],
} as const satisfies Record<string, readonly [vi: string, en: string]>

function fault(pointer: string, code: keyof typeof words): ChannelFault {
  const [vi, en] = words[code]
  return { pointer, code, detail: { vi, en } }
}

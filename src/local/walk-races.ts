import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { personaNamed } from './personas.ts'
import { demoUnits } from './settings.ts'
import { type Client, Filed, Page, Unexpected } from './walk-client.ts'
import { called } from './walk-story.ts'
import { voice } from './walk-voice.ts'

const Form = z.record(z.string(), z.unknown())
const Procedure = z.object({ exampleSubmission: z.looseObject({ form: Form }) })
/** Marriage: a form, and nothing to upload. */
const procedure = '1.000894'

/** `another`: although the same matter is open. */
async function submission(client: Client, another = false): Promise<Record<string, unknown>> {
  const { exampleSubmission } = await client.read(Procedure, null, `/v1/procedures/${procedure}`)
  const citizen = personaNamed('citizen')
  if (citizen?.kind !== 'citizen') throw new Error('the personas have a citizen')
  const applicant = { type: 'citizen', personalId: citizen.personalId, fullName: citizen.name }
  const force = another ? { reason: 'Hồ sơ thử thứ hai của cùng một người.' } : null
  // Another number in each walk, or the dossier of the walk before would be open in the same matter.
  const form = { ...exampleSubmission.form, phone: `09${String(Date.now()).slice(-8)}` }
  return { ...exampleSubmission, form, applicant, place: { unit: demoUnits.cuaNam }, components: [], force }
}

const since = (began: number) => performance.now() - began

/** The same request twice, the same matter under a new key, and fifty times at once: one dossier each. */
export async function sendAgain(client: Client): Promise<void> {
  const json = await submission(client)
  const before = await codes(client)
  const twice = { 'idempotency-key': randomUUID() }
  const first = await client.ask('app', '/v1/dossiers', { json, headers: twice })
  const second = await client.ask('app', '/v1/dossiers', { json, headers: twice })
  const same = Buffer.from(first.bytes).equals(second.bytes)
  const isReplay = second.headers.get('idempotent-replayed') === 'true'
  if (first.status !== 201 || second.status !== 201 || !same || !isReplay)
    throw new Unexpected(
      `twice: ${first.status}, ${second.status}, same ${same}, replayed ${isReplay}: ${new TextDecoder().decode(second.bytes)}`,
    )
  voice.step(called('app'), 'gửi hai lần · sends twice: cùng một trả lời · the same reply, byte by byte', second.ms)

  const third = await client.ask('app', '/v1/dossiers', { json, headers: { 'idempotency-key': randomUUID() } })
  if (third.status !== 200 || third.headers.get('location') !== first.headers.get('location'))
    throw new Unexpected(`the same matter again: ${third.status}, ${third.headers.get('location')}`)
  voice.step(called('app'), 'khóa mới, cùng việc · new key, same matter: hồ sơ đang mở · the open dossier', third.ms)

  const headers = { 'idempotency-key': randomUUID() }
  const another = await submission(client, true)
  const began = performance.now()
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => client.ask('app', '/v1/dossiers', { json: another, headers })),
  )
  const counts = Map.groupBy(replies, ({ status }) => status)
  const made = new Set((counts.get(201) ?? []).map(({ headers: said }) => said.get('location')))
  if (made.size !== 1 || [...counts.keys()].some((status) => status !== 201 && status !== 409))
    throw new Unexpected(`fifty times: ${tally(replies)}, ${made.size} dossiers`)
  voice.step(called('app'), `gửi năm mươi lần cùng lúc · sends fifty times at once: ${tally(replies)}`, since(began))

  const added = [...(await codes(client))].filter((code) => !before.has(code))
  if (added.length !== 2) throw new Unexpected(`two keys made ${added.length} dossiers: ${added.join(', ')}`)
  voice.note(`hai khóa, hai hồ sơ · two keys, two dossiers: ${added.join(', ')}`)
}

/** The newest dossiers of the app for this procedure. */
async function codes(client: Client): Promise<Set<string>> {
  const page = await client.read(Page, 'app', `/v1/dossiers?procedure=${procedure}&limit=100`)
  return new Set(page.items.map(({ code }) => code))
}

const tally = (replies: { status: number }[]) =>
  [...Map.groupBy(replies, ({ status }) => status)].map(([status, same]) => `${same.length} × ${status}`).join(', ')

/** Ten decisions about one dossier at once, each by an officer who has seen its latest version: one counts. */
export async function decideAtOnce(client: Client): Promise<void> {
  const headers = { 'idempotency-key': randomUUID() }
  const { code } = await client.read(Filed, 'app', '/v1/dossiers', {
    json: await submission(client, true),
    headers,
    status: 201,
  })
  const { version } = await client.step('reception', code, { to: 'accepted' })
  const refusal = { to: 'resolved', outcome: 'refused', reason: 'Hai bên đã tự hòa giải, không còn tranh chấp.' }
  const decisions = Array.from({ length: 10 }, (_, index) => ({
    who: index % 2 === 0 ? 'handler' : 'certifier',
    json: index % 3 === 0 ? refusal : { to: 'resolved', outcome: 'granted' },
  }))
  const began = performance.now()
  const replies = await Promise.all(
    decisions.map(({ who, json }) =>
      client.ask(who, `/v1/dossiers/${code}/transitions`, { json, headers: { 'if-match': `"${version}"` } }),
    ),
  )
  const won = replies.filter(({ status }) => status === 200).length
  const lost = replies.filter(({ status }) => status === 409 || status === 412).length
  if (won !== 1 || lost !== 9) throw new Unexpected(`ten decisions at once: ${tally(replies)}`)
  voice.step('Mười quyết định · ten officers', `cùng lúc về ${code} · decide at once: ${tally(replies)}`, since(began))
}

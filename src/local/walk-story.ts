import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { localTime } from '../platform/time.ts'
import { slipPrefix } from './judge.ts'
import { personaNamed } from './personas.ts'
import { mediaTypeOf, scan } from './scan.ts'
import type { Case } from './walk-cases.ts'
import { type Client, Copy, Dossier, Events, Filed, Page, Unexpected, Verdict } from './walk-client.ts'
import type { Proof } from './walk-papers.ts'
import { voice, when } from './walk-voice.ts'

/** Where the certified copies are left. */
export const demoFolder = 'demo'

/** How the walk names who acts. */
export function called(who: string): string {
  if (who === 'app') return 'Ứng dụng Ví Dụ'
  return personaNamed(who)?.name ?? who
}

const Procedure = z.object({
  name: z.object({ vi: z.string() }),
  exampleSubmission: z.object({ form: z.record(z.string(), z.unknown()) }),
})

/** Walks one dossier from hand to hand, to the certified copy that anybody can check. */
export async function tell(one: Case, client: Client): Promise<void> {
  const officer = (role: string) => `${role}@${one.unit}`
  if (one.rejected) await beRejected(one, client, one.rejected)
  const { code, receipt } = await handIn(one, client)
  await receive(one, client, code)
  if (one.supplement) await supplement(one, client, code, one.supplement)
  const resolved = await resolve(one, client, code)
  const copy = await awaitCopy(one, client, resolved)
  const returned = await client.step(officer('reception'), code, { to: 'returned', by: 'account' })
  voice.step(called(officer('reception')), `trả kết quả · returns the result: ${returned.status}`, returned.ms)
  await fetchAndCheck(one, client, copy)
  await keepSlip(one, client, code)
  await follow(one, client, code, receipt.lookupSecret)
}

async function handIn(one: Case, client: Client): Promise<z.infer<typeof Filed>> {
  const on = one.takenOver ? `?on=${one.takenOver.receivedAt.slice(0, 10)}` : ''
  const procedure = await client.read(Procedure, null, `/v1/procedures/${one.procedure}${on}`)
  const submission = {
    procedure: one.procedure,
    applicant: applicantOf(one.applicant),
    place: one.place && { unit: one.place },
    receivingPoint: one.receivingPoint,
    channel: one.channel,
    form: { ...procedure.exampleSubmission.form, ...one.form },
    components: await proved(one.proofs, one.by, client),
    returnBy: 'account',
    takenOver: one.takenOver ?? null,
  }
  const headers = { 'idempotency-key': randomUUID() }
  const first = await client.ask(one.by, '/v1/dossiers', { json: submission, headers })
  // A walk that was broken off has left a dossier open in the same matter.
  const force = first.status === 200 ? { reason: 'Bản trình diễn trước dừng giữa chừng.' } : null
  const sent = force
    ? { json: { ...submission, force }, headers: { 'idempotency-key': randomUUID() } }
    : { json: submission, headers }
  const filed = await client.read(Filed, one.by, '/v1/dossiers', { ...sent, status: 201 })
  const how = one.channel === 'online' ? 'nộp trực tuyến · hands in online' : 'nhận tại quầy · takes in at the counter'
  voice.step(called(one.by), `${how}: ${filed.code}`, filed.ms)
  const { competentUnit: unit } = filed
  voice.note(`${procedure.name.vi.slice(0, 70)} → ${unit.name.vi} (${unit.id})`)
  const { takenOver } = one
  if (takenOver)
    voice.note(
      `nộp ${when(takenOver.receivedAt)} tại đơn vị ${takenOver.unit}, đã giải thể · its unit is gone, ${unit.id} goes on`,
    )
  if (unit.id !== one.unit) throw new Unexpected(`${one.unit} must decide, not ${unit.id}`)
  voice.note(
    `hẹn trả · expected ${when(filed.receipt.expectedDueAt)}; mã tra cứu · secret ${filed.receipt.lookupSecret}`,
  )
  return filed
}

function applicantOf(name: Case['applicant']): Record<string, unknown> {
  const persona = personaNamed(name)
  if (persona?.kind !== 'citizen') throw new Error(`${name} is no citizen`)
  return persona.taxCode
    ? { type: 'organisation', taxCode: persona.taxCode, name: persona.name, email: 'congty@example.vn' }
    : { type: 'citizen', personalId: persona.personalId, fullName: persona.name, phone: '0900000001' }
}

/** Scans and uploads what has to be uploaded; answers the components as the service takes them. */
const proved = (proofs: Proof[], who: string, client: Client): Promise<Record<string, unknown>[]> =>
  Promise.all(
    proofs.map(async (proof) => {
      const { component } = proof
      if ('presented' in proof) return { component, presented: true }
      if ('source' in proof) return { component, data: { source: proof.source, at: localTime(new Date()) } }
      return { component, file: await client.upload(who, await scan(proof.paper, proof), mediaTypeOf[proof.as]) }
    }),
  )

async function beRejected(one: Case, client: Client, { reason, legalBasis }: NonNullable<Case['rejected']>) {
  const { code } = await handIn(one, client)
  const reception = `reception@${one.unit}`
  const moved = await client.step(reception, code, { to: 'not-accepted', reason, legalBasis })
  voice.step(called(reception), `từ chối tiếp nhận · does not accept it: ${moved.status}`, moved.ms)
  voice.note(reason)
}

async function receive(one: Case, client: Client, code: string): Promise<void> {
  const reception = `reception@${one.unit}`
  const work = await client.read(Page, reception, `/v1/dossiers?status=submitted&procedure=${one.procedure}`)
  if (!work.items.some((item) => item.code === code)) throw new Unexpected(`${code} is not in the list of ${one.unit}`)
  const accepted = await client.step(reception, code, { to: 'accepted' })
  voice.step(
    called(reception),
    `tìm thấy trong danh sách, tiếp nhận · accepts; hạn · due ${when(accepted.dueAt)}`,
    accepted.ms,
  )
  if (accepted.overdue)
    voice.note('đã quá hạn: thời gian tính từ ngày quận nhận · overdue: its time runs since the district')
  // What is certified over the counter needs no study.
  if (one.channel === 'direct' && one.procedure === '2.000815') return
  const handler = `handler@${one.unit}`
  const started = await client.step(handler, code, { to: 'processing' })
  voice.step(called(handler), 'thụ lý · begins to work on it', started.ms)
}

async function supplement(
  one: Case,
  client: Client,
  code: string,
  { reason, proofs }: NonNullable<Case['supplement']>,
) {
  const handler = `handler@${one.unit}`
  const components = proofs.map(({ component }) => component)
  const asked = await client.step(handler, code, { to: 'awaiting-supplement', components, reason })
  voice.step(called(handler), `yêu cầu bổ sung · asks for more: ${components.join(', ')}`, asked.ms)
  voice.note(reason)
  const json = { components: await proved(proofs, one.by, client), note: 'Đã chụp lại rõ nét.' }
  const headers = { 'if-match': `"${asked.version}"` }
  const answered = await client.read(Dossier, one.by, `/v1/dossiers/${code}/supplements`, { json, headers })
  voice.step(
    called(one.by),
    `bổ sung · supplements; ${answered.status}, hạn mới · due ${when(answered.dueAt)}`,
    answered.ms,
  )
}

async function resolve(one: Case, client: Client, code: string): Promise<string> {
  const certifier = `certifier@${one.unit}`
  const file = await client.upload(certifier, await scan(one.result.paper, one.result), mediaTypeOf[one.result.as])
  const paper = { scan: file, paperSeen: true }
  const resolved = await client.step(certifier, code, { to: 'resolved', outcome: 'granted', paper })
  voice.step(
    called(certifier),
    `xem bản giấy, ký cấp · has seen the paper (${one.result.as}), grants and certifies`,
    resolved.ms,
  )
  if (!resolved.result?.copy) throw new Unexpected(`${code} was resolved without a certified copy`)
  return resolved.result.copy
}

type IssuedCopy = z.infer<typeof Copy>

/** Certified copies are made behind a queue. */
async function awaitCopy(one: Case, client: Client, id: string): Promise<IssuedCopy> {
  const began = performance.now()
  for (;;) {
    const copy = await client.read(Copy, one.applicant, `/v1/copies/${id}`)
    const ms = performance.now() - began
    if (copy.status === 'valid') {
      voice.step(
        'Hàng đợi · the queue',
        `bản sao chứng thực số · certified copy ${copy.number}, ký hai lần · signed twice`,
        ms,
      )
      return copy
    }
    if (copy.status !== 'issuing' || ms > 90_000)
      throw new Unexpected(`copy ${id} is ${copy.status} after ${Math.round(ms)} ms`)
    await pause(200)
  }
}

async function fetchAndCheck(one: Case, client: Client, copy: IssuedCopy): Promise<void> {
  const own = await client.ask(one.applicant, `/v1/copies/${copy.id}/content`)
  if (own.status !== 200) throw new Unexpected(`the owner cannot download ${copy.id}: ${own.status}`)
  const path = join(demoFolder, `${one.file}.pdf`)
  mkdirSync(demoFolder, { recursive: true })
  writeFileSync(path, own.bytes)
  voice.step(called(one.applicant), `tải về · downloads ${path}, ${Math.round(own.bytes.length / 1024)} KB`, own.ms)

  const stranger = one.applicant === 'citizen2' ? 'citizen' : 'citizen2'
  const theirs = await client.ask(stranger, `/v1/copies/${copy.id}/content`)
  if (theirs.status !== 404) throw new Unexpected(`a stranger asked for ${copy.id} and got ${theirs.status}`)
  voice.step(
    called(stranger),
    'không thấy gì, đúng như phải thế · finds nothing there, as it should be: 404',
    theirs.ms,
  )

  const byNumber = await client.read(
    z.object({ status: z.string(), sha256: z.string() }),
    null,
    `/v1/verifications/${copy.number}`,
  )
  if (byNumber.status !== 'valid' || byNumber.sha256 !== copy.sha256)
    throw new Unexpected(`number ${copy.number}: ${JSON.stringify(byNumber)}`)
  voice.step('Bất kỳ ai · anybody', `tra số trên mã QR · checks the number: ${byNumber.status}`, byNumber.ms)

  const verdict = await judged(client, own.bytes)
  const signers = verdict.signatures.map(({ signer }) => signer ?? '?').join(' + ')
  const sound = verdict.indication === 'TOTAL-PASSED' && verdict.wholeDocumentCovered && verdict.signatures.length === 2
  if (!sound || verdict.registered?.number !== copy.number)
    throw new Unexpected(`the copy was judged ${JSON.stringify(verdict)}`)
  voice.step('Bất kỳ ai · anybody', `kiểm tra tệp · checks the file: ${verdict.indication}`, verdict.ms)
  voice.note(`${signers}, ${when(verdict.signatures.at(-1)?.signedAt ?? null)}`)

  const forged = own.bytes.slice()
  const at = Math.floor(Math.random() * forged.length)
  forged[at] = (forged[at] ?? 0) ^ 1
  const refused = await judged(client, forged)
  if (refused.indication !== 'TOTAL-FAILED')
    throw new Unexpected(`byte ${at} was changed, and the file was judged ${refused.indication}`)
  voice.step(
    'Kẻ gian · a forger',
    `sửa byte thứ ${at} · changes byte ${at}: ${refused.indication}, ${refused.subIndication}`,
    refused.ms,
  )
}

/** The receipt that the law wants given out, sealed by the unit: a PDF that other judges look at, too. */
async function keepSlip(one: Case, client: Client, code: string): Promise<void> {
  const headers = { accept: 'application/pdf' }
  const slip = await client.ask(one.applicant, `/v1/dossiers/${code}/slips/receipt`, { headers })
  if (slip.status !== 200) throw new Unexpected(`the receipt of ${code}: ${slip.status}`)
  const path = join(demoFolder, `${slipPrefix}${one.file}.pdf`)
  writeFileSync(path, slip.bytes)
  voice.step(called(one.applicant), `giấy tiếp nhận và hẹn trả, đóng dấu số · the receipt, sealed: ${path}`, slip.ms)
}

const judged = (client: Client, bytes: Uint8Array<ArrayBuffer>) =>
  client.read(Verdict, null, '/v1/verifications', { bytes, headers: { 'content-type': 'application/pdf' } })

async function follow(one: Case, client: Client, code: string, secret: string): Promise<void> {
  const Progress = z.object({ completion: z.number(), overdue: z.boolean() })
  const progress = await client.read(Progress, null, `/v1/dossiers/${code}/progress?secret=${secret}`)
  if (progress.completion !== 100) throw new Unexpected(`${code} is returned, but ${progress.completion} % complete`)
  voice.step(
    'Bất kỳ ai · anybody',
    `theo dõi bằng mã tra cứu · follows with the secret: ${progress.completion} %`,
    progress.ms,
  )
  const journal = await client.read(Events, one.applicant, `/v1/dossiers/${code}/events?limit=100`)
  const steps = journal.items.map(({ type }) => type.replace('dossier.', ''))
  voice.step('Nhật ký · the journal', `${steps.length} bước, nối bằng mã băm · steps, chained by hash`, journal.ms)
  voice.note(steps.join(' → '))
}

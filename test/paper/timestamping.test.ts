import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openPki, type Pki } from '../../src/local/pki.ts'
import { developmentPolicy, timestampReply } from '../../src/sandbox/timestamps.ts'
import { issueCopy } from '../../src/paper/issue.ts'
import { NoTimestamp, type TimestampAuthority, timestampsFrom } from '../../src/paper/timestamping.ts'
import { verifyPdf } from '../../src/paper/verify.ts'
import { anOffice, anOriginal, type Office, order, today } from '../support/paper.ts'

let ours: Office
let theirs: Pki
let trust: { roots: Uint8Array[]; intermediates: Uint8Array[]; crls: Uint8Array[] }
beforeAll(async () => {
  ours = await anOffice()
  theirs = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  trust = await trustIn(ours.pki, theirs)
})

const trustIn = async (...all: Pki[]) => ({
  roots: all.map(({ root }) => root),
  intermediates: all.map(({ issuing }) => issuing),
  crls: (await Promise.all(all.map((pki) => pki.crls(today)))).flat(),
})
const authority = (pki: Pki, at = today, policy: string | null = developmentPolicy): TimestampAuthority => ({
  policy,
  post: (query) => timestampReply(query, pki.timestampAuthority, at),
})
const away: TimestampAuthority = { policy: null, post: () => Promise.reject(new Error('away')) }
const stamp = (authorities: TimestampAuthority[], by = trust) => timestampsFrom(authorities, by, () => today)(stamped)
const stamped = new TextEncoder().encode('signature')
const causesOf = (asked: Promise<unknown>) =>
  asked.then(
    () => [],
    (error: unknown) => (error instanceof NoTimestamp ? error.causes.map(String) : [String(error)]),
  )

test('the first authority that gives a good token is the last that is asked', async () => {
  const asked: string[] = []
  const noting = (name: string, one: TimestampAuthority): TimestampAuthority => ({
    ...one,
    post: (query) => {
      asked.push(name)
      return one.post(query)
    },
  })
  await stamp([noting('away', away), noting('good', authority(ours.pki)), noting('never', authority(theirs))])
  expect(asked).toEqual(['away', 'good'])
})

test('a token of another policy, of a stranger, of a revoked or unknown authority, or of another time is none', async () => {
  const revoking = await openPki(mkdtempSync(join(tmpdir(), 'motcua-pki-')))
  revoking.revoke(revoking.timestampAuthority.serialNumber)
  const minute = (minutes: number) => new Date(today.getTime() + minutes * 60_000)
  const cases: [TimestampAuthority, Parameters<typeof stamp>[1], string][] = [
    [authority(ours.pki, today, '1.2.3.4'), trust, 'refused with status 2'],
    [
      { policy: '1.2.3.4', post: (query) => timestampReply(withoutPolicy(query), ours.pki.timestampAuthority, today) },
      trust,
      'has policy',
    ],
    [authority(ours.pki), await trustIn(theirs), 'no-chain-to-a-trusted-root'],
    [authority(revoking), await trustIn(revoking), 'certificate-revoked'],
    [authority(ours.pki), { ...trust, crls: [] }, 'revocation-unknown'],
    [authority(ours.pki, minute(3)), trust, 'from-the-future'],
    [authority(ours.pki, minute(-30)), trust, 'of another time'],
    [{ policy: null, post: async () => new Uint8Array([0x30, 0x00]) }, trust, ''],
  ]
  for (const [one, by, said] of cases) {
    const [cause, ...others] = await causesOf(stamp([one], by))
    expect([said, cause, others]).toEqual([said, expect.stringContaining(said), []])
  }
  expect(await causesOf(stamp([away, away]))).toEqual(['Error: away', 'Error: away'])
})

/** The query as a client sends it that asks for no policy; the lengths of DER shrink with it. */
function withoutPolicy(query: Uint8Array): Uint8Array {
  const policy = Uint8Array.of(6, 3, 0x2a, 3, 4)
  const at = Buffer.from(query).indexOf(policy)
  const without = Uint8Array.from([...query.subarray(0, at), ...query.subarray(at + policy.length)])
  without[1] = (query[1] ?? 0) - policy.length
  return without
}

test('B-LT: with the roots and the file alone, no list and no network, a copy passes; its time-stamps are of another PKI', async () => {
  const timestamp = timestampsFrom([authority(theirs)], trust, () => today)
  const leafs = [ours.officer.certificate, ours.seal.certificate]
  const revocation = { certificates: [...trust.roots, ...trust.intermediates, ...leafs], crls: trust.crls }
  const made = await issueCopy(await anOriginal(), order, ours.signers, { timestamp, revocation })
  if (!made.ok) throw new Error(made.refusal)
  const at = new Date(today.getTime() + 60_000)
  const verdict = await verifyPdf(made.value.bytes, { roots: trust.roots, crls: [], at })
  expect([verdict.indication, verdict.signatures.map(({ signedAt }) => signedAt !== null)]).toEqual([
    'TOTAL-PASSED',
    [true, true],
  ])
  const withoutTheirs = { ...revocation, crls: await ours.pki.crls(today) }
  const poorer = await issueCopy(await anOriginal(), order, ours.signers, { timestamp, revocation: withoutTheirs })
  if (!poorer.ok) throw new Error(poorer.refusal)
  const doubt = await verifyPdf(poorer.value.bytes, { roots: trust.roots, crls: [], at })
  expect(doubt.indication).toBe('INDETERMINATE')
})

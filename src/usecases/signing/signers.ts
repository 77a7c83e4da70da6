import type { Context } from '../../context.ts'
import type { SignerOwner } from '../../domain/signing.ts'
import { readCertificate } from '../../paper/certificate.ts'
import { chainOf, evidenceOf } from '../../paper/chain.ts'
import type { Signer, TimestampClient } from '../../paper/cms.ts'
import { localSigner } from '../../paper/local-signer.ts'
import { askResponders, readResponse } from '../../paper/ocsp.ts'
import { remoteSigner, WrongSignature } from '../../paper/remote-signer.ts'
import { certificateFindings } from '../../paper/signature-check.ts'
import { NoTimestamp, timestampsFrom } from '../../paper/timestamping.ts'
import { log } from '../../platform/log.ts'
import { Paused } from '../../platform/paused.ts'
import { postBytes } from '../../platform/post.ts'
import { SigningAway, SigningRefused } from '../../platform/signing-service.ts'
import type { SigningCredential, TrustMaterial } from '../../store/signing.ts'

/** Who signs for an officer or unit at this moment, or why nobody can. */
export async function signerFor(
  context: Context,
  owner: SignerOwner,
  at: Date,
): Promise<{ signer: Signer } | { reason: string }> {
  const [active, trust] = await Promise.all([context.signing.activeOf(owner), context.signing.trust()])
  let reason: string | undefined
  for (const credential of active) {
    const { fault, ocsps } = await judged(credential, trust, at)
    if (!fault) return { signer: { ...(await withKey(context, credential)), ocsps } }
    reason ??= fault
  }
  return { reason: reason ?? 'no-certificate' }
}

/** Who signs for them now. @throws Paused */
export async function signerNow(context: Context, owner: SignerOwner): Promise<Signer> {
  const found = await signerFor(context, owner, context.now())
  if ('reason' in found) throw new Paused(owner, found.reason)
  return found.signer
}

type Judged = { fault: string | undefined; ocsps: Uint8Array[] }

/** What speaks against signing with a certificate at that moment, in the judge's own words; undefined if nothing does. */
export const faultOf = async (...asked: Parameters<typeof judged>): Promise<string | undefined> =>
  (await judged(...asked)).fault

/** The same with what responders said: they are asked only where the lists at hand do not tell. */
export async function judged(
  { certificate, chain }: Pick<SigningCredential, 'certificate' | 'chain'>,
  { roots, intermediates, crls }: TrustMaterial,
  at: Date,
): Promise<Judged> {
  const leaf = readCertificate(certificate)
  const evidence = evidenceOf(roots, crls, at)
  evidence.certificates.push(...[...intermediates, ...chain].map(readCertificate))
  const moment = { time: at, proven: false, knownAt: null }
  const [first] = await certificateFindings(leaf, 'documents', moment, evidence)
  if (first?.reason !== 'revocation-unknown') return { fault: first?.reason, ocsps: [] }
  const ocsps = await askResponders((await chainOf(leaf, evidence)) ?? [], askOne)
  const responses = ocsps.map(readResponse).filter((response) => response !== null)
  // Their clock may be ahead of ours by a minute.
  const told = { ...evidence, responses, at: new Date(at.getTime() + 60_000) }
  const [still] = await certificateFindings(leaf, 'documents', moment, told)
  return { fault: still?.reason, ocsps }
}

const askOne = (url: string, request: Uint8Array) =>
  postBytes(url, request, 'application/ocsp-request').catch((error: unknown) => {
    log('ocsp.unanswered', { url, error })
    return null
  })

/** Whether a credential really signs: undefined, or what is wrong. */
export async function tryOut(context: Context, credential: SigningCredential): Promise<string | undefined> {
  try {
    const signer = await withKey(context, credential)
    await signer.sign(credential.certificate)
    return undefined
  } catch (error) {
    if (error instanceof Paused) return error.reason
    throw error
  }
}

async function withKey(context: Context, { id, owner, certificate, chain, algorithm, key }: SigningCredential) {
  const certified = { certificate, chain, algorithm }
  if (key.kind === 'sealed') return localSigner({ ...certified, privateKeyPkcs8: await context.signing.openKey(id) })
  const service = context.signingServices.find(({ name }) => name === key.service)
  if (!service) throw new Paused(owner, 'signing-service-unknown')
  const signer = remoteSigner(certified, (hash) => service.signHash(key.credential, hash, algorithm))
  const sign = (bytes: Uint8Array) =>
    signer.sign(bytes).catch((cause: unknown) => Promise.reject(pausedBy(owner, cause)))
  return { ...signer, sign }
}

/** A fault of a signing service, as what the work waits for. */
function pausedBy(owner: SignerOwner, cause: unknown): unknown {
  if (cause instanceof SigningAway) return new Paused(owner, 'signing-service-away', { passes: true, cause })
  if (cause instanceof SigningRefused) return new Paused(owner, 'signing-service-refuses', { cause })
  return cause instanceof WrongSignature ? new Paused(owner, 'signature-wrong', { cause }) : cause
}

/** The configured time-stamp authorities as one, each token judged before it is used; undefined where there are none. */
export async function timestampsOf(context: Context): Promise<TimestampClient | undefined> {
  const { timestampAuthorities } = context.config
  if (timestampAuthorities.length === 0) return undefined
  const authorities = timestampAuthorities.map(({ url, policy }) => ({
    policy,
    post: (query: Uint8Array) => postBytes(url, query, 'application/timestamp-query'),
  }))
  const stamp = timestampsFrom(authorities, await context.signing.trust(), context.now)
  return (bytes) =>
    stamp(bytes).catch((cause: unknown) => {
      throw cause instanceof NoTimestamp ? new Paused('time-stamps', 'no-time-stamp', { passes: true, cause }) : cause
    })
}

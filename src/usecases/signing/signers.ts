import type { Context } from '../../context.ts'
import type { SignerOwner } from '../../domain/signing.ts'
import { readCertificate } from '../../paper/certificate.ts'
import { chainOf, withCertificates } from '../../paper/chain.ts'
import type { Signer } from '../../paper/cms.ts'
import { localSigner } from '../../paper/local-signer.ts'
import { readResponse } from '../../paper/ocsp.ts'
import { remoteSigner, WrongSignature } from '../../paper/remote-signer.ts'
import { certificateFindings } from '../../paper/signature-check.ts'
import { log } from '../../platform/log.ts'
import { Paused } from '../../platform/paused.ts'
import { SigningAway, SigningRefused } from '../../platform/signing-service.ts'
import type { SigningCredential, TrustMaterial } from '../../store/signing.ts'
import { type AskResponders, evidenceIn, respondersOf } from './responders.ts'

/** Who signs for an officer or unit at this moment, or why nobody can. */
export async function signerFor(
  context: Context,
  owner: SignerOwner,
  at: Date,
  passedOver: readonly string[] = [],
): Promise<{ signer: Signer } | { reason: string }> {
  const [active, trust] = await Promise.all([context.signing.activeOf(owner), context.signing.trust()])
  let reason: string | undefined
  for (const credential of active) {
    if (passedOver.includes(credential.id)) continue
    const { fault, ocsps } = await judged(credential, trust, at, respondersOf(context))
    if (!fault) return { signer: { ...(await withKey(context, credential)), ocsps } }
    reason ??= fault
  }
  return { reason: reason ?? 'no-certificate' }
}

/** Who signs for them now. @throws Paused */
async function signerNow(context: Context, owner: SignerOwner, passedOver: readonly string[]): Promise<Signer> {
  const found = await signerFor(context, owner, context.now(), passedOver)
  if ('reason' in found) throw new Paused(owner, found.reason)
  return found.signer
}

/**
 * Has something signed by these owners, in their order. Where the key of one cannot be had, it is begun anew with the next
 * credential of that owner. @throws Paused for the first that could not be had, when there is no other
 */
export async function signedBy<T>(
  context: Context,
  owners: readonly SignerOwner[],
  sign: (...signers: Signer[]) => Promise<T>,
): Promise<T> {
  const passedOver: string[] = []
  let first: Paused | undefined
  for (;;) {
    try {
      return await sign(...(await Promise.all(owners.map((owner) => signerNow(context, owner, passedOver)))))
    } catch (error) {
      if (!(error instanceof Paused)) throw error
      first ??= error
      const { who, reason, credential } = error
      if (credential === undefined) throw first
      log('signing.passed-over', { who, credential, reason })
      passedOver.push(credential)
    }
  }
}

type Judged = { fault: string | undefined; ocsps: Uint8Array[] }

/** What speaks against signing with a certificate at that moment, in the judge's own words; undefined if nothing does. */
export const faultOf = async (...asked: Parameters<typeof judged>): Promise<string | undefined> =>
  (await judged(...asked)).fault

/** The same with what responders said: they are asked only where the lists at hand do not tell. */
export async function judged(
  { certificate, chain }: Pick<SigningCredential, 'certificate' | 'chain'>,
  trust: TrustMaterial,
  at: Date,
  ask: AskResponders,
): Promise<Judged> {
  const leaf = readCertificate(certificate)
  const evidence = withCertificates(evidenceIn(trust, at), chain.map(readCertificate))
  const moment = { time: at, proven: false, knownAt: null }
  const [first] = await certificateFindings(leaf, 'documents', moment, evidence)
  if (first?.reason !== 'revocation-unknown') return { fault: first?.reason, ocsps: [] }
  const ocsps = await ask((await chainOf(leaf, evidence)) ?? [], evidence)
  const responses = ocsps.map(readResponse).filter((response) => response !== null)
  // Their clock may be ahead of ours by a minute.
  const told = { ...evidence, responses, at: new Date(at.getTime() + 60_000) }
  const [still] = await certificateFindings(leaf, 'documents', moment, told)
  return { fault: still?.reason, ocsps }
}

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
  if (!service) throw new Paused(owner, 'signing-service-unknown', { credential: id })
  const signer = remoteSigner(certified, (hash) => service.signHash(key.credential, hash, algorithm))
  const sign = (bytes: Uint8Array) =>
    signer.sign(bytes).catch((cause: unknown) => Promise.reject(pausedBy(owner, id, cause)))
  return { ...signer, sign }
}

/** A fault of a signing service, as what the work waits for. */
function pausedBy(owner: SignerOwner, credential: string, cause: unknown): unknown {
  if (cause instanceof SigningAway)
    return new Paused(owner, 'signing-service-away', { passes: true, credential, cause })
  if (cause instanceof SigningRefused) return new Paused(owner, 'signing-service-refuses', { credential, cause })
  return cause instanceof WrongSignature ? new Paused(owner, 'signature-wrong', { credential, cause }) : cause
}

import type { Context } from '../../context.ts'
import { type SignerOwner, statusOfSigner } from '../../domain/signing.ts'
import { nameAttribute, readCertificate } from '../../paper/certificate.ts'
import { log } from '../../platform/log.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { SigningCredential } from '../../store/signing.ts'
import { allowed, ownerName } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { respondersOf } from './responders.ts'
import { faultOf, tryOut } from './signers.ts'

type Refusal = 'token-needed' | 'not-allowed'

/** All signing credentials, or those of one officer or unit, newest first. */
export async function listCredentials(
  context: Context,
  owner: SignerOwner | undefined,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<SigningCredential>, Refusal>> {
  const may = allowed(context, 'manageSigners')
  if (!may.ok) return may
  return ok(pageOf(await context.signing.list(owner, before, limit), limit, ({ id }) => id))
}

export async function readCredential(
  context: Context,
  id: string,
): Promise<Result<SigningCredential, Refusal | 'no-such-signing-credential'>> {
  const may = allowed(context, 'manageSigners')
  if (!may.ok) return may
  const found = await context.signing.find(id)
  return found ? ok(found) : refuse('no-such-signing-credential')
}

type ChangeRefusal = Refusal | 'no-such-signing-credential'

/**
 * Lets a credential sign from now on, before those that were activated earlier; what waited for it goes on. It has to prove
 * itself first: a good certificate, and a signature that verifies.
 */
export async function activateCredential(
  context: Context,
  id: string,
): Promise<Result<SigningCredential, ChangeRefusal | 'signing-credential-retired' | 'signing-credential-unusable'>> {
  const found = await readCredential(context, id)
  if (!found.ok) return found
  const status = statusOfSigner(found.value)
  if (status === 'retired') return refuse('signing-credential-retired')
  if (status === 'active') return found
  const at = context.now()
  const fault =
    (await faultOf(found.value, await context.signing.trust(), at, respondersOf(context))) ??
    (await tryOut(context, found.value))
  if (fault)
    return refuse('signing-credential-unusable', { detail: { vi: `Lý do: ${fault}.`, en: `Because: ${fault}.` } })
  const along = context.waiting.wakeStatements(found.value.owner, at)
  await context.signing.activate(id, { by: ownerName(context.actor), at }, along)
  log('signing.credential', { id, owner: found.value.owner, became: 'active' })
  return readCredential(context, id)
}

/** Takes a credential out of use for good. Without another one, what its owner should sign waits. */
export async function retireCredential(
  context: Context,
  id: string,
): Promise<Result<SigningCredential, ChangeRefusal>> {
  const found = await readCredential(context, id)
  if (!found.ok) return found
  await context.signing.retire(id, { by: ownerName(context.actor), at: context.now() })
  log('signing.credential', { id, owner: found.value.owner, became: 'retired' })
  return readCredential(context, id)
}

/** What people know a certificate by. */
export function factsOf(der: Uint8Array) {
  const { subject, issuer, serial } = readCertificate(der)
  return {
    subject: nameAttribute(subject, 'commonName'),
    issuer: nameAttribute(issuer, 'commonName'),
    serialNumber: serial,
  }
}

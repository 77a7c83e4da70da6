import type { Context } from '../../context.ts'
import { attestationType, placeInList } from '../../domain/attestation.ts'
import { type DisclosedFact, disclosedFacts } from '../../domain/lending.ts'
import { sealedUnder } from '../../domain/copy.ts'
import { ownerOf } from '../../domain/slips.ts'
import { officeName } from '../../domain/unit.ts'
import type { Signer } from '../../paper/cms.ts'
import { es256Jws, signsEs256 } from '../../paper/jws.ts'
import { Paused } from '../../platform/paused.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { type Claims, sdJwt, withDisclosures } from '../../platform/sd-jwt.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { inJournal } from '../access.ts'
import { signerFor } from '../signing/signers.ts'
import { openerOf, recordOpening } from './download.ts'
import { type ReadRefusal, visibleCopy } from './read.ts'

export type SealRefusal = 'no-signing-certificate' | 'signing-not-possible' | 'seal-cannot-attest'

export type Attestation = {
  kept: KeptCopy
  /** Signs, records the opening, and only then gives it: what could not be signed was not opened. */
  open: () => Promise<Result<string, SealRefusal>>
}

/**
 * The facts of a copy for machines (SD-JWT VC), signed by the seal of its unit as it is now, for whoever may open the PDF. What
 * has lost its value is not attested anew.
 */
export async function attestCopy(
  context: Context,
  id: string,
): Promise<Result<Attestation, ReadRefusal | 'copy-not-ready' | 'copy-not-valid'>> {
  const found = await visibleCopy(context, id)
  if (!found.ok) return found
  const { kept, through } = found.value
  const { status } = kept.copy
  if (status === 'issuing' || status === 'failed') return refuse('copy-not-ready')
  if (status !== 'valid') return refuse('copy-not-valid')
  const open = async () => {
    const signed = await signAttestation(context, kept, disclosedFacts)
    if (signed.ok) await recordOpening(context, id, openerOf(context, through), inJournal(context.actor))
    return signed
  }
  return ok({ kept, open })
}

/** The attestation under the seal of today, with these facts disclosed; the others are in it as digests only. */
export async function signAttestation(
  context: Context,
  kept: KeptCopy,
  facts: readonly DisclosedFact[],
): Promise<Result<string, SealRefusal>> {
  try {
    const found = await signerFor(context, `unit:${kept.copy.unit}`, context.now())
    if ('reason' in found) return refuse('no-signing-certificate')
    if (!signsEs256(found.signer)) return refuse('seal-cannot-attest')
    return ok(await attestation(context, kept, found.signer, facts))
  } catch (error) {
    if (error instanceof Paused) return refuse('signing-not-possible')
    throw error
  }
}

async function attestation(
  context: Context,
  kept: KeptCopy,
  seal: Signer,
  facts: readonly DisclosedFact[],
): Promise<string> {
  const [open, owner] = await Promise.all([claimsOf(context, kept), ownerClaims(context, kept)])
  const { payload, disclosures } = await withDisclosures(open, { title: kept.copy.title, ...owner })
  const shown = disclosures.filter((_one, index) => facts.includes(index === 0 ? 'title' : 'owner'))
  return sdJwt(await es256Jws('dc+sd-jwt', payload, seal), shown)
}

/** What everybody who gets the attestation sees: no more than the public page of its number. */
async function claimsOf({ config, units, now }: Context, { copy, number }: KeptCopy): Promise<Claims> {
  const unit = await units.find(copy.unit)
  if (!unit || !('file' in copy)) throw new Error(`the unit or the file of ${copy.id} is gone`)
  const { list, index } = placeInList(number)
  return {
    iss: config.publicOrigin,
    iat: Math.floor(now().getTime() / 1000),
    vct: attestationType,
    status: { status_list: { idx: index, uri: statusListAddress(config.publicOrigin, list) } },
    number,
    unit: { id: unit.id, name: officeName(unit) },
    certifier: copy.certifier.name,
    certifiedAt: copy.certifiedAt,
    issuedAt: copy.issuedAt,
    sha256: copy.file.sha256,
    verification: `${config.publicOrigin}/v1/verifications/${number}`,
  }
}

export const statusListAddress = (origin: string, list: string) => `${origin}/v1/status-lists/${list}`

/** Whose copy it is, as it was sealed when it was certified or handed in; nothing where it was erased. */
async function ownerClaims({ vault }: Context, { copy }: KeptCopy): Promise<Claims> {
  const place = sealedUnder(copy) ?? ''
  const owner = ownerOf((await vault.submissions([place])).get(place)?.['applicant'])
  if (!owner) return {}
  const id = owner.type === 'citizen' ? 'ownerPersonalId' : 'ownerTaxCode'
  return { ownerName: owner.name, ...(owner.identifier && { [id]: owner.identifier }) }
}

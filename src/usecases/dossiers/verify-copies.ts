import type { Context } from '../../context.ts'
import type { Copy } from '../../domain/copy.ts'
import type { ComponentProof, CopyEvidence } from '../../domain/dossier.ts'
import { localTime } from '../../platform/time.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { bytesOf } from '../copies/download.ts'
import { judgeFile } from '../verifications/verify.ts'

export type Owner = { personalId: string } | { taxCode: string }

/** A copy that proves a component, and what its file was found to be; no evidence where it does not hold. */
export type UsedCopy = { copy: Copy; evidence: CopyEvidence | null }

/** The copies among the proofs that belong to these persons, each judged as anybody's file would be. */
export async function copiesOf(
  context: Context,
  proofs: ComponentProof[],
  owners: Owner[],
): Promise<Map<string, UsedCopy>> {
  const ids = [...new Set(proofs.flatMap((proof) => ('copy' in proof ? [proof.copy] : [])))]
  if (ids.length === 0) return new Map()
  const hashes = await Promise.all(owners.map((owner) => context.vault.personHash(owner)))
  const found = (await Promise.all(ids.map((id) => context.copies.find(id)))).filter((kept) => kept !== undefined)
  const used = new Map<string, UsedCopy>()
  // One file in memory at a time.
  for (const kept of found)
    if (hashes.includes(kept.owner))
      used.set(kept.copy.id, { copy: kept.copy, evidence: await evidenceOf(context, kept) })
  return used
}

async function evidenceOf(context: Context, { copy, number }: KeptCopy): Promise<CopyEvidence | null> {
  if (copy.status !== 'valid') return null
  const object = await bytesOf(context, copy)
  const { sha256, verdict } = await judgeFile(context, new Uint8Array(await object.arrayBuffer()))
  if (verdict?.indication !== 'TOTAL-PASSED' || sha256 !== copy.file.sha256) return null
  return { number, status: copy.status, indication: verdict.indication, sha256, at: localTime(context.now()) }
}

/** The rows by which the units of a dossier find the copies that it stands on. */
export const useStatements = (context: Context, proofs: readonly ComponentProof[], dossierId: string) =>
  context.copies.useStatements(
    [...new Set(proofs.flatMap((proof) => ('copy' in proof ? [proof.copy] : [])))],
    dossierId,
  )

import type { Context } from '../../context.ts'
import type { OfficerActor } from '../../domain/actor.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import type { Statement } from '../../store/database.ts'
import type { Kept } from '../../store/dossiers.ts'
import { inJournal, ownerName, partiesOf } from '../access.ts'
import { procedureOf } from '../dossiers/due.ts'
import { signerFor } from '../signing/signers.ts'

export type CertifyRefusal =
  | 'not-allowed'
  | 'invalid-request'
  | 'conflict-of-interest'
  | 'no-signing-certificate'
  | 'erased'

/** Copies that are ordered, of one original under one number, and the rows that order them. */
export type Ordered = { title: string; ids: string[]; statements: Statement[] }

/** What an officer certifies: the scan of a paper that they have seen, so many times. */
export type Order = { scan: string; copies: number; supersedes: string | null; pointer: string }

/** Orders certified copies of an original for the account of a dossier's applicant, or says why this officer may not. */
export async function orderCopies(
  context: Context,
  kept: Kept,
  actor: OfficerActor,
  { scan, copies, supersedes, pointer }: Order,
): Promise<Result<Ordered, CertifyRefusal>> {
  // Only who certifies can say that the paper was seen (Decree 23/2015 art. 20; Decree 280/2025).
  if (!actor.roles.includes('certifier')) return refuse('not-allowed')
  const file = await context.files.find(scan)
  if (!file || file.owner !== ownerName(actor) || file.dossierId)
    return refuse('invalid-request', { errors: [{ ...unknownFile, pointer: `${pointer}/scan` }] })
  const at = context.now()
  const parties = await partiesOf(context, kept.dossier.id)
  // Nobody certifies in their own matter (Decree 23/2015 art. 9).
  if (parties.some((party) => 'personalId' in party && party.personalId === actor.personalId))
    return refuse('conflict-of-interest')
  if (!(await canSign(context, actor, at))) return refuse('no-signing-certificate')
  // Whose account they go to: the applicant's, as the sealed submission names them.
  const [owner] = parties
  if (!owner) return refuse('erased')
  const hash = await context.vault.personHash(owner)
  if (supersedes && !(await canBeSuperseded(context, supersedes, hash, kept)))
    return refuse('invalid-request', { errors: [{ ...noOlderCopy, pointer: `${pointer}/supersedes` }] })
  const procedure = await procedureOf(context, kept.dossier)
  // The catalogue's words, not the officer's: what goes into the register and the journal must name no person.
  const title = procedure.result.name.vi
  const ids = Array.from({ length: copies }, () => `copy_${context.newId()}`)
  const statements = await context.copies.requestStatements({
    ids,
    about: {
      unit: kept.dossier.competentUnit,
      dossier: kept.dossier.id,
      procedure: procedure.code,
      title,
      supersedes,
      original: scan,
      certifier: { id: actor.id, name: actor.name, title: actor.title ?? null },
    },
    owner: hash,
    at,
    actor: inJournal(actor),
  })
  return ok({ title, ids, statements: [...statements, ...context.files.takeStatements([scan], kept.dossier.id)] })
}

/** Whether both can sign. A list of revocations that is late is no reason to send anybody away: the copy waits for it. */
async function canSign(context: Context, actor: OfficerActor, at: Date): Promise<boolean> {
  const found = await Promise.all([
    signerFor(context, `officer:${actor.id}`, at),
    signerFor(context, `unit:${actor.unit}`, at),
  ])
  return found.every((one) => 'signer' in one || one.reason === 'revocation-unknown')
}

export const unknownFile: Omit<InputError, 'pointer'> = {
  code: 'unknown-file',
  detail: {
    vi: 'Không có tệp này, hoặc tệp đã được dùng.',
    en: 'You have no such file, or it was used already.',
  },
}

/** A valid copy of the same person's, out of the same kind of procedure: a newer result takes its place. */
async function canBeSuperseded(context: Context, id: string, owner: string, { dossier }: Kept): Promise<boolean> {
  const older = await context.copies.find(id)
  if (older?.copy.status !== 'valid' || older.owner !== owner) return false
  return older.copy.unit === dossier.competentUnit || older.copy.procedure === dossier.procedure.code
}

const noOlderCopy: Omit<InputError, 'pointer'> = {
  code: 'unknown-copy',
  detail: {
    vi: 'Chủ hồ sơ không có bản sao còn giá trị này.',
    en: 'The applicant has no such valid copy.',
  },
}

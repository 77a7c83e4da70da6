import type { Context } from '../../context.ts'
import type { OfficerActor } from '../../domain/actor.ts'
import type { Copy } from '../../domain/copy.ts'
import { isTaken } from '../../domain/file.ts'
import { isQuarantined } from '../../domain/scan.ts'
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
  const at = context.now()
  const parties = await partiesOf(context, kept.dossier.id)
  const because = unfitToCertify(actor, parties)
  if (because) return refuse(because)
  // Whose account they go to: the applicant's, as the sealed submission names them.
  const [owner] = parties
  if (!owner) return refuse('erased')
  const hash = await context.vault.personHash(owner)
  const { competentUnit, id: dossier } = kept.dossier
  const isOlder = (older: Copy) => older.unit === competentUnit || older.procedure === kept.dossier.procedure.code
  const errors = [
    ...(await faultsOfScan(context, actor, scan, `${pointer}/scan`)),
    ...(await faultsOfOlder(context, { id: supersedes, owner: hash, isOlder }, `${pointer}/supersedes`)),
  ]
  if (errors.length > 0) return refuse('invalid-request', { errors })
  if (!(await canSign(context, actor, at))) return refuse('no-signing-certificate')
  const procedure = await procedureOf(context, kept.dossier)
  // The catalogue's words, not the officer's: what goes into the register and the journal must name no person.
  const title = procedure.result.name.vi
  const ids = newCopies(context, copies)
  const statements = await context.copies.requestStatements({
    ids,
    about: {
      unit: competentUnit,
      dossier,
      procedure: procedure.code,
      title,
      supersedes,
      original: scan,
      certifier: certifierOf(actor),
    },
    owner: hash,
    at,
    actor: inJournal(actor),
  })
  return ok({ title, ids, statements: [...statements, ...context.files.takeStatements([scan], dossier)] })
}

export const newCopies = (context: Context, count: number): string[] =>
  Array.from({ length: count }, () => `copy_${context.newId()}`)

export const certifierOf = ({ id, name, title }: OfficerActor) => ({ id, name, title: title ?? null })

/** Why this officer may certify nothing for these persons; undefined if they may. */
export function unfitToCertify(
  actor: OfficerActor,
  parties: readonly ({ personalId: string } | { taxCode: string })[],
): 'not-allowed' | 'conflict-of-interest' | undefined {
  // Only who certifies can say that the paper was seen (Decree 23/2015 art. 20; Decree 280/2025).
  if (!actor.roles.includes('certifier')) return 'not-allowed'
  // Nobody certifies in their own matter (Decree 23/2015 art. 9).
  if (parties.some((party) => 'personalId' in party && party.personalId === actor.personalId))
    return 'conflict-of-interest'
  return undefined
}

/** Whether both can sign. A list of revocations that is late is no reason to send anybody away: the copy waits for it. */
export async function canSign(context: Context, actor: OfficerActor, at: Date): Promise<boolean> {
  const found = await Promise.all([
    signerFor(context, `officer:${actor.id}`, at),
    signerFor(context, `unit:${actor.unit}`, at),
  ])
  return found.every((one) => 'signer' in one || one.reason === 'revocation-unknown')
}

/** What speaks against a scan: it must be the officer's own upload, and nothing may have taken it. */
export async function faultsOfScan(
  context: Context,
  actor: OfficerActor,
  scan: string,
  pointer: string,
): Promise<InputError[]> {
  const file = await context.files.find(scan)
  if (file?.owner !== ownerName(actor) || isTaken(file)) return [{ ...unknownFile, pointer }]
  return isQuarantined(file) ? [{ ...infected, pointer }] : []
}

const infected: Omit<InputError, 'pointer'> = {
  code: 'file-quarantined',
  detail: { vi: 'Tệp bị phát hiện có mã độc.', en: 'The file was found to hold malware.' },
}

const unknownFile: Omit<InputError, 'pointer'> = {
  code: 'unknown-file',
  detail: {
    vi: 'Không có tệp này, hoặc tệp đã được dùng.',
    en: 'You have no such file, or it was used already.',
  },
}

/** What speaks against the older copy: it must be valid and the same person's, and of those that the new one may take the place of. */
export async function faultsOfOlder(
  context: Context,
  { id, owner, isOlder }: { id: string | null; owner: string; isOlder: (older: Copy) => boolean },
  pointer: string,
): Promise<InputError[]> {
  if (id === null) return []
  const older = await context.copies.find(id)
  const fits = older?.copy.status === 'valid' && older.owner === owner && isOlder(older.copy)
  return fits ? [] : [{ ...noOlderCopy, pointer }]
}

const noOlderCopy: Omit<InputError, 'pointer'> = {
  code: 'unknown-copy',
  detail: {
    vi: 'Chủ hồ sơ không có bản sao còn giá trị này.',
    en: 'The applicant has no such valid copy.',
  },
}

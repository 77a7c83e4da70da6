import type { Context } from '../../context.ts'
import type { OfficerActor } from '../../domain/actor.ts'
import { certifyingProcedure, mayNotCertify } from '../../domain/certifying.ts'
import type { Copy } from '../../domain/copy.ts'
import { quote } from '../../domain/fee.ts'
import type { PaperKind } from '../../domain/procedure.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { inJournal, unitsKept } from '../access.ts'
import {
  canSign,
  certifierOf,
  type CertifyRefusal,
  faultsOfOlder,
  faultsOfScan,
  newCopies,
  type Order,
  type Ordered,
  unfitToCertify,
} from './request.ts'

/** For whom an original is certified: a person, whose number may not be known, or an organisation. */
export type CopyOwner =
  | { type: 'citizen'; fullName: string; personalId?: string | undefined }
  | { type: 'organisation'; name: string; taxCode: string }

/** An original shown at a counter: its kind by the catalogue, its pages, and who showed it. */
export type Original = { paper: string; pages: number; owner: CopyOwner }

type Refusal = Exclude<CertifyRefusal, 'erased'> | 'unit-cannot-certify'

/**
 * Orders certified copies of an original that somebody shows at a counter, without a dossier (procedure 2.000815). They go to
 * the owner's account where a number of theirs is known; who they are is sealed under the id of the first copy.
 */
export async function orderOfOriginal(
  context: Context,
  actor: OfficerActor,
  { paper, pages, owner }: Original,
  { scan, copies, supersedes }: Omit<Order, 'pointer'>,
): Promise<Result<Ordered, Refusal>> {
  const at = context.now()
  const on = localDate(at)
  const [unit, procedure] = await Promise.all([
    context.units.find(actor.unit),
    context.procedures.on(certifyingProcedure, on),
  ])
  if (!unit) return refuse('not-allowed')
  const detail = mayNotCertify(unit, procedure, on)
  if (!procedure || detail) return refuse('unit-cannot-certify', detail && { detail })
  const account = accountOf(owner)
  const because = unfitToCertify(actor, account ? [account] : [])
  if (because) return refuse(because)

  const ids = newCopies(context, copies)
  const [first = ''] = ids
  // Nobody's account where no number is known; and nobody else's copy looks like theirs.
  const hash = account ? await context.vault.personHash(account) : `nobody:${first}`
  const kept = await unitsKept(context)
  const isOlder = (older: Copy) => kept.includes(older.unit)
  const kind = procedure.papers?.find(({ id }) => id === paper)
  const errors = [
    ...(kind ? [] : [unknownPaper(procedure.papers ?? [])]),
    ...(await faultsOfScan(context, actor, scan, '/scan')),
    ...(await faultsOfOlder(context, { id: supersedes, owner: hash, isOlder }, '/supersedes')),
  ]
  if (!kind || errors.length > 0) return refuse('invalid-request', { errors })
  if (!(await canSign(context, actor, at))) return refuse('no-signing-certificate')

  const { amount, lines } = quote(procedure.fees, { on, channel: 'direct', pages, copies, circumstances: [] })
  const title = kind.name.vi
  const { key, statement: keyStatement } = await context.vault.newKey(first)
  const { digest, statement: sealStatement } = await context.vault.sealPart(first, 1, { applicant: owner }, key)
  const statements = await context.copies.requestStatements({
    ids,
    about: {
      unit: unit.id,
      dossier: null,
      procedure: null,
      title,
      supersedes,
      original: scan,
      certifier: certifierOf(actor),
      shown: { paper, results: kind.results ?? [], pages, fee: { amount, lines }, sealedUnder: first },
    },
    owner: hash,
    sealed: digest,
    at,
    actor: inJournal(actor),
  })
  const scanStatement = context.files.certifyStatement(scan, first)
  return ok({ title, ids, statements: [keyStatement, sealStatement, ...statements, scanStatement] })
}

function accountOf(owner: CopyOwner): { personalId: string } | { taxCode: string } | undefined {
  if (owner.type === 'organisation') return { taxCode: owner.taxCode }
  return owner.personalId === undefined ? undefined : { personalId: owner.personalId }
}

const unknownPaper = (known: readonly PaperKind[]): InputError => {
  const ids = known.map(({ id }) => id).join(', ')
  return {
    pointer: '/original/paper',
    code: 'unknown-paper',
    detail: {
      vi: `Danh mục không có loại giấy tờ này. Các loại đã biết: ${ids}.`,
      en: `The catalogue knows no such kind of paper. It knows: ${ids}.`,
    },
  }
}

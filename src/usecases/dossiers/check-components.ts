import type { Context } from '../../context.ts'
import type { ComponentProof } from '../../domain/dossier.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import type { InputError } from '../../platform/result.ts'
import { ownerName } from '../access.ts'

type Owner = { personalId: string } | { taxCode: string }

const fault = (pointer: string, code: string, vi: string, en: string): InputError => ({
  pointer,
  code,
  detail: { vi, en },
})

/**
 * Checks what proves each component: it must be one of the procedure's, named once, and stand on a file of the caller's, a valid
 * copy of the applicant's, data of the state, or (where the procedure says so) be shown in person. `asked` limits the check to a supplement.
 */
export async function checkComponents(
  context: Context,
  procedure: ProcedureVersion,
  proofs: ComponentProof[],
  owners: Owner[],
  asked?: string[],
): Promise<InputError[]> {
  const required =
    asked ?? procedure.components.filter((component) => component.required && !component.presented).map(({ id }) => id)
  const missing = required
    .filter((id) => !proofs.some((proof) => proof.component === id))
    .map((id) => {
      const name = procedure.components.find((component) => component.id === id)?.name
      return fault(
        '/components',
        'component-missing',
        `Thiếu: ${name?.vi ?? id} (${id}).`,
        `Missing: ${name?.en ?? id} (${id}).`,
      )
    })
  const [files, copies] = await Promise.all([filesOf(context, proofs), copiesOf(context, proofs, owners)])
  const named = proofs.flatMap((proof, index) => [
    ...checkName(procedure, proofs, proof, index),
    ...('file' in proof ? checkFile(files.get(proof.file), ownerName(context.actor), index) : []),
    ...('copy' in proof ? checkCopy(copies.get(proof.copy), index) : []),
  ])
  return [...missing, ...named]
}

function checkName(
  procedure: ProcedureVersion,
  proofs: ComponentProof[],
  proof: ComponentProof,
  index: number,
): InputError[] {
  const at = `/components/${index}`
  const component = procedure.components.find(({ id }) => id === proof.component)
  const errors: InputError[] = []
  if (!component)
    errors.push(
      fault(
        `${at}/component`,
        'unknown-component',
        'Thủ tục không có thành phần hồ sơ này.',
        'The procedure has no such component.',
      ),
    )
  if (component && 'presented' in proof && !component.presented)
    errors.push(
      fault(
        `${at}/presented`,
        'not-by-showing',
        'Thành phần này phải nộp, không chỉ xuất trình.',
        'This component is handed in, not only shown.',
      ),
    )
  if (proofs.findIndex((other) => other.component === proof.component) !== index)
    errors.push(
      fault(
        `${at}/component`,
        'component-repeated',
        'Thành phần hồ sơ được nêu hai lần.',
        'The component is named twice.',
      ),
    )
  return errors
}

type Files = Map<string, { owner: string; dossierId: string | null }>

async function filesOf(context: Context, proofs: ComponentProof[]): Promise<Files> {
  const ids = proofs.flatMap((proof) => ('file' in proof ? [proof.file] : []))
  const rows = ids.length > 0 ? await context.files.findAll(ids) : []
  return new Map(rows.map((row) => [row.id, row]))
}

function checkFile(
  file: { owner: string; dossierId: string | null } | undefined,
  owner: string,
  index: number,
): InputError[] {
  const at = `/components/${index}/file`
  // Another's file answers like one that is not there: ids of files tell nothing.
  if (!file || file.owner !== owner)
    return [fault(at, 'unknown-file', 'Không có tệp này của ứng dụng.', 'You have no such file.')]
  if (file.dossierId)
    return [fault(at, 'file-taken', 'Tệp đã thuộc về một hồ sơ khác.', 'The file already belongs to another dossier.')]
  return []
}

async function copiesOf(context: Context, proofs: ComponentProof[], owners: Owner[]): Promise<Map<string, string>> {
  const ids = [...new Set(proofs.flatMap((proof) => ('copy' in proof ? [proof.copy] : [])))]
  if (ids.length === 0) return new Map()
  const hashes = await Promise.all(owners.map((owner) => context.vault.personHash(owner)))
  const found = await Promise.all(ids.map((id) => context.copies.find(id)))
  return new Map(
    found.flatMap((kept) => (kept && hashes.includes(kept.owner) ? [[kept.copy.id, kept.copy.status]] : [])),
  )
}

function checkCopy(status: string | undefined, index: number): InputError[] {
  const at = `/components/${index}/copy`
  if (!status) return [fault(at, 'unknown-copy', 'Người nộp không có bản sao này.', 'The applicant has no such copy.')]
  if (status === 'valid') return []
  return [
    fault(
      at,
      'copy-not-valid',
      'Bản sao không còn (hoặc chưa) có giá trị.',
      'The copy is not valid (any more, or yet).',
    ),
  ]
}

import type { Context } from '../../context.ts'
import { type Copy, isResultOf } from '../../domain/copy.ts'
import type { ComponentProof } from '../../domain/dossier.ts'
import { isTaken, type Taker } from '../../domain/file.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { isQuarantined, type Scan } from '../../domain/scan.ts'
import type { InputError } from '../../platform/result.ts'
import { ownerName } from '../access.ts'
import { copiesOf, type Owner, type UsedCopy } from './verify-copies.ts'

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
): Promise<CheckedComponents> {
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
    ...('copy' in proof ? checkCopy(procedure, proof, copies.get(proof.copy), index) : []),
    ...('data' in proof ? checkData(context, procedure, proof, index) : []),
  ])
  const components = proofs.map((proof) => {
    const found = 'copy' in proof ? copies.get(proof.copy) : undefined
    return found?.evidence ? { ...proof, verified: found.evidence } : proof
  })
  return { errors: [...missing, ...named], components }
}

/** Every fault of the components, and the components with what was found of the copies among them. */
export type CheckedComponents = { errors: InputError[]; components: ComponentProof[] }

/** Only a database that the catalogue names stands in for a paper, and only with what it has said by now. */
function checkData(
  context: Context,
  procedure: ProcedureVersion,
  { component, data }: Extract<ComponentProof, { data: unknown }>,
  index: number,
): InputError[] {
  const known = procedure.components.find(({ id }) => id === component)
  const at = `/components/${index}/data`
  const errors: InputError[] = []
  if (known && !known.sources?.includes(data.source))
    errors.push(
      fault(
        `${at}/source`,
        'source-not-allowed',
        'Thành phần này không được thay bằng dữ liệu của nguồn đó.',
        'Data of that source does not stand in for this component.',
      ),
    )
  if (Date.parse(data.at) > context.now().getTime())
    errors.push(fault(`${at}/at`, 'in-the-future', 'Thời điểm này chưa đến.', 'That time has not come yet.'))
  return errors
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

type FoundFile = { owner: string; scan: Scan } & Taker
type Files = Map<string, FoundFile>

async function filesOf(context: Context, proofs: ComponentProof[]): Promise<Files> {
  const ids = proofs.flatMap((proof) => ('file' in proof ? [proof.file] : []))
  const rows = ids.length > 0 ? await context.files.findAll(ids) : []
  return new Map(rows.map((row) => [row.id, row]))
}

function checkFile(file: FoundFile | undefined, owner: string, index: number): InputError[] {
  const at = `/components/${index}/file`
  // Another's file answers like one that is not there: ids of files tell nothing.
  if (!file || file.owner !== owner)
    return [fault(at, 'unknown-file', 'Không có tệp này của ứng dụng.', 'You have no such file.')]
  if (isTaken(file))
    return [fault(at, 'file-taken', 'Tệp đã thuộc về một hồ sơ khác.', 'The file already belongs to another dossier.')]
  if (isQuarantined(file))
    return [fault(at, 'file-quarantined', 'Tệp bị phát hiện có mã độc.', 'The file was found to hold malware.')]
  return []
}

function checkCopy(
  procedure: ProcedureVersion,
  { component }: { component: string },
  found: UsedCopy | undefined,
  index: number,
): InputError[] {
  const at = `/components/${index}/copy`
  if (!found) return [fault(at, 'unknown-copy', 'Người nộp không có bản sao này.', 'The applicant has no such copy.')]
  const { copy, evidence } = found
  const wanted = procedure.components.find(({ id }) => id === component)?.results
  const errors: InputError[] = []
  if (wanted && !isResultOf(copy, wanted))
    errors.push(fault(at, 'copy-of-another-paper', 'Bản sao của một giấy tờ khác.', 'It is a copy of another paper.'))
  if (copy.status !== 'valid') errors.push({ ...notValid[copy.status], pointer: at })
  else if (!evidence)
    errors.push(
      fault(at, 'copy-signature-not-valid', 'Chữ ký trên bản sao không hợp lệ.', 'Its signatures do not hold.'),
    )
  return errors
}

const because = (code: string, vi: string, en: string) => ({ code, detail: { vi, en } })
const notValid: Record<Exclude<Copy['status'], 'valid'>, Omit<InputError, 'pointer'>> = {
  issuing: because('copy-not-ready', 'Bản sao đang được cấp.', 'The copy is still being issued.'),
  revoked: because('copy-revoked', 'Bản sao đã bị thu hồi.', 'The copy was revoked.'),
  superseded: because('copy-superseded', 'Bản sao đã được thay thế.', 'A newer copy has taken its place.'),
  failed: because('copy-failed', 'Bản sao không cấp được.', 'The copy was never issued.'),
}

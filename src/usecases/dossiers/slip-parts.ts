// The parts that the forms are put together from.
import type { Owner } from '../../domain/slip.ts'
import { erased } from '../../domain/slip-phrases.ts'
import type { SheetPart } from '../../paper/slip.ts'

export type Row = { label: string; value: string; weight?: 'bold' }

export const text = (words: string, weight?: 'bold'): SheetPart => ({
  kind: 'text',
  text: words,
  ...(weight && { weight }),
})
export const facts = (rows: Row[]): SheetPart => ({ kind: 'facts', rows })
type TablePart = Extract<SheetPart, { kind: 'table' }>
export const table = (columns: TablePart['columns'], rows: string[][]): SheetPart => ({ kind: 'table', columns, rows })
export const column = (title: string, share: number, align?: 'centre') => ({ title, share, ...(align && { align }) })

export function ownerRows(owner: Owner | null): Row[] {
  if (!owner) return [{ label: 'Chủ hồ sơ:', value: erased }]
  const optional = [
    { label: 'Địa chỉ:', value: owner.address },
    { label: 'Số điện thoại:', value: owner.phone },
    { label: 'Thư điện tử:', value: owner.email },
  ]
  return [
    { label: 'Chủ hồ sơ:', value: owner.name, weight: 'bold' },
    { label: owner.type === 'citizen' ? 'Số định danh cá nhân:' : 'Mã số thuế:', value: owner.identifier },
    ...optional.flatMap(({ label, value }) => (value ? [{ label, value }] : [])),
  ]
}

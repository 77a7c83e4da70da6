// One line of a book: a number of the register of certified copies, and what became of the copies that bear it.
import type { Copy } from './copy.ts'

/** The book of one year: its last number so far (0: none yet), and when it was closed, if it was. */
export type Book = { register: string; year: string; last: number; closedAt: string | null }

/** `owner`: null once the personal data was erased. `isVoid`: no copy came of the number. */
export type BookLine = {
  serial: number
  certifiedAt: string
  title: string
  owner: string | null
  certifier: { name: string; title: string | null }
  /** In VND, for all copies under the number; null where none is charged, an authority sets it, or the number is void. */
  fee: number | null
  isVoid: boolean
  copies: BookCopy[]
}

/** `at`: when it came to stand so; `reason`: why it failed or was revoked; `by`: the number of the copy in its place. */
export type BookCopy = {
  number: string
  status: Copy['status']
  at: string
  reason: string | null
  by: string | null
}

/** The line of one number; `entries` are the copies that share it, in their order. */
export function bookLine(
  serial: number,
  entries: readonly { number: string; copy: Copy }[],
  owner: string | null,
): BookLine {
  const [first] = entries
  // Number and copy are written in one batch: a number without a copy is a broken register.
  if (!first) throw new Error(`number ${serial} of the register has no copy`)
  const { certifiedAt, title, certifier, shown } = first.copy
  const isVoid = entries.every(({ copy }) => copy.status === 'failed')
  return {
    serial,
    certifiedAt,
    title,
    owner,
    certifier: { name: certifier.name, title: certifier.title ?? null },
    fee: isVoid ? null : (shown?.fee.amount ?? null),
    isVoid,
    copies: entries.map(({ number, copy }) => ({ number, ...standing(copy) })),
  }
}

function standing(copy: Copy): Omit<BookCopy, 'number'> {
  const { status } = copy
  switch (copy.status) {
    case 'issuing':
      return { status, at: copy.certifiedAt, reason: null, by: null }
    case 'valid':
      return { status, at: copy.issuedAt, reason: null, by: null }
    case 'failed':
      return { status, at: copy.failedAt, reason: copy.reason, by: null }
    case 'revoked':
      return { status, at: copy.revokedAt, reason: copy.reason, by: null }
    case 'superseded':
      return { status, at: copy.supersededAt, reason: null, by: copy.by.number }
  }
}

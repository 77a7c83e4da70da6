/** What an officer certified, as the law's certification text names it (Decree 23/2015/ND-CP annex, Decree 45/2020/ND-CP art. 10). */
export type CopyOrder = {
  /** Number in the register of the year, as printed: `123`. */
  number: string
  /** The register as printed: `01/2026 - SCTĐT/BS`. */
  register: string
  certifiedAt: Date
  /** Where it was certified: `Trụ sở Ủy ban nhân dân phường Cửa Nam, thành phố Hà Nội`. */
  place: string
  unitName: string
  /** `title` is the office held, where it is known. */
  certifier: { name: string; title: string | null }
  /** The paper that was certified: `Giấy khai sinh`. */
  subject: string
  /** Where anyone can check the copy; printed as text and as QR code. */
  checkUrl: string
  /** What stands on every page of ours in red, where it is no real copy. */
  mark?: string
}

/** Why no copy was made. Nothing is ever half made: a refusal leaves no bytes behind. */
export type CopyRefusal =
  | 'original-empty'
  | 'original-too-large'
  | 'original-not-a-document'
  | 'original-damaged'
  | 'original-encrypted'
  | 'original-locked'
  | 'original-picture-unsupported'
  | 'unprintable-text'

/** Names of the two signature fields of a copy: who certifies, and the seal of their unit. */
export const copyFields = ['NguoiChungThuc', 'CoQuanChungThuc'] as const

/** What the service takes in as a file: what scanners and phones make, and what people can open. */
export const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg'] as const
export type MediaType = (typeof mediaTypes)[number]

const has = (head: Uint8Array, at: number, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[at + index] === byte)

const pdfSign = [0x25, 0x50, 0x44, 0x46]

/** In bytes: a PDF may carry some junk before its header (ISO 32000-1, annex H). */
export const headLength = 1024

/** What a file is by its beginning, of which {@link headLength} bytes are enough; whatever was said of it is not asked. */
export function sniffed(head: Uint8Array): MediaType | undefined {
  if (has(head, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (has(head, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  const isPdf = head.subarray(0, headLength).some((_byte, at) => has(head, at, pdfSign))
  return isPdf ? 'application/pdf' : undefined
}

/** In bytes. */
export const largestFile = 10 * 1024 * 1024

/** Under which key the object store holds an uploaded file. */
export const fileKey = (id: string) => `files/${id}`

/** What took an uploaded file: a dossier, or the first of the copies that were certified of it. */
export type Taker = { dossierId: string | null; copyId: string | null }

export const isTaken = ({ dossierId, copyId }: Taker): boolean => dossierId !== null || copyId !== null

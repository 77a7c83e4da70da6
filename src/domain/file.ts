/** What the service takes in as a file: what scanners and phones make, and what people can open. */
export const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg'] as const
export type MediaType = (typeof mediaTypes)[number]

/** In bytes. */
export const largestFile = 10 * 1024 * 1024

/** Under which key the object store holds an uploaded file. */
export const fileKey = (id: string) => `files/${id}`

/** What took an uploaded file: a dossier, or the first of the copies that were certified of it. */
export type Taker = { dossierId: string | null; copyId: string | null }

export const isTaken = ({ dossierId, copyId }: Taker): boolean => dossierId !== null || copyId !== null

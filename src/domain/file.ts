/** What the service takes in as a file: what scanners and phones make, and what people can open. */
export const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg'] as const
export type MediaType = (typeof mediaTypes)[number]

/** In bytes. */
export const largestFile = 10 * 1024 * 1024

/** Under which key the object store holds an uploaded file. */
export const fileKey = (id: string) => `files/${id}`

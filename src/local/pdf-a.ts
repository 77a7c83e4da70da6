// Judges what claims to be PDF/A-3b by the clauses of ISO 19005-3:2012, one by one, with readers that had no part in writing it.
import { around } from './pdf-a/around.ts'
import { drawing } from './pdf-a/drawing.ts'
import { lettering } from './pdf-a/lettering.ts'
import type { Rule } from './pdf-a/rule.ts'
import { structure } from './pdf-a/structure.ts'

export { readFile } from './pdf-a/file.ts'

/** The clauses that say something about files like ours; it has no others than these kinds of objects. */
export const clauses: readonly Rule[] = [...structure, ...drawing, ...lettering, ...around]

/** Whether a file claims to be for the archive. */
export const claimsPdfA = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('<pdfaid:part>')

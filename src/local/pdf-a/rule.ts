import type { ReadFile } from './file.ts'

/** One demand of ISO 19005-3:2012 at conformance level B: its clause, what it promises, and what of a file breaks it. */
export type Rule = { clause: string; promise: string; faults: (file: ReadFile) => string[] }

export const rule = (clause: string, promise: string, faults: Rule['faults']): Rule => ({ clause, promise, faults })

/** One fault where a condition does not hold. */
export const unless = (holds: boolean, fault: string): string[] => (holds ? [] : [fault])

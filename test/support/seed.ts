import { seedStatements } from '../../src/local/catalogue.ts'

/** The shipped catalogue as SQL texts, for a database that only has its tables. Runs in Node; tests get it as a binding. */
export const readSeed = (): Promise<string[]> => seedStatements()

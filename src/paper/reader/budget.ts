import { NotPdf } from './values.ts'

const megabyte = 1024 * 1024

/**
 * What may be spent on one file and all its earlier revisions together: no honest file comes near to it, and whatever a file
 * does, judging it stays within a second and 128 MB. @throws NotPdf from each method, when nothing is left
 */
export class Budget {
  #read = 40 * megabyte
  #parsed = 4_000_000
  #kept = 600_000
  #inflated = 32 * megabyte

  /** How many bytes may still come out of compressed streams. */
  get inflatable(): number {
    return this.#inflated
  }

  /** Bytes that were looked at, and the values found in them; objects may lie over each other. */
  read(bytes: number, values = 0): void {
    this.#read -= bytes
    this.#parsed -= values
    if (this.#read < 0 || this.#parsed < 0) throw new NotPdf('too much to read')
  }

  /** Values that stay in memory until the file is judged. */
  keep(values: number): void {
    this.#kept -= values
    if (this.#kept < 0) throw new NotPdf('too many values')
  }

  inflate(bytes: number): void {
    this.#inflated -= bytes
    if (this.#inflated < 0) throw new NotPdf('inflates to too much')
  }
}

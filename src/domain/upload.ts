// A file that comes in pieces: how the pieces become parts of equal size, as the object store wants them.

/** In bytes. R2: every part but the last has the same size, and at least this one. */
export const partSize = 5 * 1024 * 1024

/** How many unfinished uploads one owner may have. */
export const mostUploads = 500

/** In milliseconds, counted from the last bytes that came. */
export const uploadLifetime = 24 * 60 * 60 * 1000

/** In characters of the header. */
export const longestMetadata = 2000

/** Part numbers end there (R2, as S3). */
export const lastPart = 10_000

/** What decides which parts come next, in bytes. */
type Progress = { length: number; received: number }

/** How many bytes were received that fill no part yet. */
export const tailOf = ({ received }: Progress): number => received % partSize

/** How many parts at most end within the next `coming` bytes: each that is full then, and the last. */
export function partsWithin(progress: Progress, coming: number): number {
  const whole = tailOf(progress) + coming
  const isEnd = progress.received + coming >= progress.length
  return isEnd ? Math.ceil(whole / partSize) : Math.floor(whole / partSize)
}

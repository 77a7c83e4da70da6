// Looking at files for malware: a file is taken first and looked at afterwards.

/** `none`: nobody looks. `failed`: no verdict ever came. `released`: an operator says that it was a false alarm. */
export const scans = ['none', 'pending', 'clean', 'infected', 'failed', 'released'] as const
export type Scan = (typeof scans)[number]

/** Nothing of it leaves the house, and no dossier takes it. */
export const isQuarantined = ({ scan }: { scan: Scan }): boolean => scan === 'infected'

/** What is known of a file as it was taken in, for a reply that is given again later. */
export const scanAtFirst = (scan: Scan): 'none' | 'pending' => (scan === 'none' ? 'none' : 'pending')

/** In milliseconds: for so long a scan that has begun is its beginner's. */
export const scanHold = 5 * 60_000

/** With the waits between them about two weeks. */
export const mostTries = 30

/** When a scanner that gave no verdict is asked again: after a minute, two, four … at most half a day; null when it is given up. */
export function nextScan(tries: number, at: Date): Date | null {
  if (tries >= mostTries) return null
  return new Date(at.getTime() + Math.min(2 ** (tries - 1), 720) * 60_000)
}

/** What the journal of a file says; the reason of a release is sealed. */
export type FileEvent =
  | { type: 'file.quarantined'; threat: string; sha256: string }
  | { type: 'file.released'; sha256: string }

import { sha256, toBase64Url } from '../platform/crypto.ts'

/** For data of the catalogue: anyone may keep it for minutes, and ask by ETag after that. */
export const cachedForMinutes = 'public, max-age=300, stale-while-revalidate=86400'

/** For an answer that tells something about who asked: only that caller keeps it. */
export const cachedForOneself = 'private, max-age=300'

/** A strong ETag of what is shown: equal content, equal tag, whatever made it. */
export const contentTag = async (view: unknown): Promise<string> =>
  `"${toBase64Url((await sha256(JSON.stringify(view))).slice(0, 12))}"`

import type { Context } from '../../context.ts'
import { toBase64 } from '../../paper/bytes.ts'

/** What a judge elsewhere goes by, in base64 of DER. */
export type PublicTrust = { roots: string[]; crls: string[] }

// A longer list is for the service: copies carry what tells of their own certificates.
const longestList = 65_536

/** The roots and lists that verification goes by: as public as the copies that are judged by them. */
export async function readTrust({ signing }: Context): Promise<PublicTrust> {
  const { roots, crls } = await signing.trust()
  return { roots: roots.map(toBase64), crls: crls.filter(({ length }) => length <= longestList).map(toBase64) }
}

import { equal } from './bytes.ts'
import { PdfFile, type Place } from './reader/file.ts'
import { Name, NotPdf, Reference, Stream, Text, type Dictionary, type Value } from './reader/syntax.ts'

/**
 * Whether a file still shows what it showed up to `end`, where a signature stopped covering it: since then only its
 * empty signature fields may have been signed and validation data added (ISO 32000-1, 12.8.2.2: DocMDP with P 2;
 * ETSI EN 319 142-1, 5.5). New objects are harmless as long as no old one leads to them.
 */
export async function isOnlySigned(file: PdfFile, end: number): Promise<boolean> {
  try {
    const before = await PdfFile.open(file.bytes.subarray(0, end))
    const root = rootOf(before)
    if (root === null || root !== rootOf(file)) return false
    for (const [number, place] of before.places) {
      const placeNow = file.places.get(number)
      if (placeNow && isSamePlace(place, placeNow)) continue
      const [was, is] = [await before.object(number), await file.object(number)]
      if (!isSame(was, is) && !isPermitted(was, is, number === root)) return false
    }
    return true
  } catch (error) {
    if (error instanceof NotPdf) return false
    throw error
  }
}

function rootOf({ trailer }: PdfFile): number | null {
  const root = trailer.get('Root')
  return root instanceof Reference ? root.object : null
}

const isSamePlace = (a: Place, b: Place) =>
  'at' in a ? 'at' in b && a.at === b.at : 'stream' in b && a.stream === b.stream && a.index === b.index

function isPermitted(was: Value, is: Value, isCatalog: boolean): boolean {
  if (!(was instanceof Map) || !(is instanceof Map)) return false
  if (isCatalog) return differsOnlyIn(was, is, ['DSS', 'Extensions'])
  const type = was.get('FT')
  const wasEmptyField = type instanceof Name && type.value === 'Sig' && !was.has('V')
  return wasEmptyField && differsOnlyIn(was, is, ['V', 'AP'])
}

const differsOnlyIn = (was: Dictionary, is: Dictionary, keys: string[]) =>
  [...new Set([...was.keys(), ...is.keys()])].every((key) => keys.includes(key) || isSame(was.get(key), is.get(key)))

/** Whether two objects read the same; streams never do, for their data is not looked at. */
function isSame(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Name) return b instanceof Name && a.value === b.value
  if (a instanceof Text) return b instanceof Text && equal(a.bytes, b.bytes)
  if (a instanceof Reference) return b instanceof Reference && a.object === b.object && a.generation === b.generation
  if (a instanceof Stream) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (a instanceof Map) return b instanceof Map && a.size === b.size && differsOnlyIn(a, b, [])
  return (a ?? null) === (b ?? null)
}

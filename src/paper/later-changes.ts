import { equal } from './bytes.ts'
import { isCovered } from './reader/coverage.ts'
import type { Place } from './reader/cross-references.ts'
import type { PdfFile } from './reader/file.ts'
import { Name, NotPdf, Reference, Stream, Text, type Dictionary, type Value } from './reader/values.ts'

/**
 * Whether a file still shows what it showed up to `end`, where a signature stopped covering it: since then only its
 * empty signature fields may have been signed, and validation data and unseen time-stamps been added (ISO 32000-2,
 * 12.8.2.2: DocMDP with P 2; ETSI EN 319 142-1, 5.4 and 5.5).
 */
export async function isOnlySigned(file: PdfFile, end: number): Promise<boolean> {
  try {
    const before = await file.upTo(end)
    const root = rootOf(before)
    if (root === null || root !== rootOf(file) || !isSame(infoOf(before), infoOf(file))) return false
    const added: number[] = []
    for (const number of file.places.keys()) if (!before.places.has(number)) added.push(number)
    // What an old object already leads to would appear on a page the moment it exists.
    const awaited = await before.references()
    if (added.some((number) => awaited.has(number))) return false
    const permits = await permissions(file, before, new Set(added))
    for (const [number, place] of before.places) {
      const placeNow = file.places.get(number)
      if (placeNow && isSamePlace(place, placeNow)) continue
      const [was, is] = [await before.object(number), await file.object(number)]
      if (!isSame(was, is) && !permits(was, is, number)) return false
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

const infoOf = ({ trailer }: PdfFile) => trailer.get('Info')

const isSamePlace = (a: Place, b: Place) =>
  a === b || ('at' in a ? 'at' in b && a.at === b.at : 'stream' in b && a.stream === b.stream && a.index === b.index)

const referenced = (value: Value | undefined) => (value instanceof Reference ? value.object : null)
const isName = (value: Value | undefined, wanted: string) => value instanceof Name && value.value === wanted

/** What may become of an object that was there: by what it is, and by the time-stamps' fields that were added. */
async function permissions(file: PdfFile, before: PdfFile, added: ReadonlySet<number>) {
  const root = rootOf(before)
  const catalog = await before.dictionary(before.trailer.get('Root'))
  const [form, store] = [referenced(catalog?.get('AcroForm')), referenced(catalog?.get('DSS'))]
  const unseen = new Set<number>()
  for (const number of added) if (isUnseenSignature(await file.object(number), added)) unseen.add(number)

  const isLonger = (was: Value | undefined, is: Value | undefined): boolean => {
    const [old, now] = [was ?? [], is ?? []]
    if (!Array.isArray(old) || !Array.isArray(now)) return isSame(was, is)
    const isNew = (item: Value) => item instanceof Reference && unseen.has(item.object)
    return now.length >= old.length && now.every((item, at) => (at < old.length ? isSame(item, old[at]) : isNew(item)))
  }
  const isFormKept = (was: Dictionary, is: Dictionary) =>
    differsOnlyIn(was, is, ['Fields', 'SigFlags']) && isLonger(was.get('Fields'), is.get('Fields'))
  const isCatalogKept = (was: Dictionary, is: Dictionary) => {
    const [oldForm, newForm] = [was.get('AcroForm'), is.get('AcroForm')]
    const keepsForm =
      oldForm instanceof Map && newForm instanceof Map ? isFormKept(oldForm, newForm) : isSame(oldForm, newForm)
    return keepsForm && differsOnlyIn(was, is, ['DSS', 'Extensions', 'AcroForm'])
  }

  return (was: Value, is: Value, number: number): boolean => {
    if (Array.isArray(was)) return isLonger(was, is)
    if (!(was instanceof Map) || !(is instanceof Map)) return false
    if (number === root) return isCatalogKept(was, is)
    if (number === form) return isFormKept(was, is)
    if (number === store) return [...was.keys(), ...is.keys()].every((key) => storeKeys.has(key))
    if (isName(was.get('Type'), 'Page')) {
      return differsOnlyIn(was, is, ['Annots']) && isLonger(was.get('Annots'), is.get('Annots'))
    }
    return isName(was.get('FT'), 'Sig') && !was.has('V') && differsOnlyIn(was, is, ['V', 'AP'])
  }
}

const storeKeys = new Set(['Type', 'VRI', 'Certs', 'CRLs', 'OCSPs'])
const fieldKeys = new Set(['Type', 'Subtype', 'FT', 'T', 'V', 'F', 'Ff', 'P', 'Rect', 'AP'])

/** A signature field with a value of its own and a widget without extent: it shows nothing on any page. */
function isUnseenSignature(field: Value, added: ReadonlySet<number>): boolean {
  if (!(field instanceof Map) || !isName(field.get('FT'), 'Sig')) return false
  const rect = field.get('Rect') ?? [0, 0, 0, 0]
  const isEmpty = Array.isArray(rect) && rect.length === 4 && rect.every((edge) => edge === 0)
  const value = referenced(field.get('V'))
  return isEmpty && value !== null && added.has(value) && [...field.keys()].every((key) => fieldKeys.has(key))
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

/**
 * Whether all that follows `end` is the document security store (ETSI EN 319 142-1, 5.4): no signature covers it, so
 * nothing but certificates, lists and responses may be in it, and every byte must belong to one of its objects. `isKept`
 * answers as {@link isOnlySigned} does.
 */
export async function isOnlyStore(
  file: PdfFile,
  end: number,
  isKept: (end: number) => Promise<boolean>,
): Promise<boolean> {
  try {
    const isRevision = [...file.sections.keys()].some((at) => at >= end)
    if (!isRevision || !(await isKept(end))) return false
    const root = rootOf(file)
    const store = (await file.dictionary(file.trailer.get('Root')))?.get('DSS')
    if (!(store instanceof Reference) || root === null) return false
    const before = await file.upTo(end)
    const belonging = await reachable(file, store)
    const isStore = ([number, place]: [number, Place]) => {
      const was = before.places.get(number)
      if ((was && isSamePlace(was, place)) || number === root || belonging.has(number)) return true
      return 'at' in place && file.sections.has(place.at)
    }
    for (const place of file.places) if (!isStore(place)) return false
    return await isCovered(file, end)
  } catch (error) {
    if (error instanceof NotPdf) return false
    throw error
  }
}

async function reachable(file: PdfFile, from: Reference): Promise<Set<number>> {
  const found = new Set<number>()
  const waiting: Value[] = [from]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value instanceof Reference) {
      if (found.has(value.object)) continue
      found.add(value.object)
      waiting.push(await file.object(value.object))
    } else if (Array.isArray(value)) for (const item of value) waiting.push(item)
    else if (value instanceof Map) for (const item of value.values()) waiting.push(item)
  }
  return found
}

import { PDF, PdfArray, PdfName, PdfNumber, PdfStream, PdfString, type PdfDict } from '@libpdf/core'
import { concat, hex, latin1Text } from './bytes.ts'
import { failed, type Finding } from './finding.ts'
import { resolverOf, type Resolver } from './pdf.ts'

/** One signature of a PDF, with the bytes that it covers (ISO 32000-1, 12.8.1). */
export type FoundSignature = {
  field: string
  subFilter: string
  /** The bytes of /Contents without their zero padding are found by reading the CMS; this has both. */
  contents: Uint8Array
  covered: Uint8Array
  /** Where the covered bytes end. */
  end: number
}

export type SignedDocument = {
  signatures: (FoundSignature | { field: string; finding: Finding })[]
  /** Names of signature fields that nobody signed. */
  unsignedFields: string[]
  /** Certificates and revocation lists of the document security store, unjudged. */
  store: { certificates: Uint8Array[]; crls: Uint8Array[] }
}

/** Reads what a file says about its signatures; a finding if it cannot be read as a PDF or holds no signature. */
export async function readDocument(bytes: Uint8Array): Promise<SignedDocument | Finding> {
  try {
    const pdf = await PDF.load(bytes)
    const resolve = resolverOf(pdf)
    const fields = pdf.getForm()?.getSignatureFields() ?? []
    const signed = fields.filter((field) => field.isSigned())
    if (signed.length === 0) {
      // A trace of a signature that no field leads to: the way to it was cut.
      const cut = latin1Text(bytes).includes('/ByteRange')
      return failed('FORMAT_FAILURE', cut ? 'signature-unreachable' : 'no-signature')
    }
    const signatures = signed.map((field) => {
      const signature = field.getSignatureDict()
      const found = signature ? readSignature(bytes, signature, resolve) : failed('FORMAT_FAILURE', 'no-dictionary')
      return 'indication' in found ? { field: field.name, finding: found } : { field: field.name, ...found }
    })
    const unsignedFields = fields.filter((field) => !field.isSigned()).map((field) => field.name)
    return { signatures, unsignedFields, store: readStore(pdf.getCatalog(), resolve) }
  } catch {
    // The library throws on whatever it cannot read; every such file is judged the same.
    return failed('FORMAT_FAILURE', 'not-a-pdf')
  }
}

function readSignature(
  bytes: Uint8Array,
  signature: PdfDict,
  resolve: Resolver,
): Omit<FoundSignature, 'field'> | Finding {
  const subFilter = signature.get('SubFilter', resolve)
  const contents = signature.get('Contents', resolve)
  const range = signature.get('ByteRange', resolve)
  const numbers =
    range instanceof PdfArray ? range.toArray().map((item) => (item instanceof PdfNumber ? item.value : -1)) : []
  const [start = -1, length = -1, resume = -1, rest = -1] = numbers
  const end = resume + rest
  const isRange = numbers.length === 4 && numbers.every((value) => Number.isSafeInteger(value) && value >= 0)
  if (!isRange || start !== 0 || length === 0 || resume <= length || rest === 0 || end > bytes.length) {
    return failed('FORMAT_FAILURE', 'byte-range')
  }
  if (!(contents instanceof PdfString) || !isGap(bytes.subarray(length, resume), contents.bytes)) {
    return failed('FORMAT_FAILURE', 'byte-range-gap')
  }
  return {
    subFilter: subFilter instanceof PdfName ? subFilter.value : '',
    contents: contents.bytes,
    covered: concat(bytes.subarray(0, length), bytes.subarray(resume, end)),
    end,
  }
}

/**
 * Whether the bytes left out of the range are exactly the hex string of /Contents. Its letters must be all small or
 * all capital, so that no byte of the gap can be changed without changing what it says.
 */
function isGap(gap: Uint8Array, contents: Uint8Array): boolean {
  if (gap.length !== contents.length * 2 + 2) return false
  const written = latin1Text(gap)
  const small = `<${hex(contents)}>`
  return written === small || written === small.toUpperCase()
}

/** ISO 32000-2, 12.8.4.3. Whatever is not readable here is no evidence and left out. */
function readStore(catalog: PdfDict, resolve: Resolver): SignedDocument['store'] {
  const store = catalog.getDict('DSS', resolve)
  const all = (key: string) => {
    const items = store?.getArray(key, resolve)?.toArray() ?? []
    return items.slice(0, 64).flatMap((item) => {
      const object = 'objectNumber' in item ? resolve(item) : item
      return object instanceof PdfStream ? [object.getDecodedData()] : []
    })
  }
  return { certificates: all('Certs'), crls: all('CRLs') }
}

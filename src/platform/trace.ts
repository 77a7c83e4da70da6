/** Where a request belongs in its caller's trace: 16 and 8 bytes in lower-case hex, and the flags as they came. */
export type Trace = { traceId: string; spanId: string; flags: string }

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const nothing = /^0+$/

/**
 * Goes on with the trace of a `traceparent`, or begins one where there is none or a wrong one, as the W3C's Trace Context has it
 * (level 1, 3.2 and 4.3). `newId` gives so many random bytes in hex.
 */
export function traceOn(traceparent: string | undefined, newId: (bytes: number) => string): Trace {
  const spanId = newId(8)
  const [, version, traceId, parentId, flags, more] = shape.exec(traceparent ?? '') ?? []
  const isWrong =
    !version || !traceId || !parentId || version === 'ff' || nothing.test(traceId) || nothing.test(parentId)
  // A later version may say more behind what this one knows; this one may not.
  if (isWrong || (version === '00' && more !== undefined)) return { traceId: newId(16), spanId, flags: '00' }
  return { traceId, spanId, flags: flags ?? '00' }
}

/** As `traceparent` and `traceresponse` are written. */
export const traceText = ({ traceId, spanId, flags }: Trace): string => `00-${traceId}-${spanId}-${flags}`

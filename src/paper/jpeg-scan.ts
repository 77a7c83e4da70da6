import { Bits, type Codes, codesOf, NotJpeg } from './jpeg-bits.ts'

/** A marker segment; `coded` is what follows the header of a scan, up to the next marker that is no restart. */
export type Segment = { marker: number; body: Uint8Array; coded: Uint8Array }

type Component = {
  id: number
  /** Its blocks in each MCU of a scan with others. */
  inMcu: number
  /** Its blocks in a scan of its own. */
  blocks: number
  /** By coefficient, how many of its lowest bits are still to come; -1 where nothing came. */
  missing: Int8Array
  /** Two words for each block: which coefficients are not zero, so that their further bits are known to come. */
  known: Uint32Array
}
type Picture = { isProgressive: boolean; mcus: number; components: Component[] }
type Scan = { from: number; to: number; isFirst: boolean }

// Encoders make a dozen at most; each may go through all blocks without a bit of data.
const mostScans = 64
/** Some cameras leave a byte or two before a marker. */
const mostLeft = 2

/**
 * Walks through the coded data of a baseline or progressive JPEG (ITU-T T.81, F.2 and G.2) and counts: every block must be
 * there, with all its bits, and nothing else. What the blocks look like nobody asks. @throws NotJpeg if one is missing
 */
export function walkScans(segments: Segment[], frame: Segment): void {
  const picture = pictureOf(frame)
  const tables = new Map<number, () => Codes>()
  let [interval, scans] = [0, 0]
  for (const { marker, body, coded } of segments) {
    if (marker === 0xc4) readTables(body, tables)
    if (marker === 0xdd) interval = at16(body, 0)
    if (marker !== 0xda) continue
    if (++scans > mostScans) throw new NotJpeg('too many scans')
    walkScan(picture, body, new Bits(coded), tables, interval)
  }
  for (const { missing } of picture.components)
    if (missing.some((bits) => bits !== 0)) throw new NotJpeg('a scan is missing')
}

const at16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

function pictureOf({ marker, body }: Segment): Picture {
  const [height, width, count] = [at16(body, 1), at16(body, 3), body[5] ?? 0]
  if (body.length < 6 + 3 * count) throw new NotJpeg('no components')
  const given = Array.from({ length: count }, (_, index) => body.subarray(6 + 3 * index, 9 + 3 * index))
  const sampled = given.map(([id = 0, factors = 0]) => ({ id, h: factors >> 4, v: factors & 15 }))
  if (sampled.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) throw new NotJpeg('no sampling')
  const [h, v] = [Math.max(...sampled.map((one) => one.h)), Math.max(...sampled.map((one) => one.v))]
  const isProgressive = marker === 0xc2
  const components = sampled.map((one) => {
    const blocks = Math.ceil(Math.ceil((width * one.h) / h) / 8) * Math.ceil(Math.ceil((height * one.v) / v) / 8)
    const known = new Uint32Array(isProgressive ? 2 * blocks : 0)
    return { id: one.id, inMcu: one.h * one.v, blocks, missing: new Int8Array(64).fill(-1), known }
  })
  return { isProgressive, mcus: Math.ceil(width / (8 * h)) * Math.ceil(height / (8 * v)), components }
}

/** Each table is laid out when a scan first needs it: files may define any number. */
function readTables(body: Uint8Array, tables: Map<number, () => Codes>): void {
  for (let at = 0; at < body.length;) {
    const counts = body.subarray(at + 1, at + 17)
    const length = counts.reduce((sum, count) => sum + count, 0)
    const symbols = body.subarray(at + 17, at + 17 + length)
    if (counts.length < 16 || symbols.length < length) throw new NotJpeg('half a table')
    let codes: Codes | undefined
    tables.set(body[at] ?? 0, () => (codes ??= codesOf(counts, symbols)))
    at += 17 + length
  }
}

function walkScan(
  { isProgressive, mcus, components }: Picture,
  header: Uint8Array,
  bits: Bits,
  tables: Map<number, () => Codes>,
  interval: number,
): void {
  const count = header[0] ?? 0
  const [from = 0, to = 0, approximation = 0] = header.subarray(1 + 2 * count)
  const scan = isProgressive ? { from, to, isFirst: approximation >> 4 === 0 } : { from: 0, to: 63, isFirst: true }
  const codes = (kind: number, id: number) => {
    const found = tables.get((kind << 4) | id)
    if (!found) throw new NotJpeg('no table')
    return found()
  }
  const parts = Array.from({ length: count }, (_, index) => {
    const [id, selected = 0] = header.subarray(1 + 2 * index)
    const component = components.find((one) => one.id === id)
    if (!component || scan.to > 63 || scan.from > scan.to) throw new NotJpeg('no such component')
    component.missing.fill(isProgressive ? approximation & 15 : 0, scan.from, scan.to + 1)
    const dc = scan.from === 0 && scan.isFirst ? codes(0, selected >> 4) : undefined
    const ac = scan.to > 0 ? codes(1, selected & 15) : undefined
    return { component, walk: blockWalk(scan, bits, isProgressive, { dc, ac }, component.known) }
  })
  const [alone] = parts
  if (!alone || (isProgressive && ((from === 0 && to > 0) || (from > 0 && count > 1))))
    throw new NotJpeg('no such scan')
  const units = count === 1 ? alone.component.blocks : mcus
  for (let unit = 0; unit < units; unit++) {
    if (interval > 0 && unit > 0 && unit % interval === 0) {
      bits.restart(unit / interval - 1)
      for (const { walk } of parts) walk.restart()
    }
    if (count === 1) alone.walk.block(unit)
    else for (const { component, walk } of parts) for (let block = 0; block < component.inMcu; block++) walk.block(0)
  }
  if (bits.left() > mostLeft) throw new NotJpeg('more data than blocks')
}

type Walk = { block(index: number): void; restart(): void }

/** Goes over the bits of one block after another. */
function blockWalk(
  scan: Scan,
  bits: Bits,
  isProgressive: boolean,
  { dc, ac }: { dc: Codes | undefined; ac: Codes | undefined },
  known: Uint32Array,
): Walk {
  // Blocks that have nothing more in this band (G.1.2.2).
  let empty = 0
  const start = Math.max(1, scan.from)

  function firstBand(codes: Codes, index: number): void {
    for (let at = start; at <= scan.to; at++) {
      const symbol = bits.symbol(codes)
      const run = symbol >> 4
      const size = symbol & 15
      if (size === 0 && run < 15) {
        if (isProgressive) empty = (1 << run) - 1 + (run > 0 ? bits.take(run) : 0)
        return
      }
      at += run
      if (size === 0) continue
      if (at > scan.to) throw new NotJpeg('beyond the block')
      bits.take(size)
      if (isProgressive) markKnown(index, at)
    }
  }

  const isKnown = (index: number, at: number) => (((known[2 * index + (at >> 5)] ?? 0) >>> (at & 31)) & 1) === 1
  const markKnown = (index: number, at: number) => {
    const word = 2 * index + (at >> 5)
    known[word] = (known[word] ?? 0) | (1 << (at & 31))
  }

  /** How many coefficients of a block are known from `at` to the end of the band. */
  const knownIn = (index: number, at: number) =>
    ones((known[2 * index] ?? 0) & between(at, scan.to)) +
    ones((known[2 * index + 1] ?? 0) & between(at - 32, scan.to - 32))

  function laterBand(codes: Codes, index: number): void {
    let at = start
    for (; empty === 0 && at <= scan.to; at++) {
      const symbol = bits.symbol(codes)
      const run = symbol >> 4
      const size = symbol & 15
      if (size > 1) throw new NotJpeg('more than one bit')
      if (size === 1) bits.take(1)
      else if (run < 15) {
        empty = (1 << run) + (run > 0 ? bits.take(run) : 0)
        break
      }
      for (let zeros = run; at <= scan.to; at++) {
        if (isKnown(index, at)) bits.take(1)
        else if (zeros-- === 0) break
      }
      if (size === 0) continue
      if (at > scan.to) throw new NotJpeg('beyond the band')
      markKnown(index, at)
    }
    if (empty === 0) return
    empty--
    for (let left = knownIn(index, at); left > 0; left -= 16) bits.take(Math.min(left, 16))
  }

  return {
    restart: () => {
      empty = 0
    },
    block(index) {
      if (scan.from === 0) {
        if (!dc) bits.take(1)
        else {
          const size = bits.symbol(dc)
          if (size > 15) throw new NotJpeg('no difference')
          if (size > 0) bits.take(size)
        }
      }
      if (!ac) return
      if (!scan.isFirst) laterBand(ac, index)
      else if (empty > 0) empty--
      else firstBand(ac, index)
    },
  }
}

/** A word with ones from bit `from` to bit `to`, as far as it has them. */
function between(from: number, to: number): number {
  if (to < 0 || from > 31 || from > to) return 0
  return (-1 << Math.max(0, from)) & (-1 >>> (31 - Math.min(31, to)))
}

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

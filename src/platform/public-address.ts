/** Networks that are nobody's to be reached from outside (IANA special-purpose registry), as first address and bits. */
const special: [first: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** Within 2000::/3, the only global addresses of IPv6, what is not: protocol assignments and Teredo, documentation, 6to4. */
const special6: [first: bigint, bits: bigint][] = [
  [0x2001_0000n << 96n, 23n],
  [0x2001_0db8n << 96n, 32n],
  [0x2002_0000n << 96n, 16n],
  [0x3fff_0000n << 96n, 20n],
]

const number4 = (text: string): number | undefined => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  return parts?.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined
}

const number6 = (text: string): bigint | undefined => {
  // The URL parser knows every way to write one, and writes it in one way.
  if (!URL.canParse(`http://[${text}]/`)) return undefined
  const [head = '', tail] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}

const isWithin4 = (address: number, [first, bits]: [string, number]) =>
  Math.floor(address / 2 ** (32 - bits)) === Math.floor((number4(first) ?? 0) / 2 ** (32 - bits))

/** Whether an IP address is a host on the open internet. Whatever hides an IPv4 address inside IPv6 is not. */
export function isPublicAddress(address: string): boolean {
  const four = number4(address)
  if (four !== undefined) return !special.some((network) => isWithin4(four, network))
  const six = number6(address)
  if (six === undefined || six >> 125n !== 1n) return false
  return !special6.some(([first, bits]) => six >> (128n - bits) === first >> (128n - bits))
}

/** The address that a URL's host already is, without asking anybody; undefined for a name. */
export const addressIn = (hostname: string): string | undefined => {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  return number4(bare) !== undefined || bare.includes(':') ? bare : undefined
}

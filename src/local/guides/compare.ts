// Whether a command printed what a guide shows, apart from what differs at each run.
import type { Shown } from './steps.ts'

/** What is new at every run, and the word that stands for it. Longer forms first. */
const fleeting: [RegExp, string][] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)/g, '<time>'],
  [/(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b[0-9a-f]{64}\b/g, '<sha256>'],
  [/\b[A-Z]+\.\d{5}-\d{6}-\d{4,}\b/g, '<code>'],
  [/\b\d{5}-\d{4}\.\d{4}\.\d+\b/g, '<number>'],
  [/\b\d{4}-\d\d-\d\d\b/g, '<date>'],
  [/\b\d+\.\d+\.\d+$/g, '<version>'],
  [/\b001190\d{6}\b/g, '<person>'],
  [/\bwh(sec|pk)_[\w+/=]+/g, '<key>'],
  [/\bsecret=[0-9A-Z]{4}\b/g, 'secret=<secret>'],
  [/^[2-9A-Z]{4}$/g, '<secret>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/^share_[\w-]+$/g, '<share>'],
  [/127\.0\.0\.1:\d+/g, '<service>'],
]

const plain = (text: string): string =>
  fleeting.reduce((made, [pattern, word]) => made.replaceAll(pattern, word), text.replaceAll('\r\n', '\n'))

/** How what was printed differs from what is shown; empty when it is that. More than is shown may be there. */
export function differences({ kind, text }: Shown, printed: string): string[] {
  if (kind === 'text') return plain(text.trim()) === plain(printed.trim()) ? [] : [`printed was:\n${printed}`]
  if (kind === 'json') return lacks(JSON.parse(text), read(printed), '')
  const [shown, real] = [replyOf(text), replyOf(printed)]
  const status = shown.status === real.status ? [] : [`the status is ${real.status}, not ${shown.status}`]
  const headers = shown.headers
    .filter(([name, value]) => !real.headers.some(([other, said]) => other === name && said === value))
    .map(([name, value]) => `there is no header ${name}: ${value}`)
  return [...status, ...headers, ...(shown.body === '' ? [] : lacks(JSON.parse(shown.body), read(real.body), ''))]
}

function replyOf(text: string): { status: string; headers: string[][]; body: string } {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n\n')
  const [first = '', ...lines] = head.split('\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), plain(line.slice(colon + 1).trim())]
  })
  return { status: first.split(' ')[1] ?? 'missing', headers, body: rest.join('\n\n').trim() }
}

function read(printed: string): unknown {
  try {
    return JSON.parse(printed)
  } catch {
    return `no JSON: ${printed.slice(0, 300)}`
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every field that is shown is there and says the same; of a list, the first ones. */
function lacks(shown: unknown, real: unknown, at: string): string[] {
  if (Array.isArray(shown) && Array.isArray(real)) {
    const nothing = shown.length === 0 && real.length > 0 ? [`${at} is not empty`] : []
    return [...nothing, ...shown.flatMap((item, index) => lacks(item, real[index], `${at}/${index}`))]
  }
  if (isObject(shown) && isObject(real))
    return Object.entries(shown).flatMap(([name, value]) => lacks(value, real[name], `${at}/${name}`))
  const said = (value: unknown) => (typeof value === 'string' ? plain(value) : JSON.stringify(value))
  return said(shown) === said(real) ? [] : [`${at || 'it'} is ${said(real)}, not ${said(shown)}`]
}

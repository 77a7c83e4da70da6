import { broken, operationAt } from '../support/description.ts'
import { problems } from '../../src/routes/problems.ts'
import { type Asked, secretMark, type World } from './asked.ts'

export type Answered = { status: number; headers: Headers; text: string; bytes: Uint8Array }

/** What only a fault of ours would show: names of engines, lines of source. */
const innards =
  /\b(SQLITE_|D1_ERROR|TypeError|RangeError|ReferenceError|SyntaxError|ZodError)|\bat .{1,80}:\d+:\d+|\bat async /

/** Who has nothing to do with any dossier of the world. */
const strangers = new Set(['nobody', 'another app', 'another citizen', 'an official elsewhere'])

/** All that is wrong with an answer: faults of ours, refusals that are no problem documents or not documented, secrets that it shows. */
export function faultsOf({ method, target, who, body: sent }: Asked, answered: Answered, world: World): string[] {
  const { status, headers, text } = answered
  const type = headers.get('content-type') ?? ''
  const faults: string[] = []
  if (status >= 500) faults.push(`a fault of ours: ${status} ${text.slice(0, 300)}`)
  const shown = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n') + text
  if (shown.includes(secretMark)) faults.push('shows a secret of this request')
  for (const secret of [...Object.values(world.tokens), ...world.secrets])
    if (secret && shown.includes(secret)) faults.push(`shows a secret: ${secret.slice(0, 12)}…`)
  const said = () => decodeURIComponent(target.replaceAll(/%(?![0-7][0-9a-f])/gi, '')) + new TextDecoder().decode(sent)
  if (strangers.has(who))
    for (const one of world.personal)
      if (text.includes(one) && !said().includes(one)) faults.push(`shows ${one} to ${who}`)
  if (status >= 400 && innards.test(text)) faults.push(`shows what is inside: ${innards.exec(text)?.[0]}`)
  const { pathname } = new URL(`https://api.test${target}`)
  let body: unknown = answered.bytes
  if (/json/.test(type) && text !== '')
    try {
      body = JSON.parse(text)
    } catch {
      return [...faults, 'says JSON and sends none']
    }
  const upper = method.toUpperCase()
  faults.push(...broken(upper, pathname, { status, headers, body }))
  if (status < 400 || upper === 'HEAD') return faults
  const operation = operationAt(upper, pathname)
  // OAuth answers in its own way (RFC 6749 §5.2), as it is described.
  const described = operation?.responses[status]
  if (described?.content && !('application/problem+json' in described.content)) return faults
  // Where a person answers a page, a refusal is a page, too, and described as one.
  if (
    type.startsWith('text/html') &&
    described?.content?.['text/html'] &&
    operation?.responses[200]?.content?.['text/html']
  )
    return faults
  if (!type.startsWith('application/problem+json')) return [...faults, `${status} is no problem document but ${type}`]
  const { code, status: told } = body as { code: string; status: number }
  if (!(code in problems) || told !== status) faults.push(`${status} carries the code ${code}`)
  return faults
}

import { a4 } from './certification.ts'
import { Draft } from './draft.ts'
import { Drawing, sealRed } from './drawing.ts'
import { wrapEvenly } from './lettering.ts'
import { sandboxMark } from '../platform/sandbox.ts'
import { addFonts } from './resources.ts'
import { assemble } from './signing.ts'
import { to } from './written.ts'

const middle = a4.width / 2

/** What the officers of a sandbox scan in place of a paper result: a page that says what it stands for, and that it is none. */
export function testResult(title: string, code: string): Uint8Array<ArrayBuffer> {
  const drawing = new Drawing()
  const lines = wrapEvenly(title.toLocaleUpperCase('vi'), 420, 18, 'bold')
  lines.forEach((line, index) => drawing.centred(line, middle, 640 - index * 24, 18, 'bold'))
  drawing.centred(`Hồ sơ ${code}`, middle, 620 - lines.length * 24, 13)
  drawing.centred(sandboxMark, middle, 580 - lines.length * 24, 12, 'bold', sealRed)
  const draft = Draft.blank()
  const fonts = addFonts(draft)
  const content = to(draft.addStream('', String(drawing)))
  draft.addPage(a4.width, a4.height, `/Resources${fonts}/Contents ${content}`)
  return Uint8Array.from(assemble(draft.close(), []))
}

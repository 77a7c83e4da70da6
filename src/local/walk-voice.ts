import { styleText } from 'node:util'

const plain = !process.stdout.isTTY || Boolean(process.env['NO_COLOR'])
type Format = Parameters<typeof styleText>[0]
const paint = (format: Format, text: string) => (plain ? text : styleText(format, text))

/** Tells a person what happens, in Vietnamese and English; colours only where a person watches. */
export const voice = {
  passed: 0,
  failed: 0,

  say(text = ''): void {
    console.log(text)
  },

  chapter(title: string, note: string): void {
    console.log(`\n${paint('bold', title)}  ${paint('dim', note)}`)
  },

  /** One thing that somebody did, and that came out as it should. */
  step(who: string, what: string, ms?: number): void {
    this.passed++
    const time = ms === undefined ? '' : `${Math.round(ms)} ms`
    console.log(`  ${paint('green', '✓')} ${paint('cyan', who.padEnd(28))} ${what}  ${paint('dim', time)}`.trimEnd())
  },

  /** What a step brought to light. */
  note(text: string): void {
    console.log(`    ${' '.repeat(28)} ${paint('dim', text)}`)
  },

  fail(what: string, error: unknown): void {
    this.failed++
    console.log(`  ${paint('red', '✗')} ${paint('red', what)}`)
    console.log(`    ${error instanceof Error ? error.message : String(error)}`)
  },
}

/** `17:00 23/11/2026`, of an instant with its offset. */
export const when = (instant: string | null): string => {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(instant ?? '') ?? []
  return year ? `${time} ${day}/${month}/${year}` : '–'
}

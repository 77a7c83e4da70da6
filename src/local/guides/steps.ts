// What a reader of a guide does, step by step: its code blocks, in order.
import { Marked } from 'marked'

/** What a guide says that a command prints: JSON, a reply with its headers, or lines. */
export type Shown = { kind: 'json' | 'http' | 'text'; text: string }

/** Save a file under the name that its first line says, or run commands in the shell that ran those before. */
export type Step = { do: 'save'; name: string; code: string } | { do: 'run'; code: string; shown: Shown | null }

const kinds: Record<string, Shown['kind']> = { json: 'json', http: 'http', text: 'text' }

/** The steps of a guide in Markdown. Throws on a block that nobody could run: then it proves nothing. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = []
  const marked = new Marked()
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'code') add(steps, String(token['lang'] ?? ''), String(token['text']))
  })
  return steps
}

function add(steps: Step[], language: string, code: string): void {
  const before = steps.at(-1)
  const kind = kinds[language]
  if (language === 'sh') steps.push({ do: 'run', code, shown: null })
  else if (language === 'js') steps.push({ do: 'save', name: nameIn(code), code })
  else if (kind && before?.do === 'run' && before.shown === null) before.shown = { kind, text: code }
  else throw new Error(`nobody runs this block (${language || 'of no language'}): ${code.slice(0, 80)}`)
}

function nameIn(code: string): string {
  const name = /^\/\/ ([\w-]+\.mjs)\n/.exec(code)?.[1]
  if (!name) throw new Error(`the first line of this block names no file: ${code.slice(0, 80)}`)
  return name
}

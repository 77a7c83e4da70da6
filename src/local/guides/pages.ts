// The guides for people who build on the service, as the reference serves them: HTML made out of docs/guides/.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'docs/guides')

/** One guide in one language: `name` is the last part of its address, `text` its Markdown. */
export type Guide = { name: string; language: string; text: string }

/** Every guide in every language it is written in, by file name: `{name}.{language}.md`. */
export const readGuides = (): Guide[] =>
  readdirSync(folder).flatMap((file) => {
    const [, name, language] = /^([a-z-]+)\.(vi|en)\.md$/.exec(file) ?? []
    return name && language ? [{ name, language, text: readFileSync(join(folder, file), 'utf8') }] : []
  })

/** Where a link between files leads on the service; links to other places stay. Throws on a file that the service does not show. */
export function servedAt(href: string): string {
  if (/^https?:\/\//.test(href)) return href
  if (href === '../../CHANGELOG.md') return '/docs/guides/changelog'
  const [, name, language] = /^([a-z-]+)\.(vi|en)\.md$/.exec(href) ?? []
  if (!name) throw new Error(`A guide links to ${href}, which the service does not show`)
  return name === 'index' ? `/docs/guides?lang=${language}` : `/docs/guides/${name}?lang=${language}`
}

/** What can be opened in a browser becomes a link; in a file it stays the address that it is. */
const opens = /^\/(docs|problems(\/[a-z-]+)?|openapi\.json|asyncapi\.json)$/

const marked = new Marked({
  renderer: {
    link({ href, tokens }) {
      return `<a href="${servedAt(href)}">${this.parser.parseInline(tokens)}</a>`
    },
    codespan({ text }) {
      const code = `<code>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</code>`
      return opens.test(text) ? `<a href="${text}">${code}</a>` : code
    },
    table(token) {
      const row = (tag: string, cells: typeof token.header) =>
        `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`
      const body = token.rows.map((cells) => row('td', cells)).join('')
      return `<div class="wide"><table><thead>${row('th', token.header)}</thead><tbody>${body}</tbody></table></div>`
    },
  },
})

/** The line that leads to the other language: on the service the frame has that. */
const otherLanguage = /^\*\[[^\]]+\]\([a-z-]+\.(vi|en)\.md\)\*\n/m

/** Title and body of a page; the Worker puts the house's frame around it. */
export function pageOf(text: string): { title: string; body: string } {
  const [, title = ''] = /^# (.+)$/m.exec(text) ?? []
  return { title, body: marked.parse(text.replace(otherLanguage, ''), { async: false }) }
}

/** Writes each guide, and the changelog beside them, into a folder of the static files. */
export function layOutGuides(target: string): void {
  mkdirSync(target, { recursive: true })
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  const changelogs = ['vi', 'en'].map((language) => ({ name: 'changelog', language, text: changelog }))
  for (const { name, language, text } of [...readGuides(), ...changelogs])
    writeFileSync(join(target, `${name}.${language}.json`), JSON.stringify(pageOf(text)))
}

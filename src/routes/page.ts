import { html, raw } from 'hono/html'

type Html = ReturnType<typeof html>

const style = `
:root { color-scheme: light dark; --ink: #1c1917; --paper: #fffdf8; --line: #d6d3d1; --accent: #9a1b1e; --good: #166534; --bad: #9a1b1e; --quiet: #57534e }
@media (prefers-color-scheme: dark) { :root { --ink: #f5f5f4; --paper: #1c1917; --line: #44403c; --accent: #f28b82; --good: #86efac; --bad: #f28b82; --quiet: #a8a29e } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
header { border-bottom: 3px double var(--accent); padding-bottom: .75rem; margin-bottom: 1.5rem }
header b { color: var(--accent); letter-spacing: .04em }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .25rem 0 1rem } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .35rem 1rem; margin: 0 }
dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
code, .mono { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere }
.status { display: inline-block; padding: .15rem .6rem; border: 2px solid; border-radius: .4rem; font-weight: 700 }
.good { color: var(--good) } .bad { color: var(--bad) } .quiet { color: var(--quiet) }
a { color: var(--accent) } table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .6rem } }`

/** What a page of ours may do: show itself, with the style it brings. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** One page of the house for people: no script, nothing from elsewhere. `ownStyle` is the page's own CSS, `language` what most of it is written in. */
export const page = (title: string, body: Html, ownStyle = '', language: 'vi' | 'en' = 'vi') =>
  html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · motcua</title>
        <style>
          ${raw(style + ownStyle)}
        </style>
      </head>
      <body>
        <main>
          <header><b>MỘT CỬA</b> <span class="quiet">· one door</span></header>
          ${body}
        </main>
      </body>
    </html>`

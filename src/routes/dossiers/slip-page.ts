import { html } from 'hono/html'
import type { Sheet } from '../../usecases/dossiers/slips.ts'
import { page } from '../page.ts'

type Part = Sheet['parts'][number]
type Signature = Sheet['signatures'][number]

// On the screen as the house's other pages, on paper as the form: A5, black, without the house's own header.
const style = `
.head, .hands { display: grid; grid-template-columns: 2fr 3fr; gap: 1rem; text-align: center } .hands { grid-template-columns: 1fr 1fr; margin: 2rem 0; break-inside: avoid }
.head p, .hands p { margin: 0 } .upper { text-transform: uppercase } .motto { display: inline-block; border-bottom: 1px solid }
.slip h1 { text-align: center; margin: 1.5rem 0 .25rem } .code { text-align: center; margin: 0 0 1.5rem } .slip dt, .slip dd { white-space: pre-line }
.slip table { margin: .75rem 0; table-layout: fixed; font-size: .8em } .slip td, .slip th { overflow-wrap: anywhere; padding: .35rem .3rem } .slip td, .slip th { border: 1px solid var(--line); white-space: pre-line } .slip .centre { text-align: center } .name { margin-top: 3rem !important; font-weight: 700 }
@page { size: A5; margin: 12mm }
@media print { :root { --ink: #000; --paper: #fff; --line: #000; --quiet: #000; --accent: #000 } body { font: 10pt/1.35 'Times New Roman', serif } main { max-width: none; padding: 0 } main > header { display: none } .head { font-size: 8.5pt; gap: .5rem } .head > :last-child { white-space: nowrap } .slip h1 { font-size: 13pt; margin: 1rem 0 .1rem } .code { margin-bottom: .75rem } .slip p { margin: .35rem 0 } .slip dl { gap: .1rem .75rem } .slip table { font-size: 8.5pt; margin: .4rem 0 } .slip td, .slip th { padding: .15rem .25rem } .hands { margin: 1rem 0 } .name { margin-top: 2.5rem !important } .quiet { font-size: 8pt } thead { display: table-header-group } tr { break-inside: avoid } }`

/** A slip for people to read and to print. It bears no signature: the PDF does. */
export const slipPage = (sheet: Sheet) =>
  page(
    `${sheet.title.join(' ')} ${sheet.subtitle}`,
    html`<article class="slip">
      <div class="head">
        <div>
          ${sheet.authority ? html`<p class="upper">${sheet.authority}</p>` : ''}
          <p class="upper"><strong>${sheet.unit}</strong></p>
          <p>Số: ${sheet.number}</p>
        </div>
        <div>
          <p><strong>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</strong></p>
          <p><strong class="motto">Độc lập - Tự do - Hạnh phúc</strong></p>
          <p><em>${sheet.placeAndDate}</em></p>
        </div>
      </div>
      <h1>${sheet.title.join(' ')}</h1>
      <p class="code">${sheet.subtitle}</p>
      ${sheet.parts.map(partOf)}
      <div class="hands">${sheet.signatures.map(handOf)}</div>
      ${sheet.notes.map((note) => html`<p class="quiet">${note}</p>`)}
      <p class="quiet">
        ${sheet.form} (Thông tư 03/2025/TT-VPCP). <a href="${sheet.link.url}">Tra cứu tiến độ</a>: ${sheet.link.url}
      </p>
    </article>`,
    style,
  )

function partOf(part: Part) {
  switch (part.kind) {
    case 'text':
      return part.weight ? html`<p><strong>${part.text}</strong></p>` : html`<p>${part.text}</p>`
    case 'facts':
      return html`<dl>
        ${part.rows.map(
          ({ label, value, weight }) =>
            html`<dt>${label}</dt>
              <dd>${weight ? html`<strong>${value}</strong>` : value}</dd>`,
        )}
      </dl>`
    case 'table':
      return html`<table>
        <colgroup>
          ${part.columns.map(({ share }) => html`<col style="width:${share * 100}%" />`)}
        </colgroup>
        <thead>
          <tr>
            ${part.columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${part.rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((cell, at) => html`<td class="${part.columns[at]?.align ?? ''}">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`
  }
}

const handOf = (signature: Signature) =>
  html`<div>
    ${
      signature
        ? html`<p><strong>${signature.office}</strong></p>
            <p class="quiet">${signature.sealed ? '(bản PDF có ký số của cơ quan)' : signature.how}</p>
            <p class="name">${signature.name}</p>`
        : ''
    }
  </div>`

import { html } from 'hono/html'
import { page } from '../page.ts'
import { copyFacts, time, type Said } from '../verifications/page.ts'

/** What whoever holds the link of a share sees. */
export function sharePage({ copy, purpose, until, disclose, content }: Lent) {
  return page(
    `Bản sao được chia sẻ ${copy.number}`,
    html`<h1>Bản sao điện tử được chia sẻ<br /><span class="quiet">A certified copy, lent to you</span></h1>
      ${copyFacts(copy)}
      <dl>
        <dt>Mục đích · Purpose</dt>
        <dd>${purpose ?? '–'}</dd>
        <dt>Đến · Until</dt>
        <dd>${time(until)}</dd>
      </dl>
      <p>
        ${
          disclose
            ? html`<a href="${content}" rel="noreferrer">Mở chứng nhận dữ liệu (SD-JWT) · Open the facts (SD-JWT)</a>.`
            : html`<a href="${content}" rel="noreferrer">Mở tệp PDF đã ký · Open the signed PDF</a>.`
        }
        <span class="quiet">Mỗi lần mở đều được ghi lại. Each opening is recorded.</span>
      </p>`,
  )
}

type Lent = { copy: Said; purpose: string | null; until: string; disclose: unknown[] | null; content: string }

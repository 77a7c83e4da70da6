import { html } from 'hono/html'
import { page } from '../page.ts'

export type Said = {
  number: string
  status: string
  title: string
  unit: { name: { vi: string; en: string } }
  certifier: string
  certifiedAt: string
  sha256: string | null
  supersededBy: string | null
  revoked: { at: string; reason: string } | null
}

const words: Record<string, [tone: string, vi: string, en: string]> = {
  valid: ['good', 'Còn giá trị', 'Valid'],
  issuing: ['quiet', 'Đang cấp', 'Being issued'],
  revoked: ['bad', 'Đã thu hồi', 'Revoked'],
  superseded: ['bad', 'Đã được thay thế', 'Superseded'],
  failed: ['bad', 'Không cấp được', 'Not issued'],
}

export const time = (at: string) => `${at.slice(11, 16)} ngày ${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}`

/** What a phone shows when it reads the QR code of a copy. */
export function copyPage(said: Said) {
  return page(
    `Bản sao chứng thực ${said.number}`,
    html`<h1>Bản sao điện tử được chứng thực<br /><span class="quiet">Electronically certified copy</span></h1>
      ${copyFacts(said)}
      <h2>Kiểm tra tệp · Check the file</h2>
      <p>
        Trang này chỉ cho biết số chứng thực có trong sổ. Để biết tệp PDF trong tay có đúng là bản đã cấp, hãy
        <a href="/verify?lang=vi">kiểm tra tệp ngay trong trình duyệt</a> (tệp không được gửi đi), gửi tệp tới
        <code>POST /v1/verifications</code>, hoặc so mã SHA-256.
      </p>
      <p class="quiet">
        This page says only that the number stands in the register. To know whether the PDF in your hand is the one that
        was issued, <a href="/verify?lang=en">check it in your browser</a> (it is sent nowhere), send it to
        <code>POST /v1/verifications</code> or compare its SHA-256.
      </p>`,
  )
}

/** What the register says of a copy, in words. */
export function copyFacts(said: Said) {
  const [tone, vi, en] = words[said.status] ?? ['quiet', said.status, said.status]
  return html`<p><span class="status ${tone}">${vi} · ${en}</span></p>
    <dl>
      <dt>Giấy tờ · Document</dt>
      <dd>${said.title}</dd>
      <dt>Số chứng thực · Number</dt>
      <dd class="mono">${said.number}</dd>
      <dt>Cơ quan · Unit</dt>
      <dd>${said.unit.name.vi}</dd>
      <dt>Người chứng thực · Certifier</dt>
      <dd>${said.certifier}</dd>
      <dt>Thời điểm · Time</dt>
      <dd>${time(said.certifiedAt)}</dd>
      ${
        said.revoked
          ? html`<dt>Thu hồi · Revoked</dt>
              <dd>${time(said.revoked.at)}: ${said.revoked.reason}</dd>`
          : ''
      }
      ${
        said.supersededBy
          ? html`<dt>Thay thế bởi · Superseded by</dt>
              <dd class="mono"><a href="/v1/verifications/${said.supersededBy}">${said.supersededBy}</a></dd>`
          : ''
      }
      ${
        said.sha256
          ? html`<dt>SHA-256</dt>
              <dd class="mono">${said.sha256}</dd>`
          : ''
      }
    </dl>`
}

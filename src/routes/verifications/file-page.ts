import { createRoute, z } from '@hono/zod-openapi'
import { html, raw } from 'hono/html'
import type { Api } from '../../app.ts'
import { type PublicTrust, readTrust } from '../../usecases/verifications/trust.ts'
import { asPublic } from '../middleware/as-public.ts'
import { page } from '../page.ts'
import { languageOf, problemReplies } from '../problem.ts'

/** A script of our own, and nothing but this service to ask; no text ever becomes markup or code. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const words = {
  vi: {
    title: 'Kiểm tra tệp',
    heading: 'Kiểm tra chữ ký của một tệp PDF',
    promise:
      'Tệp được kiểm tra ngay trong trình duyệt của bạn và không được gửi đi đâu. Nội dung của tệp không rời khỏi máy này.',
    choose: 'Kéo tệp PDF vào đây, hoặc chọn tệp (tối đa 10 MB)',
    other: 'English',
    scriptless: 'Trang này cần JavaScript. Cách kiểm tra khác: gửi tệp tới POST /v1/verifications.',
    working: 'Đang kiểm tra…',
    fault: 'Không đọc được tệp này.',
    tooLarge: 'Tệp lớn hơn 10 MB.',
    ofFile: {
      'TOTAL-PASSED': 'Mọi chữ ký đều đúng, tệp không bị sửa',
      'TOTAL-FAILED': 'Không tin được tệp này',
      INDETERMINATE: 'Không kết luận được',
    },
    ofSignature: {
      'TOTAL-PASSED': 'Chữ ký đúng',
      'TOTAL-FAILED': 'Chữ ký sai',
      INDETERMINATE: 'Không kết luận được',
    },
    stamp: 'Dấu thời gian của tệp',
    unknown: 'Không rõ người ký',
    organisation: 'Cơ quan, tổ chức',
    provenAt: 'Đã có vào lúc',
    issuer: 'Chứng thư do',
    today: 'Hôm nay bản này còn giá trị không?',
    consent:
      'Chữ ký chỉ cho biết tệp đúng khi được ký. Nếu bạn đồng ý, trang hỏi sổ chứng thực bằng mã SHA-256 của tệp (64 ký tự, không suy ra được nội dung); tệp vẫn không được gửi đi.',
    ask: 'Đồng ý, hỏi sổ chứng thực',
    away: 'Không hỏi được sổ lúc này. Hãy thử lại sau.',
    notRegistered: 'Sổ chứng thực của thành phố không có tệp này.',
    number: 'Số chứng thực',
    document: 'Giấy tờ',
    unit: 'Cơ quan',
    statuses: {
      valid: 'Còn giá trị',
      revoked: 'Đã thu hồi',
      superseded: 'Đã được thay thế',
      issuing: 'Đang cấp',
      failed: 'Không cấp',
    },
  },
  en: {
    title: 'Check a file',
    heading: 'Check the signatures of a PDF',
    promise:
      'The file is checked right here in your browser and is sent nowhere. What is in it does not leave this machine.',
    choose: 'Drop a PDF here, or choose one (up to 10 MB)',
    other: 'Tiếng Việt',
    scriptless: 'This page needs JavaScript. Another way: send the file to POST /v1/verifications.',
    working: 'Checking…',
    fault: 'This file cannot be read.',
    tooLarge: 'The file is larger than 10 MB.',
    ofFile: {
      'TOTAL-PASSED': 'Every signature is sound, and nothing was changed',
      'TOTAL-FAILED': 'This file cannot be trusted',
      INDETERMINATE: 'It cannot be told',
    },
    ofSignature: {
      'TOTAL-PASSED': 'Sound',
      'TOTAL-FAILED': 'Not sound',
      INDETERMINATE: 'It cannot be told',
    },
    stamp: 'Time-stamp over the file',
    unknown: 'An unknown signer',
    organisation: 'Organisation',
    provenAt: 'Was there at',
    issuer: 'Certificate by',
    today: 'Does it count today?',
    consent:
      'Signatures tell only that the file was right when it was signed. If you agree, this page asks the register by the SHA-256 of the file (64 letters that tell nothing of what is in it); the file itself is still sent nowhere.',
    ask: 'I agree, ask the register',
    away: 'The register cannot be asked just now. Try again later.',
    notRegistered: 'The register of the city does not know this file.',
    number: 'Number',
    document: 'Document',
    unit: 'Unit',
    statuses: {
      valid: 'Valid',
      revoked: 'Revoked',
      superseded: 'Superseded',
      issuing: 'Being issued',
      failed: 'Not issued',
    },
  },
}

const style = `
#drop { display: block; padding: 2.5rem 1rem; border: 2px dashed var(--line); border-radius: .6rem; text-align: center; cursor: pointer }
#drop.over, #drop:focus-within { border-color: var(--accent) } #drop[hidden] { display: none } #drop input { display: block; margin: 1rem auto 0; max-width: 100% }
.signature { margin: 1.25rem 0; padding: .25rem 1rem 1rem; border: 1px solid var(--line); border-radius: .6rem } h3 { margin: .75rem 0 .25rem; font-size: 1.05rem }
.doubt { color: #92400e } @media (prefers-color-scheme: dark) { .doubt { color: #fcd34d } }
button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: .4rem; background: var(--accent); color: var(--paper); cursor: pointer }
button:disabled { opacity: .6 } li { margin: .3rem 0 } .answer { margin-top: 1rem }`

/** As data of a script element that is never run: nothing in it may end the element. */
const json = (id: string, value: unknown) =>
  html`<script type="application/json" id="${id}">
    ${raw(JSON.stringify(value).replaceAll('<', '\\u003c'))}
  </script>`

function filePage(language: 'vi' | 'en', trust: PublicTrust) {
  const said = words[language]
  const another = language === 'vi' ? 'en' : 'vi'
  return page(
    said.title,
    html`<p><a href="?lang=${another}" lang="${another}" hreflang="${another}">${said.other}</a></p>
      <h1>${said.heading}</h1>
      <p>${said.promise}</p>
      <label id="drop" hidden>${said.choose}<input type="file" id="file" accept="application/pdf,.pdf" /></label>
      <noscript><p>${said.scriptless}</p></noscript>
      <div id="result" aria-live="polite"></div>
      ${json('words', { words: said, language })} ${json('trust', trust)}
      <script type="module" src="/verify/verify.js"></script>`,
    style,
    language,
  )
}

const route = createRoute({
  method: 'get',
  path: '/verify',
  operationId: 'checkFileHere',
  tags: ['House'],
  security: [],
  summary: 'A page that checks a PDF without sending it',
  description:
    'In Vietnamese or English. The judge of `POST /v1/verifications` runs in the browser; only if the reader agrees is the register asked, by the SHA-256 of the file.',
  request: {
    query: z.strictObject({
      lang: z
        .enum(['vi', 'en'])
        .optional()
        .openapi({ description: 'The language; by `Accept-Language` where it is not said.' }),
    }),
  },
  responses: {
    200: {
      description: 'The page',
      headers: z.object({ 'content-language': z.string().openapi({ description: 'The language of the page.' }) }),
      content: { 'text/html': { schema: z.string().max(1_000_000) } },
    },
    ...problemReplies('invalid-request', 'internal'),
  },
})

/** The page and the scripts that it runs. */
export function filePageRoute(api: Api) {
  api.use('/verify', asPublic)
  api.openapi(route, async (c) => {
    const language = c.req.valid('query').lang ?? languageOf(c)
    return c.html(filePage(language, await readTrust(c.var.context)), 200, {
      'content-security-policy': policy,
      'content-language': language,
      'cache-control': 'public, max-age=300',
      vary: 'Accept-Language',
    })
  })
  api.get('/verify/:file{verify(-pdf)?\\.js}', async (c) => {
    const known = c.req.header('if-none-match')
    const asked = new Request(new URL(`/verify/${c.req.param('file')}`, c.req.url), {
      headers: known === undefined ? {} : { 'if-none-match': known },
    })
    const asset = await c.env.ASSETS.fetch(asked)
    return new Response(asset.body, { status: asset.status, headers: asset.headers })
  })
}

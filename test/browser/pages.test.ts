import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { problems } from '../../src/routes/problems.ts'
import type { Services } from '../../src/local/services.ts'
import { personToken } from '../../src/local/token.ts'
import { pdf } from '../support/pdf.ts'
import { openBrowser, openServices, pictures, places } from './setting.ts'

const { service } = places

const Items = z.record(z.string(), z.looseObject({}))
const Description = z.object({ paths: Items, webhooks: Items })
const Answer = z.object({
  code: z.string().optional(),
  id: z.string().optional(),
  number: z.string().optional(),
  status: z.string().optional(),
  result: z.object({ copy: z.string() }).nullish(),
})

let services: Services
let browser: Browser

beforeAll(async () => {
  services = await openServices()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await services?.close()
})

/** A window that keeps what its pages complain of, and what they ask of other places. */
async function window(options: Parameters<Browser['newContext']>[0] = {}) {
  const context: BrowserContext = await browser.newContext({ locale: 'vi-VN', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(service) && !url.startsWith('data:')) complaints.push(`asked ${url}`)
  })
  return { page, complaints, context }
}

const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })

/** Opens an operation of the reference and sends it; answers the status that is shown. */
async function execute(page: Page, tag: string, operation: string, fill: Record<string, string> = {}) {
  const block = page.locator(`#operations-${tag}-${operation}`)
  await block.locator('.opblock-summary-control').click()
  for (const [name, value] of Object.entries(fill))
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value)
  await block.getByRole('button', { name: 'Execute' }).click()
  const status = block.locator('.live-responses-table tbody .response-col_status').first()
  await status.waitFor()
  return { block, status: (await status.innerText()).trim().slice(0, 3) }
}

async function authorize(page: Page, scheme: string, token: string) {
  await page.locator('.auth-wrapper .authorize').first().click()
  const heading = page.locator('h4', { hasText: new RegExp(`^\\s*${scheme}\\b`) })
  const box = page.locator('.auth-container').filter({ has: heading })
  await box.getByLabel('auth-bearer-value').fill(token)
  await box.getByRole('button', { name: 'Apply credentials' }).click()
  await box.getByRole('button', { name: 'Close' }).click()
}

describe('the reference', () => {
  test('opens with no network but this service, complains of nothing, and shows every operation', async () => {
    const { page, complaints, context } = await window()
    const reply = await page.goto(`${service}/docs`)
    expect(reply?.headers()['content-security-policy']).toContain("script-src 'self'")
    await page.locator('.opblock').first().waitFor()
    const described = Description.parse(await (await fetch(`${service}/openapi.json`)).json())
    const items = [...Object.values(described.paths), ...Object.values(described.webhooks)]
    const count = items.flatMap((item) => Object.keys(item)).length
    expect(await page.locator('.opblock').count()).toBe(count)
    expect(await page.title()).toBe('Một cửa · API')
    await picture(page, 'docs')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('sends a dossier as the example has it, with a token that a reload does not lose', async () => {
    const { page, complaints, context } = await window({ viewport: { width: 1280, height: 1000 } })
    await page.goto(`${service}/docs`)
    await page.locator('.opblock').first().waitFor()
    await authorize(page, 'citizen', await personToken(places.identity, 'citizen'))
    await page.reload()
    await page.locator('.opblock').first().waitFor()
    const { block, status } = await execute(page, 'Dossiers', 'fileDossier', { 'idempotency-key': crypto.randomUUID() })
    expect(status).toBe('201')
    expect(await block.locator('.live-responses-table').innerText()).toContain('lookupSecret')
    await block.scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(pictures, 'docs-sent.png') })
    expect((await execute(page, 'Dossiers', 'listDossiers')).status).toBe('200')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows a problem as a problem', async () => {
    const { page, context } = await window()
    await page.goto(`${service}/docs#/Dossiers/listDossiers`)
    await page.locator('#operations-Dossiers-listDossiers .execute').click()
    const shown = page.locator('#operations-Dossiers-listDossiers .live-responses-table')
    await shown.waitFor()
    expect(await shown.innerText()).toContain('token-needed')
    await context.close()
  })
})

/** A copy that was really issued: its number, which the QR code on it opens, and its file. */
async function issuedCopy(): Promise<{ number: string; file: Buffer }> {
  const as = async (who: string) => ({ authorization: `Bearer ${await personToken(places.identity, who)}` })
  const send = async (who: string, path: string, body: unknown, more: Record<string, string> = {}) => {
    const isPdf = body instanceof Uint8Array
    const headers = { 'content-type': isPdf ? 'application/pdf' : 'application/json', ...(await as(who)), ...more }
    const reply = await fetch(service + path, { method: 'POST', headers, body: isPdf ? body : JSON.stringify(body) })
    if (!reply.ok) throw new Error(await reply.text())
    return Answer.parse(await reply.json())
  }
  const { code } = await send('citizen', '/v1/dossiers', examples.submission, {
    'idempotency-key': crypto.randomUUID(),
  })
  const steps = `/v1/dossiers/${code}/transitions`
  await send('reception', steps, { to: 'accepted' }, { 'if-match': '"1"' })
  const { id } = await send('certifier', '/v1/files', pdf())
  const move = { to: 'resolved', outcome: 'granted', paper: { scan: id, paperSeen: true } }
  const { result } = await send('certifier', steps, move, { 'if-match': '"2"' })
  for (let tries = 0; tries < 100; tries++) {
    const reply = await fetch(`${service}/v1/copies/${result?.copy}`, { headers: await as('citizen') })
    const copy = Answer.parse(await reply.json())
    if (copy.status === 'valid' && copy.number) {
      const content = await fetch(`${service}/v1/copies/${result?.copy}/content`, { headers: await as('citizen') })
      return { number: copy.number, file: Buffer.from(await content.arrayBuffer()) }
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the copy was never issued')
}

const isWide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')

/** Paths of this service that the page links to. */
const linksOn = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href]')].filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search)`,
  )

const phone = { viewport: { width: 390, height: 844 } }

describe.each(['vi', 'en'])('the guides in %s', (lang) => {
  test('open from their list on a phone, read well, and lead somewhere', async () => {
    const { page, complaints, context } = await window({ ...phone, locale: lang === 'vi' ? 'vi-VN' : 'en-GB' })
    await page.goto(`${service}/docs/guides?lang=${lang}`)
    await picture(page, `guides-${lang}`)
    const listed = (await linksOn(page)).filter((path) => path.startsWith('/docs/guides/'))
    expect(listed.length).toBeGreaterThan(8)
    const links = new Set(await linksOn(page))
    for (const path of new Set(listed)) {
      const reply = await page.goto(service + path)
      expect([path, reply?.status(), await page.locator('html').getAttribute('lang')]).toEqual([path, 200, lang])
      expect(await page.locator('h1').count(), path).toBe(1)
      expect([path, await isWide(page)]).toEqual([path, false])
      for (const link of await linksOn(page)) links.add(link)
      await picture(page, `guide-${path.split(/[/?]/)[3]}-${lang}`)
    }
    const led = await Promise.all([...links].map(async (path) => [path, (await fetch(service + path)).status]))
    expect(led.filter(([, status]) => status !== 200)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('show code in lines that a thumb moves, in letters that one can read', async () => {
    const { page, context } = await window({ ...phone, locale: lang === 'vi' ? 'vi-VN' : 'en-GB' })
    await page.goto(`${service}/docs/guides/uploads?lang=${lang}`)
    const blocks = await page.evaluate<{ size: number; broken: boolean; within: boolean; moves: boolean }[]>(`
      [...document.querySelectorAll('pre')].map((pre) => {
        const { width, left } = pre.getBoundingClientRect()
        const code = getComputedStyle(pre.querySelector('code') ?? pre)
        return {
          size: parseFloat(code.fontSize),
          broken: !code.whiteSpace.startsWith('pre') || code.whiteSpace === 'pre-wrap',
          within: left >= 0 && left + width <= innerWidth,
          moves: pre.scrollWidth <= pre.clientWidth || getComputedStyle(pre).overflowX === 'auto',
        }
      })`)
    expect(blocks.length).toBeGreaterThan(10)
    for (const { size, broken, within, moves } of blocks) {
      expect(size).toBeGreaterThanOrEqual(12)
      expect([broken, within, moves]).toEqual([false, true, true])
    }
    await context.close()
  })
})

test('every problem has a page at the address of its type, which opens in both languages on a phone', async () => {
  const { page, complaints, context } = await window(phone)
  await page.goto(`${service}/problems`)
  const listed = (await linksOn(page)).filter((path) => path.startsWith('/problems/'))
  expect(new Set(listed)).toEqual(new Set(Object.keys(problems).map((code) => `/problems/${code}`)))
  const wide: string[] = []
  for (const [code, { title, help }] of Object.entries(problems)) {
    const reply = await page.goto(`${service}/problems/${code}`)
    expect([code, reply?.status()]).toEqual([code, 200])
    const said = await page.locator('main').innerText()
    for (const words of [title.vi, title.en, help.vi, help.en]) expect(said, code).toContain(words)
    if (await isWide(page)) wide.push(code)
    if (code === 'file-quarantined') await picture(page, `problem-${code}-phone`)
  }
  expect([wide, complaints]).toEqual([[], []])
  await context.close()
}, 180_000)

describe('pages for people', () => {
  let copy: Awaited<ReturnType<typeof issuedCopy>>
  beforeAll(async () => {
    copy = await issuedCopy()
  })

  test.each([
    ['on a phone', { viewport: { width: 390, height: 844 }, colorScheme: 'light' as const }, 'phone'],
    ['in the dark', { viewport: { width: 1000, height: 800 }, colorScheme: 'dark' as const }, 'dark'],
  ])('problems read well %s', async (_how, options, name) => {
    const { page, complaints, context } = await window(options)
    await page.goto(`${service}/problems`)
    await picture(page, `problems-${name}`)
    await page.getByRole('link', { name: 'Hồ sơ vừa được thay đổi' }).click()
    expect(await page.locator('h1').innerText()).toBe('Hồ sơ vừa được thay đổi')
    await picture(page, `problem-${name}`)
    const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect([wide, complaints]).toEqual([false, []])
    await context.close()
  })

  test('the QR code of a copy opens what its number is worth', async () => {
    const { number } = copy
    const { page, complaints, context } = await window({ viewport: { width: 390, height: 844 } })
    await page.goto(`${service}/v1/verifications/${number}`)
    expect(await page.locator('.status').innerText()).toContain('Còn giá trị')
    expect(await page.locator('main').innerText()).toContain(number)
    await picture(page, 'verification')
    const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect([wide, complaints]).toEqual([false, []])
    await context.close()
  })

  test('a file is judged where it is: nothing of it is sent, and its digest only if the reader agrees', async () => {
    const { page, complaints, context } = await window({ viewport: { width: 900, height: 1000 } })
    const sent: (string | null)[] = []
    page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.postData())))
    await page.goto(`${service}/v1/verifications/${copy.number}`)
    await page.getByRole('link', { name: 'kiểm tra tệp ngay trong trình duyệt' }).click()
    const choose = (name: string, buffer: Buffer) =>
      page.locator('#file').setInputFiles({ name, mimeType: 'application/pdf', buffer })
    const verdict = page.locator('#result > p .status')

    await choose('copy.pdf', copy.file)
    await page.getByText('Mọi chữ ký đều đúng').waitFor()
    expect(await page.locator('.signature h3').allInnerTexts()).toEqual(['Vũ Thị Chứng Thực', 'Phường Cửa Nam'])
    expect(await page.locator('#result').innerText()).not.toMatch(/null|undefined/)
    expect(sent).toEqual([])
    await picture(page, 'verify-good')
    await page.getByRole('button', { name: 'Đồng ý' }).click()
    await page.locator('.answer .status').waitFor()
    expect(await page.locator('.answer').innerText()).toContain(copy.number)
    const digest = createHash('sha256').update(copy.file).digest('hex')
    expect(sent).toEqual([JSON.stringify({ sha256: digest })])
    await picture(page, 'verify-asked')

    const forged = Buffer.from(copy.file)
    forged[500] = (forged[500] ?? 0) ^ 1
    await choose('forged.pdf', forged)
    await page.getByText('Không tin được tệp này').waitFor()
    expect(await verdict.getAttribute('class')).toContain('bad')
    await picture(page, 'verify-forged')
    await choose('unsigned.pdf', Buffer.from(pdf()))
    await page.getByText('unsigned.pdf').waitFor()
    expect(await page.getByRole('button', { name: 'Đồng ý' }).count()).toBe(0)

    await page.getByRole('link', { name: 'English' }).click()
    await choose('copy.pdf', copy.file)
    await page.getByText('Every signature is sound').waitFor()
    expect([sent.length, complaints]).toEqual([1, []])
    await context.close()
  })

  test('the page that checks files fits a phone in the dark, and runs nothing that it did not bring', async () => {
    const { page, complaints, context } = await window({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    const reply = await page.goto(`${service}/verify`)
    const policy = reply?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; connect-src 'self'")
    await page.locator('#file').setInputFiles({ name: 'copy.pdf', mimeType: 'application/pdf', buffer: copy.file })
    await page.getByText('Mọi chữ ký đều đúng').waitFor()
    await picture(page, 'verify-phone')
    const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect([wide, complaints]).toEqual([false, []])
    await context.close()
  })
})

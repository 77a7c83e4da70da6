import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { html, raw } from 'hono/html'
import type { Api, House } from '../../app.ts'
import { page } from '../page.ts'
import { languageOf, problemReplies, Refused } from '../problem.ts'

const common = { method: 'get' as const, tags: ['House'], security: [] }
const found = {
  description: 'The page',
  headers: z.object({ 'content-language': z.string().openapi({ description: 'The language of the page.' }) }),
  content: { 'text/html': { schema: z.string().max(1_000_000) } },
}

const Language = z.strictObject({
  lang: z
    .enum(['vi', 'en'])
    .optional()
    .openapi({ description: 'The language; by `Accept-Language` where it is not said.' }),
})

const listing = createRoute({
  ...common,
  path: '/docs/guides',
  operationId: 'listGuides',
  summary: 'Guides for who builds on this service',
  description: 'A page for people: what to read for what.',
  request: { query: Language },
  responses: { 200: found, ...problemReplies('invalid-request', 'internal') },
})

const reading = createRoute({
  ...common,
  path: '/docs/guides/{name}',
  operationId: 'readGuide',
  summary: 'Read a guide',
  description: 'In Vietnamese or English. Whatever its examples show was really sent and answered.',
  request: {
    query: Language,
    params: z.object({
      name: z
        .string()
        .max(64)
        .openapi({
          param: { name: 'name', in: 'path' },
          example: 'quickstart',
          description: 'As `/docs/guides` lists it.',
        }),
    }),
  },
  responses: { 200: found, ...problemReplies('no-such-address', 'invalid-request', 'internal') },
})

const Asset = z.object({ title: z.string(), body: z.string() })

const style = `
main { max-width: 54rem } nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-bottom: 1.5rem; font-size: .95rem }
pre { overflow-x: auto; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .88rem; line-height: 1.5 }
pre:has(.language-sh), pre:has(.language-js) { border-left: 4px solid var(--accent) }
pre code { font-size: 1em; overflow-wrap: normal } .wide { overflow-x: auto } th { white-space: nowrap }
li { margin: .3rem 0 } h2 { margin-top: 2.2rem } blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line) }`

const words = {
  vi: { guides: 'Mọi hướng dẫn', reference: 'Tài liệu API', other: 'English' },
  en: { guides: 'All guides', reference: 'API reference', other: 'Tiếng Việt' },
}

/** Puts the house's frame around a guide, which was made into HTML when the static files were laid out. */
async function guide(c: HonoContext<House>, name: string, lang: 'vi' | 'en' | undefined) {
  const language = lang ?? languageOf(c)
  const asset = /^[a-z-]+$/.test(name)
    ? await c.env.ASSETS.fetch(new URL(`/docs/guides/${name}.${language}.json`, c.req.url))
    : undefined
  if (!asset?.ok) {
    await asset?.body?.cancel()
    throw new Refused('no-such-address')
  }
  const { title, body } = Asset.parse(await asset.json())
  const { guides, reference, other } = words[language]
  const another = language === 'vi' ? 'en' : 'vi'
  const around = html`<nav>
      <a href="/docs/guides?lang=${language}">${guides}</a>
      <a href="/docs">${reference}</a>
      <a href="?lang=${another}" lang="${another}" hreflang="${another}">${other}</a>
    </nav>
    ${raw(body)}`
  return c.html(page(title, around, style, language), 200, {
    'content-language': language,
    'cache-control': 'public, max-age=300',
    vary: 'Accept-Language',
  })
}

/** The guides below docs/guides/, as pages. */
export function guideRoutes(api: Api) {
  api.openapi(listing, (c) => guide(c, 'index', c.req.valid('query').lang))
  api.openapi(reading, (c) => guide(c, c.req.valid('param').name, c.req.valid('query').lang))
}

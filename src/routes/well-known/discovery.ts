import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { problemReplies } from '../problem.ts'

const Target = z.object({ href: z.url().max(500), type: z.string().max(100).optional() })
const Targets = z.array(Target).max(20)

const Linkset = z
  .object({
    linkset: z
      .array(
        z.object({
          anchor: z.url().max(500),
          'service-desc': Targets,
          'service-doc': Targets,
          'service-meta': Targets,
          status: Targets,
        }),
      )
      .max(10),
  })
  .openapi('Linkset')

/** RFC 9727, 4.2: the profile tells a catalogue of APIs from other sets of links (RFC 9264). */
const linksetType = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'

const common = { method: 'get' as const, tags: ['House'], security: [] }

const catalogue = {
  ...common,
  path: '/.well-known/api-catalog',
  operationId: 'readApiCatalog',
  summary: 'Where to find what describes this API',
  description: 'A set of links (RFC 9264) as RFC 9727 wants it: descriptions, documentation, metadata and status.',
  responses: {
    200: {
      description: 'The links',
      headers: z.object({ link: z.string().openapi({ description: 'This very address, as `api-catalog`.' }) }),
      content: { 'application/linkset+json': { schema: Linkset } },
    },
    ...problemReplies('internal'),
  },
}

const security = createRoute({
  ...common,
  path: '/.well-known/security.txt',
  operationId: 'readSecurityContact',
  summary: 'Whom to tell of a weakness',
  description: 'Where weaknesses can be told, in which languages, and until when that is believed (RFC 9116).',
  responses: {
    200: { description: 'The contact', content: { 'text/plain': { schema: z.string().max(2_000) } } },
    ...problemReplies('internal'),
  },
})

/** How long a contact may be believed: RFC 9116, 2.5.5, asks for less than a year. */
const believed = 90 * 24 * 60 * 60 * 1000

/** What a stranger who knows only the address finds out by machine. */
export function discovery(api: Api) {
  // Not by api.openapi(), which would write the media type without its profile.
  api.openAPIRegistry.registerPath(catalogue)
  api.get(catalogue.path, (c) => {
    const at = (path: string, type = 'application/json') => ({ href: `${c.var.config.publicOrigin}${path}`, type })
    const links = Linkset.parse({
      linkset: [
        {
          anchor: `${c.var.config.publicOrigin}/v1`,
          'service-desc': [at('/openapi.json'), at('/asyncapi.json')],
          'service-doc': [at('/docs', 'text/html'), at('/docs/guides', 'text/html'), at('/problems', 'text/html')],
          'service-meta': [at('/.well-known/oauth-authorization-server'), at('/.well-known/oauth-protected-resource')],
          status: [at('/health')],
        },
      ],
    })
    return c.body(JSON.stringify(links), 200, {
      'content-type': linksetType,
      'cache-control': 'public, max-age=300',
      link: `<${c.var.config.publicOrigin}${catalogue.path}>; rel="api-catalog"`,
    })
  })
  api.openapi(security, (c) => {
    const { publicOrigin, securityContact } = c.var.config
    const expires = new Date(Date.now() + believed)
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${expires.toISOString()}`,
      'Preferred-Languages: vi, en',
      `Canonical: ${publicOrigin}${security.path}`,
    ]
    return c.text(`${lines.join('\n')}\n`, 200, { 'cache-control': 'public, max-age=300' })
  })
}

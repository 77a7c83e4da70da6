import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { localDate } from '../../platform/time.ts'
import { readUnit, type ReadUnit } from '../../usecases/units/read.ts'
import type { Relative } from '../../store/units.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas } from '../shapes.ts'
import { showChoice, showUnit, UnitChoice, UnitView } from './view.ts'

const no = refusals('no-such-unit')

const IdOrCode = z
  .string()
  .regex(/^[A-Z0-9-]{1,45}$/)
  .openapi({
    param: { name: 'id', in: 'path' },
    example: '00082-2025',
    description: 'The id; a bare code is answered with a choice.',
  })

const route = createRoute({
  method: 'get',
  path: '/v1/units/{id}',
  operationId: 'readUnit',
  tags: ['Catalogue'],
  summary: 'Read a unit',
  description:
    'A unit past or present, whom it took over from and who took over from it, by which clause of which law; `Link` points on to them (RFC 5829). Official codes are re-used, so a code alone (`00082`) is answered with 300 and the units that ever bore it.',
  security: [],
  request: {
    params: z.object({ id: IdOrCode }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The unit',
      headers: z.object({
        etag: z.string(),
        link: z.string().optional().openapi({ description: '`successor-version` and `predecessor-version`.' }),
      }),
      content: { 'application/json': { schema: UnitView } },
    },
    300: { description: 'A code, not an id: which one?', content: { 'application/json': { schema: UnitChoice } } },
    304: { description: 'You have this already.' },
    ...no.responses,
  },
})

export function readRoute(api: Api) {
  api.openapi(route, async (c) => {
    const read = no.unwrap(await readUnit(c.var.context, c.req.valid('param').id))
    const today = localDate(c.var.context.now())
    if (read.found === 'code') return c.json(showChoice(read, today), 300, { 'cache-control': cachedForMinutes })
    const view = showUnit(read, today)
    const link = linkRelatives(c.var.config.publicOrigin, read)
    const headers = { etag: await contentTag(view), 'cache-control': cachedForMinutes, ...(link && { link }) }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(view, 200, headers)
  })
}

/** Who took over, and whom it took over from, as typed links; empty where there is nobody. */
function linkRelatives(origin: string, { successors, predecessors }: ReadUnit & { found: 'unit' }): string {
  const links = (relatives: Relative[], rel: string) =>
    relatives.map(({ unit }) => `<${origin}/v1/units/${unit.id}>; rel="${rel}"`)
  return [...links(successors, 'successor-version'), ...links(predecessors, 'predecessor-version')].join(', ')
}

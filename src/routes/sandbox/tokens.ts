import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { roles } from '../../domain/actor.ts'
import { tokenLifetime } from '../../platform/jwt.ts'
import { tokenForPerson } from '../../usecases/sandbox/people.ts'
import { refusals } from '../problem.ts'
import { Line, PersonalId, TaxCode, UnitId } from '../shapes.ts'

const name = Line(200).optional().openapi({ example: 'Nguyễn Thị Mẫu' })

const TestPerson = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('citizen'), personalId: PersonalId, name }),
    z.strictObject({ kind: z.literal('organisation'), taxCode: TaxCode, name }),
    z.strictObject({
      kind: z.literal('officer'),
      unit: UnitId,
      roles: z.array(z.enum(roles)).min(1).max(roles.length),
      name,
    }),
  ])
  .openapi('TestPerson', { example: { kind: 'citizen', personalId: '001190000001' } })

const PersonToken = z
  .object({
    accessToken: z.string().max(8192),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().openapi({ description: 'Seconds, of the real time.' }),
  })
  .openapi('TestPersonToken', {
    example: {
      accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
      tokenType: 'Bearer',
      expiresIn: tokenLifetime,
    },
  })

const no = refusals('token-needed', 'not-allowed', 'sandbox-only', 'no-such-unit', 'wrong-media-type', 'too-large')
const route = createRoute({
  method: 'post',
  path: '/v1/sandbox/tokens',
  operationId: 'makeTestToken',
  tags: ['Sandbox'],
  summary: 'Get a token for a test person',
  description:
    'A citizen, an organisation’s account or an officer of any unit, all of them invented by you. The token is good in this sandbox and nowhere else.',
  security: [{ app: [] }],
  request: { body: { required: true, content: { 'application/json': { schema: TestPerson } } } },
  responses: {
    200: { description: 'The token', content: { 'application/json': { schema: PersonToken } } },
    ...no.responses,
  },
})

export function tokenRoute(api: Api) {
  api.openapi(route, async (c) => {
    const accessToken = no.unwrap(await tokenForPerson(c.var.context, c.req.valid('json')))
    return c.json(PersonToken.parse({ accessToken, tokenType: 'Bearer', expiresIn: tokenLifetime }), 200)
  })
}

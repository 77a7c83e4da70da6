import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { scenarios } from '../../domain/scenario.ts'
import { readSandbox, resetSandbox } from '../../usecases/sandbox/reset.ts'
import { refusals } from '../problem.ts'

const SandboxView = z
  .object({
    app: z.string().max(64).openapi({ example: 'app_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' }),
    address: z.url().max(500).openapi({
      description: 'Where it is reached without a token: all links that it prints begin like this.',
    }),
    scenarios: z
      .array(z.enum(scenarios))
      .max(scenarios.length)
      .openapi({ description: 'What `Sandbox-Scenario` takes.' }),
    rootCertificate: z
      .string()
      .max(5000)
      .openapi({ description: 'The test root of its copies, as PEM; the live service does not trust it.' }),
  })
  .openapi('Sandbox')

const security = [{ app: [] }]

const noRead = refusals('token-needed', 'not-allowed', 'sandbox-only')
const read = createRoute({
  method: 'get',
  path: '/v1/sandbox',
  operationId: 'readSandbox',
  tags: ['Sandbox'],
  summary: 'Read what sandbox this is',
  description: 'Its address, the scenarios that its officers know, and the root certificate of its copies.',
  security,
  responses: {
    200: { description: 'The sandbox', content: { 'application/json': { schema: SandboxView } } },
    ...noRead.responses,
  },
})

const noReset = refusals('token-needed', 'not-allowed', 'sandbox-only')
const reset = createRoute({
  method: 'delete',
  path: '/v1/sandbox',
  operationId: 'resetSandbox',
  tags: ['Sandbox'],
  summary: 'Begin the sandbox anew',
  description:
    'Empties it of dossiers, files, copies, webhooks and people, and sets its clock to the real time. Tokens of test people end; the app’s own stays good.',
  security,
  responses: { 204: { description: 'It is as new' }, ...noReset.responses },
})

export function sandboxRoutes(api: Api) {
  api.openapi(read, async (c) => {
    const { app, address, root } = noRead.unwrap(await readSandbox(c.var.context))
    return c.json(SandboxView.parse({ app, address, scenarios, rootCertificate: pem(root) }), 200)
  })
  api.openapi(reset, async (c) => {
    noReset.unwrap(await resetSandbox(c.var.context))
    return c.body(null, 204)
  })
}

const pem = (der: Uint8Array) => {
  const lines = btoa(String.fromCharCode(...der)).replaceAll(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines.trim()}\n-----END CERTIFICATE-----\n`
}

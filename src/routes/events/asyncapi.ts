import type { Api } from '../../app.ts'
import { openapiDocument } from '../house/document.ts'
import { messages, pascalOf } from './types.ts'

type Part = Record<string, unknown>
const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null
const partAt = (root: unknown, ...steps: string[]): Part =>
  steps.reduce<Part>((part, step) => (isPart(part[step]) ? part[step] : {}), isPart(root) ? root : {})

/** The names of all schemas that a part of the document refers to, also by way of others. */
function schemasOf(part: unknown, all: Part, found = new Set<string>()): Set<string> {
  if (!isPart(part)) return found
  for (const [key, inner] of Object.entries(part)) {
    const name = key === '$ref' ? /^#\/components\/schemas\/(.+)$/.exec(String(inner))?.[1] : undefined
    if (name === undefined) schemasOf(inner, all, found)
    else if (!found.has(name)) schemasOf(all[name], all, found.add(name))
  }
  return found
}

/** A message's headers as one schema, out of the parameters that OpenAPI makes of them. */
function headersOf(operation: Part): Part {
  const given = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isPart) : []
  const named = given.map((one): [string, unknown] => [String(one['name']), one['schema']])
  return { type: 'object', required: named.map(([name]) => name), properties: Object.fromEntries(named) }
}

/** What the service tells of its own accord, as AsyncAPI 3: the same schemas, out of the OpenAPI document. */
export function asyncapiDocument(api: Api, origin: string) {
  const openapi = openapiDocument(api, origin)
  const all = partAt(openapi, 'components', 'schemas')
  const told = messages.map(({ type, summary, example }) => {
    const operation = partAt(openapi, 'webhooks', type, 'post')
    const content = partAt(operation, 'requestBody', 'content', contentType)
    const message = {
      name: type,
      title: summary,
      summary: `${summary}.`,
      contentType,
      headers: headersOf(operation),
      payload: content['schema'],
      examples: [{ name: pascalOf(type), payload: example }],
    }
    return [pascalOf(type), message] as const
  })
  const schemas = [...schemasOf(told, all)].toSorted()
  const { title, version, contact, license } = openapi.info
  return {
    asyncapi: '3.0.0',
    info: { title: `${title}: events`, version, description, contact, license },
    defaultContentType: contentType,
    channels: {
      receiver: {
        address: null,
        title: 'The receiver of an app',
        description: 'The `url` of a webhook: `POST /v1/webhooks` names it.',
        messages: Object.fromEntries(told.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      tellReceiver: {
        action: 'send',
        channel: { $ref: '#/channels/receiver' },
        title: 'Tell what happened',
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        messages: told.map(([name]) => ({ $ref: `#/channels/receiver/messages/${name}` })),
      },
    },
    components: {
      messages: Object.fromEntries(told),
      schemas: Object.fromEntries(schemas.map((name) => [name, all[name]])),
    },
  }
}

const contentType = 'application/cloudevents+json'
const description =
  'Each event is posted to every receiver that wants it, as CloudEvents 1.0.2 in structured mode, signed as Standard Webhooks 1.0. It may come twice and in any order: the id tells what came before, the sequence what came first. The same events stand in order at `GET /v1/events`.'

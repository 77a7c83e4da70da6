import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import schema from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { asyncapiText } from '../../../openapi/generate.ts'
import { feedTypes } from '../../../src/domain/feed.ts'

const document = JSON.parse(asyncapiText())
const messages = Object.values<Record<string, any>>(document.components.messages)

test('the committed description of events is what the code says', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../openapi/asyncapi.json'), 'utf8')).toBe(asyncapiText())
})

test('it is an AsyncAPI 3 document by the schema of its makers', () => {
  // The schema brings its own copy of JSON Schema draft 7.
  const validate = new Ajv({ strict: false, validateFormats: false, meta: false }).compile(schema)
  expect([validate(document), validate.errors]).toEqual([true, null])
  expect(validate({ ...document, channels: 1 })).toBe(false)
})

test('it knows every event that is told, and the ping', () => {
  expect(messages.map(({ name }) => name)).toEqual([...feedTypes, 'webhook.ping'])
})

describe.each(messages.map((message) => [message['name'], message] as const))('%s', (_name, message) => {
  test('has an example that its schema takes, of that type only and with its facts', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'doc', components: document.components })
    const name = message['payload'].$ref.split('/').at(-1)
    const validate = ajv.compile({ $ref: `doc#/components/schemas/${name}` })
    const [{ payload }] = message['examples']
    expect([validate(payload), validate.errors]).toEqual([true, null])
    expect(validate({ ...payload, type: 'moon.rose' })).toBe(false)
    expect(validate({ ...payload, data: {} })).toBe(false)
  })
})

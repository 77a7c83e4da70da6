// Writes openapi/openapi.json and openapi/asyncapi.json, the descriptions that clients are made from, out of the very schemas that the service checks with.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import { asyncapiDocument } from '../src/routes/events/asyncapi.ts'
import { openapiDocument } from '../src/routes/house/document.ts'

/** The document as the repository keeps it; a running service names its own origin instead. */
export const describe = () => openapiDocument(createApp(), 'https://api.example.gov.vn')

export const openapiText = (): string => `${JSON.stringify(describe(), null, 2)}\n`

export const asyncapiText = (): string =>
  `${JSON.stringify(asyncapiDocument(createApp(), 'https://api.example.gov.vn'), null, 2)}\n`

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, 'openapi.json'), openapiText())
  writeFileSync(join(import.meta.dirname, 'asyncapi.json'), asyncapiText())
}

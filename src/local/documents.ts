import { asyncapiText, openapiText } from '../../openapi/generate.ts'
import { dataDictionary } from './data-dictionary.ts'
import { migrationsModule } from './migrations-document.ts'
import { stateDocument } from './state-document.ts'

/** The documents that are made out of the code, by path: `npm run docs` writes them, `npm run check` compares them. */
export async function documents(root: string): Promise<Record<string, string>> {
  return {
    'openapi/openapi.json': openapiText(),
    'openapi/asyncapi.json': asyncapiText(),
    'docs/state.md': stateDocument(),
    'src/sandbox/migrations.ts': await migrationsModule(root),
    'docs/data-dictionary.md': await dataDictionary(root),
  }
}

// Lays out the static files of /docs: the reference's script and style out of the installed package, and three lines of our own.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const target = join(import.meta.dirname, '../../.assets/docs')

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, tryItOutEnabled: true, validatorUrl: null, defaultModelsExpandDepth: 0 })
`

/** Writes them where wrangler.toml says that the static files are. */
export function layOutAssets(): void {
  mkdirSync(target, { recursive: true })
  for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) copyFileSync(join(source, file), join(target, file))
  writeFileSync(join(target, 'docs.js'), start)
}

if (import.meta.main) layOutAssets()

// Lays out the static files of /docs: the reference's script and style out of the installed package, a few lines of our own, and the guides.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { layOutGuides } from './guides/pages.ts'

const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const own = join(import.meta.dirname, 'reference')
const target = join(import.meta.dirname, '../../.assets/docs')

/** Writes them where wrangler.toml says that the static files are. */
export function layOutAssets(): void {
  mkdirSync(target, { recursive: true })
  for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) copyFileSync(join(source, file), join(target, file))
  for (const file of ['docs.js', 'docs.css']) copyFileSync(join(own, file), join(target, file))
  layOutGuides(join(target, 'guides'))
}

if (import.meta.main) layOutAssets()

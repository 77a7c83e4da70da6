// Lays out the static files: for /docs the reference's script and style out of the installed package, a few lines of our own and the
// guides; for /verify its script and the judge.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundleForBrowsers } from './bundle.ts'
import { layOutGuides } from './guides/pages.ts'

const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const own = join(import.meta.dirname, 'reference')
const assets = join(import.meta.dirname, '../../.assets')
const target = join(assets, 'docs')

/** Writes them where wrangler.toml says that the static files are. */
export async function layOutAssets(): Promise<void> {
  mkdirSync(target, { recursive: true })
  for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) copyFileSync(join(source, file), join(target, file))
  for (const file of ['docs.js', 'docs.css']) copyFileSync(join(own, file), join(target, file))
  layOutGuides(join(target, 'guides'))
  mkdirSync(join(assets, 'verify'), { recursive: true })
  copyFileSync(join(import.meta.dirname, 'verify-page/verify.js'), join(assets, 'verify/verify.js'))
  await bundleForBrowsers(join(assets, 'verify/verify-pdf.js'))
}

if (import.meta.main) await layOutAssets()

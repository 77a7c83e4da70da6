// Makes the judge of PDFs into one file that needs nothing else: a command for Node 20 and later, a module for browsers.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** `npx motcua-verify`: npm runs this when it installs. */
export async function bundleCommand(outfile = join(root, 'dist/motcua-verify.js')): Promise<void> {
  await build({
    entryPoints: [join(root, 'src/local/motcua-verify.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  })
  chmodSync(outfile, 0o755)
}

const inflateInBrowsers: Plugin = {
  name: 'inflate-in-browsers',
  setup(bundle) {
    bundle.onResolve({ filter: /\/inflate\.ts$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, 'inflate-in-browsers.ts'),
    }))
  },
}

/** `verifyPdf` for a page that checks a file without sending it anywhere. Fails if it needed anything that only Node has. */
export async function bundleForBrowsers(outfile = join(root, 'dist/verify-pdf.js')): Promise<void> {
  await build({
    entryPoints: [join(root, 'src/paper/verify.ts')],
    outfile,
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    minify: true,
    plugins: [inflateInBrowsers],
    logLevel: 'warning',
  })
}

if (import.meta.main) await Promise.all([bundleCommand(), bundleForBrowsers()])

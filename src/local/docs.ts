// Writes the documents that are made out of the code: `npm run docs`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents } from './documents.ts'

const root = join(import.meta.dirname, '../..')
for (const [path, text] of Object.entries(await documents(root))) writeFileSync(join(root, path), text)

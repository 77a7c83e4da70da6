import { filesBelow } from './checks/tree.ts'

/** The list of migrations as a module: a sandbox, which has no tool beside it, brings its database to the newest schema itself. */
export async function migrationsModule(root: string): Promise<string> {
  const names = (await filesBelow(root, 'migrations', ['.sql'])).map((path) =>
    path.replace(/^migrations\/|\.sql$/g, ''),
  )
  const number = (name: string) => name.slice(0, 4)
  const imports = names.map((name) => `import m${number(name)} from '../../migrations/${name}.sql'`)
  const rows = names.map((name) => `  ['${name}', m${number(name)}],`)
  return `// Written by "npm run docs".
${imports.join('\n')}

/** Every migration with its text, in order. */
export const migrations: readonly [name: string, sql: string][] = [
${rows.join('\n')}
]
`
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { type CatalogueRows, readCatalogue } from '../imports/catalogue.ts'
import type { Finding } from '../imports/report.ts'
import { literal } from '../imports/sql.ts'
import { localDate } from '../platform/time.ts'
import { catalogueStatements, type DatasetName, datasets, readFiles } from './catalogue.ts'

const usage = `npm run import -- <dataset> [file] [options]

  <dataset>          all, ${datasets.join(', ')}
  [file]             another file in the place of data/<dataset>.json
  --local            into the local database (default)
  --remote           into the database of your account
  --persist-to DIR   where the local database lies, if not where wrangler puts it
  --dry-run          only read and judge
  --from DATE        first day of procedures that changed (default: today)
`

/** Reads, judges and writes. Answers the exit code: 0, 1 when the data has errors (nothing is written), 2 on wrong use. */
export function runImport(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      local: { type: 'boolean' },
      remote: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      'persist-to': { type: 'string' },
      from: { type: 'string', default: localDate(new Date()) },
    },
  })
  const [name, file] = positionals
  const wanted = name === 'all' ? datasets : datasets.filter((one) => one === name)
  const [only] = wanted
  if (only === undefined || (file !== undefined && wanted.length > 1) || (values.local && values.remote))
    return misused()
  if (!/^\d{4}-\d\d-\d\d$/.test(values.from)) return misused()
  const place = values.remote
    ? ['--remote', '--yes']
    : ['--local', ...(values['persist-to'] ? ['--persist-to', values['persist-to']] : [])]
  return importDatasets(
    wanted,
    file === undefined ? {} : { [only]: file },
    values.from,
    values['dry-run'] ? undefined : place,
  )
}

async function misused() {
  process.stderr.write(usage)
  return 2
}

async function importDatasets(
  wanted: readonly DatasetName[],
  instead: Partial<Record<DatasetName, string>>,
  from: string,
  place: readonly string[] | undefined,
): Promise<number> {
  const { rows, findings } = readCatalogue(readFiles(instead))
  const errors = findings.filter((finding) => finding.severity === 'error').length
  process.stdout.write(`${tableOf(findings)}\n${countsOf(rows)}\n`)
  if (errors > 0) {
    process.stderr.write(`${errors} errors: nothing was written. Mend the file, or decide in data/corrections.json.\n`)
    return 1
  }
  if (!place) return 0
  const sql = (await catalogueStatements(rows, wanted, from)).map(literal)
  return execute(sql, place)
}

/** wrangler runs the file as one: locally a batch, remotely an import that is rolled back when a statement fails. */
function execute(sql: readonly string[], place: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-import-'))
  try {
    const file = join(folder, 'catalogue.sql')
    writeFileSync(file, sql.map((statement) => `${statement};\n`).join(''))
    const wrangler = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')
    const run = spawnSync(process.execPath, [wrangler, 'd1', 'execute', 'motcua', ...place, '--file', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    process.stdout.write(run.status === 0 ? `Written: ${sql.length} statements.\n` : run.stdout)
    return run.status ?? 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const countsOf = ({ units, calendar, openingHours, servicePoints, procedures }: CatalogueRows) =>
  [
    [units.units.length, 'units'],
    [units.successions.length, 'successions between them'],
    [calendar.years.length, 'years of the calendar'],
    [calendar.days.length, 'days that differ from the weekend rule'],
    [openingHours.length, 'opening hours that differ from the usual ones'],
    [servicePoints.length, 'service points'],
    [new Set(procedures.map((one) => one.code)).size, 'procedures'],
    [procedures.length, 'versions of them'],
  ]
    .map(([count, what]) => `${String(count).padStart(6)}  ${what}`)
    .join('\n')

/** Findings by dataset and check, errors first, beside each place what is the matter with it. */
export function tableOf(findings: readonly Finding[], width = process.stdout.columns ?? 120): string {
  const ordered = findings.toSorted((a, b) => rank(a) - rank(b))
  const sections = [...Map.groupBy(ordered, (one) => one.dataset)].map(([dataset, own]) => {
    const checks = [...Map.groupBy(own, (one) => `${one.severity} ${one.code}`).values()]
    const [errors, warnings] = ['error', 'warning'].map((kind) => own.filter((one) => one.severity === kind).length)
    const title = styleText('bold', `${dataset}: ${errors} errors, ${warnings} warnings`)
    return [title, ...checks.flatMap((same) => checkLines(same, width))].join('\n')
  })
  return sections.length > 0 ? `${sections.join('\n\n')}\n` : 'Nothing to remark.\n'
}

const rank = (one: Finding) => (one.severity === 'error' ? 0 : 1)

function checkLines(same: readonly Finding[], width: number): string[] {
  const [first] = same
  if (!first) return []
  const mark = first.severity === 'error' ? styleText('red', '✗ error  ') : styleText('yellow', '! warning')
  const column = Math.min(40, Math.max(...same.map((one) => one.pointer.length))) + 6
  const lines = [...Map.groupBy(same, (one) => one.message)].flatMap(([message, alike]) => {
    const text = wrapped(message, Math.max(40, width - column))
    const height = Math.max(text.length, alike.length)
    return Array.from({ length: height }, (_, row) =>
      `    ${(alike[row]?.pointer ?? '').padEnd(column - 4)}${text[row] ?? ''}`.trimEnd(),
    )
  })
  return [`  ${mark} ${first.code} (${same.length})`, ...lines]
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

if (import.meta.main) process.exitCode = await runImport(process.argv.slice(2))

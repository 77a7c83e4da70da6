// Starts everything on an empty machine and walks real dossiers through it by HTTP: npm run demo [-- --once] [-- --scenario reform]
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { absentJudges, judge, slipPrefix } from './judge.ts'
import { startServices } from './services.ts'
import { placesOf } from './settings.ts'
import { links, serve } from './start.ts'
import { cases } from './walk-cases.ts'
import { type Client, clientOf } from './walk-client.ts'
import { certifyAtCounter, counterFile } from './walk-counter.ts'
import { decideAtOnce, sendAgain } from './walk-races.ts'
import { readRegister, registerFile } from './walk-register.ts'
import { demoFolder, tell } from './walk-story.ts'
import { voice } from './walk-voice.ts'

type Chapter = { title: string; note: string; walk(client: Client): Promise<void> }

const chapters: Chapter[] = [
  ...cases.map((one): Chapter => ({
    title: one.title,
    note: `${one.procedure} · ${one.level}`,
    walk: (client) => tell(one, client),
  })),
  { title: 'Bản chính tại quầy · An original at a counter', note: '2.000815', walk: certifyAtCounter },
  { title: 'Gửi lại · Sent again', note: 'Idempotency-Key', walk: sendAgain },
  { title: 'Cùng lúc · At once', note: 'If-Match', walk: decideAtOnce },
  { title: 'Sổ · The register', note: 'SCTĐT/BS', walk: readRegister },
  { title: 'Trọng tài · Other judges', note: 'pdfsig, openssl, qpdf, mutool, PDF/A', walk: askOthers },
]

/** `pdfsig 4, openssl 4`: how many checks of each tool were passed. */
const byTool = (names: string[]): string =>
  [...Map.groupBy(names, (name) => name.split(/[ :,]/)[0] ?? name)]
    .map(([tool, same]) => `${tool} ${same.length}`)
    .join(', ')

/** Asks tools that are not ours about the copies that were saved; the service has judged them already. */
async function askOthers(): Promise<void> {
  const root = join(demoFolder, 'root.pem')
  for (const { name, packages } of absentJudges()) voice.note(`${name}: chưa cài · not installed (${packages})`)
  const files = cases.flatMap((one) => [`${one.file}.pdf`, `${slipPrefix}${one.file}.pdf`])
  for (const file of [...files, counterFile, registerFile]) {
    const { pdf, checks } = await judge(join(demoFolder, file), root)
    const wrong = checks.filter(({ passed }) => !passed)
    if (wrong.length > 0) voice.fail(pdf, wrong.map(({ name, said }) => `${name}\n${said}`).join('\n'))
    else if (checks.length > 0) voice.step(pdf, byTool(checks.map(({ name }) => name)))
  }
}

/** Walks every chapter, the next one also when one fails. */
async function walk(client: Client): Promise<void> {
  for (const [index, chapter] of chapters.entries()) {
    voice.chapter(`${index + 1}/${chapters.length}  ${chapter.title}`, chapter.note)
    await chapter.walk(client).catch((error: unknown) => voice.fail(chapter.title, error))
  }
}

async function main(): Promise<number> {
  const options = { once: { type: 'boolean', default: false }, scenario: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  if (values.scenario === 'reform') return (await import('./scenarios/reform.ts')).replayReform()
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  voice.chapter('motcua · một cửa', 'dữ liệu bịa đặt · invented data only')
  const services = await startServices(placesOf(), (line) => voice.say(`  ${line}`))
  voice.say(`  dịch vụ đã chạy · the service is up: ${services.places.service} (${seconds()})`)
  mkdirSync(demoFolder, { recursive: true })
  copyFileSync(join(services.pki.folder, 'root.pem'), join(demoFolder, 'root.pem'))
  await walk(clientOf(services.places))
  const failed = voice.failed > 0 ? 1 : 0
  voice.chapter(`${voice.passed} passed, ${voice.failed} failed`, seconds())
  if (values.once) {
    await services.close()
    return failed
  }
  voice.say(`  Bản sao đã lưu · copies to open: ${demoFolder}/*.pdf, gốc tin cậy · root: ${demoFolder}/root.pem`)
  voice.say(links(services.places))
  return (await serve(services)) || failed
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')
const executables = join(root, 'node_modules/.bin')

/** Where `wrangler dev` keeps the local database and store. */
export const stateFolder = join(root, '.wrangler/state')

/** For every run of wrangler: it asks nobody, tells nobody, and leaves nothing outside of this folder. */
export const quiet: Record<string, string> = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
  WRANGLER_LOG_PATH: join(root, '.local/wrangler'),
  WRANGLER_REGISTRY_PATH: join(root, '.local/registry'),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // So that its child processes find the Node of this tree before the machine's.
  PATH: `${executables}${delimiter}${process.env['PATH'] ?? ''}`,
}

export type LocalWorker = {
  /** Settles when it answers; fails with its last words when it does not. */
  ready: Promise<void>
  logFile: string
  /** Called with each line that the Worker or wrangler says. */
  onLine(listener: (line: string) => void): void
  /** Settles when it is gone, by `close` or by itself. */
  gone: Promise<void>
  close(): Promise<void>
}

/** Starts the Worker at this origin on the local runtime, with its database, store and queue. */
export function startWorker(origin: string, logFile = join(root, '.local/worker.log')): LocalWorker {
  mkdirSync(dirname(logFile), { recursive: true })
  const { hostname, port } = new URL(origin)
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  const place = ['--ip', hostname, '--port', port, '--inspector-port', '0']
  const child = spawn(process.execPath, [wrangler, 'dev', ...place, '--show-interactive-dev-session=false'], {
    cwd: root,
    env: { ...process.env, ...quiet, WRANGLER_LOG: 'log' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const listeners: ((line: string) => void)[] = [(line) => void said.splice(0, said.push(line) - 15)]
  const log = createWriteStream(logFile)
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`)
      for (const listener of listeners) listener(line)
    })
  const gone = once(child, 'exit').then(() => undefined)
  const answered = Promise.race([answers(`${origin}/health`), gone.then(() => false)])
  return {
    ready: insist(answered, logFile, said),
    logFile,
    onLine: (listener) => listeners.push(listener),
    gone,
    close: () => end(child, gone),
  }
}

async function insist(answered: Promise<boolean>, logFile: string, said: readonly string[]): Promise<void> {
  if (await answered) return
  const words = said.map((line) => line.slice(0, 300)).join('\n')
  throw new Error(`The Worker did not start. Its last words (all are in ${logFile}):\n${words}`)
}

async function end(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(stubborn)
}

/** Whether the address answers with 200: within two minutes, and within ten seconds once it answers at all. */
async function answers(url: string): Promise<boolean> {
  let until = Date.now() + 120_000
  while (Date.now() < until) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.status === 200) return true
    if (response && until - Date.now() > 10_000) until = Date.now() + 10_000
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  return false
}

// Runs the whole service on this machine until Ctrl-C: npm start.
import { styleText } from 'node:util'
import { type Services, startServices } from './services.ts'
import { type Places, placesOf } from './settings.ts'

/** Where to look and what to try next, for whoever just started the service. */
export const links = ({ service, identity }: Places): string => `
  API            ${service}
  Documentation  ${service}/docs
  OpenAPI        ${service}/openapi.json
  Identity       ${identity}/citizens/.well-known/openid-configuration
                 ${identity}/officers/.well-known/openid-configuration

  A token        npm run --silent token -- citizen      (app, citizen2, company, reception, handler, certifier, operator, …)
                 npm run --silent token -- handler --unit HN-STC-2025
  A request      curl ${service}/v1/dossiers -H "Authorization: Bearer $(npm run --silent token -- citizen)"

  Ctrl-C ends everything.
`

/** Keeps serving until a signal comes or the Worker dies; answers the exit code. */
export async function serve({ worker, close }: Services): Promise<number> {
  const stopped = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(0))
    void worker.gone.then(() => resolve(1))
  })
  const code = await stopped
  if (code > 0) console.error(`The Worker ended by itself; see ${worker.logFile}`)
  await close()
  return code
}

/** One line of the Worker's log, as a person reads it; undefined for what wrangler says of itself. */
export function readable(line: string): string | undefined {
  if (!line.startsWith('{"event":')) return /error/i.test(line) ? line : undefined
  const { event, ...fields }: Record<string, unknown> = JSON.parse(line)
  if (event !== 'request.served')
    return styleText(
      'yellow',
      `${event} ${Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
    )
  const status = String(fields['status'])
  const colour = status.startsWith('5') ? 'red' : status.startsWith('4') ? 'yellow' : 'green'
  return `${styleText(colour, status)} ${String(fields['ms']).padStart(5)} ms  ${fields['method']} ${fields['route']} (${fields['actor']})`
}

async function main(): Promise<number> {
  const began = performance.now()
  const services = await startServices(placesOf(), (line) => console.log(`✓ ${line}`))
  console.log(`✓ running after ${((performance.now() - began) / 1000).toFixed(1)} s\n${links(services.places)}`)
  services.worker.onLine((line) => {
    const text = readable(line)
    if (text) console.log(`${new Date().toTimeString().slice(0, 8)}  ${text}`)
  })
  return serve(services)
}

if (import.meta.main)
  process.exitCode = await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })

// Runs the whole service on this machine until Ctrl-C: npm start.
import { styleText } from 'node:util'
import { z } from 'zod'
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

/** Goes on until a signal ends this process; answers an exit code only when the Worker ends by itself. */
export async function serve({ worker, ...services }: Services): Promise<number> {
  await worker.gone
  // After a signal the process ends on its own as soon as everything is closed.
  if (services.isClosing()) return 0
  console.error(`The Worker ended by itself; see ${worker.logFile}`)
  await services.close()
  return 1
}

const Served = z.object({
  method: z.string(),
  route: z.string(),
  status: z.number(),
  ms: z.number(),
  actor: z.string(),
})

/** One line of the Worker's log, as a person reads it; undefined for what wrangler says of itself. */
export function readable(line: string): string | undefined {
  if (!line.startsWith('{"event":')) return /error/i.test(line) ? line : undefined
  const served = Served.safeParse(JSON.parse(line)).data
  if (!served) return styleText('yellow', line)
  const { method, route, status, ms, actor } = served
  const colour = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green'
  return `${styleText(colour, String(status))} ${String(ms).padStart(5)} ms  ${method} ${route} (${actor})`
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

import { once } from 'node:events'
import { createServer } from 'node:net'
import { type IdentityProvider, serviceKeysIn, startIdentityProvider } from './identity-provider.ts'
import { providerKey, startPaymentSimulator } from './payment-simulator.ts'
import type { Pki } from './pki.ts'
import { demoUnits, type Places, portOf } from './settings.ts'
import { startScannerSimulator } from './scanner-simulator.ts'
import { signingClient, startSigningSimulator } from './signing-simulator.ts'
import { sealKeys } from './signing.ts'
import { setUp } from './setup.ts'
import { startTimestampService } from './timestamp-service.ts'
import { type LocalWorker, startWorker } from './wrangler.ts'

// Made by set-up under their full names; here they are only read.
const seals = Object.values(demoUnits).map((id) => ({ id, name: id }))

export type Services = {
  places: Places
  pki: Pki
  identity: IdentityProvider
  worker: LocalWorker
  close(): Promise<void>
  isClosing(): boolean
}

/** Sets up this machine and starts everything on it; `say` hears what happens. A signal at any moment ends all of it and this process. */
export async function startServices(places: Places, say: (line: string) => void): Promise<Services> {
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = () => (closing ??= closeAll(closers))
  const end = () => void close().finally(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  // npm does not pass every signal on: whoever lost their parent ends too.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || end(), 1_000).unref()
  try {
    await portsAreFree(places)
    const { pki, vars, report } = await setUp(places)
    for (const line of report) say(line)
    const identity = await startIdentityProvider({
      port: portOf(places.identity),
      audience: places.service,
      serviceKeys: serviceKeysIn(vars.TOKEN_KEYS),
    })
    closers.push(() => identity.close())
    const timestamp = await startTimestampService({ pki, port: portOf(places.timestamp) })
    closers.push(() => timestamp.close())
    const payments = await startPaymentSimulator({ port: portOf(places.payments), key: providerKey(vars) })
    closers.push(() => payments.close())
    const client = signingClient(vars)
    const signing = await startSigningSimulator({
      port: portOf(places.signing),
      client,
      keys: await sealKeys(pki, seals),
    })
    closers.push(() => signing.close())
    const scanner = await startScannerSimulator({ port: portOf(places.scanner) })
    closers.push(() => scanner.close())
    const worker = startWorker(places.service)
    closers.push(() => worker.close())
    await worker.ready
    closers.push(await driveCron(places.service))
    return { places, pki, identity, worker, close, isClosing: () => closing !== undefined }
  } catch (error) {
    await close()
    throw error
  }
}

/** The latest first. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const closer of closers.toReversed()) await closer()
}

async function portsAreFree(places: Places): Promise<void> {
  const names = {
    service: 'PORT',
    identity: 'IDENTITY_PORT',
    timestamp: 'TIMESTAMP_PORT',
    payments: 'PAYMENT_PORT',
    signing: 'SIGNING_PORT',
    scanner: 'SCANNER_PORT',
  }
  for (const place of ['service', 'identity', 'timestamp', 'payments', 'signing', 'scanner'] as const) {
    const port = portOf(places[place])
    if (await isFree(port)) continue
    const other = `${names[place]}=${port + 1000}`
    throw new Error(
      `Port ${port} is taken: is the service running already? End what holds it, or choose another: ${other}`,
    )
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.close()
  return free
}

/** The local runtime fires no cron trigger by itself: it is told so each minute. */
async function driveCron(service: string): Promise<() => Promise<void>> {
  const fire = async () => {
    const response = await fetch(`${service}/cdn-cgi/handler/scheduled`)
    if (!response.ok) throw new Error(`the cron trigger answered ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
  }
  await fire()
  const minute = setInterval(() => {
    fire().catch((error: unknown) => console.error(String(error)))
  }, 60_000)
  return async () => clearInterval(minute)
}

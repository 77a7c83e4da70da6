import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { type Services, startServices } from '../../src/local/services.ts'
import { placesOf } from '../../src/local/settings.ts'

export const pictures = join(import.meta.dirname, '../../.local/pictures')

/** Ports of its own, so that a service that runs already is left alone. */
export const places = placesOf({
  ...process.env,
  PORT: '9787',
  IDENTITY_PORT: '9788',
  TIMESTAMP_PORT: '9789',
  PAYMENT_PORT: '9790',
  SIGNING_PORT: '9791',
  SCANNER_PORT: '9792',
})

export async function openServices(): Promise<Services> {
  mkdirSync(pictures, { recursive: true })
  return startServices(places, () => {})
}

/** Debian's Chromium. Throws where it is not installed. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  if (!existsSync(executablePath))
    throw new Error(`There is no Chromium at ${executablePath}: apt-get install chromium`)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  })
}

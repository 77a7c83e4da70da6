/** Where everything listens on a developer's machine. `PORT`, `IDENTITY_PORT`, `TIMESTAMP_PORT`, `PAYMENT_PORT`, `SIGNING_PORT` and `SCANNER_PORT` choose other ports. */
export type Places = {
  service: string
  identity: string
  timestamp: string
  payments: string
  signing: string
  scanner: string
}

const defaults = {
  PORT: 8787,
  IDENTITY_PORT: 8788,
  TIMESTAMP_PORT: 8789,
  PAYMENT_PORT: 8790,
  SIGNING_PORT: 8791,
  SCANNER_PORT: 8792,
}

function portIn(environment: NodeJS.Dict<string>, name: keyof typeof defaults): number {
  const said = environment[name]
  const port = said ? Number(said) : defaults[name]
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${name}=${said} is not a port`)
  return port
}

export const placesOf = (environment: NodeJS.Dict<string> = process.env): Places => ({
  service: `http://127.0.0.1:${portIn(environment, 'PORT')}`,
  identity: `http://127.0.0.1:${portIn(environment, 'IDENTITY_PORT')}`,
  timestamp: `http://127.0.0.1:${portIn(environment, 'TIMESTAMP_PORT')}`,
  payments: `http://127.0.0.1:${portIn(environment, 'PAYMENT_PORT')}`,
  signing: `http://127.0.0.1:${portIn(environment, 'SIGNING_PORT')}`,
  scanner: `http://127.0.0.1:${portIn(environment, 'SCANNER_PORT')}`,
})

export const portOf = (origin: string): number => Number(new URL(origin).port)

/** The units at which the demo certifies: their certifiers and seals get development certificates. */
export const demoUnits = {
  cuaNam: '00082-2025',
  baDinh: '00004-2025',
  finance: 'HN-STC-2025',
  health: 'HN-SYT-2025',
} as const

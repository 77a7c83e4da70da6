// Uploads to the service with a client that is not ours (tus-js-client), over lines that break: npm run test:uploads.
import { createHash, randomBytes } from 'node:crypto'
import { DetailedError, type PreviousUpload, Upload, type UploadOptions, type UrlStorage } from 'tus-js-client'
import { startServices } from '../../src/local/services.ts'
import { placesOf, portOf } from '../../src/local/settings.ts'
import { personToken } from '../../src/local/token.ts'
import { cuttingLine } from './cutting-line.ts'

const results: boolean[] = []
async function check(name: string, look: () => Promise<string>): Promise<void> {
  const began = performance.now()
  const said = await look().then(
    (words) => ({ good: true, words }),
    (error: unknown) => ({ good: false, words: String(error) }),
  )
  results.push(said.good)
  console.log(`${said.good ? 'ok    ' : 'FAILED'}  ${name}: ${said.words}  ${Math.round(performance.now() - began)} ms`)
}
function insist(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** What a client remembers of its uploads when it ends. */
function memory(): UrlStorage {
  const kept = new Map<string, PreviousUpload>()
  return {
    findAllUploads: async () => [...kept.values()],
    findUploadsByFingerprint: async () => [...kept.values()],
    removeUpload: async (key) => void kept.delete(key),
    async addUpload(fingerprint, upload) {
      kept.set(fingerprint, upload)
      return fingerprint
    },
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
function file(length: number): Buffer {
  const bytes = randomBytes(length)
  bytes.write('%PDF-1.7\n')
  return bytes
}

const services = await startServices(placesOf(), () => undefined)
const { service, identity } = services.places
const line = await cuttingLine(portOf(service))
try {
  const authorization = `Bearer ${await personToken(identity, 'citizen')}`

  /** Sends a file as an app would; answers the id of the file that it became, and the offset of every request. */
  async function upload(
    bytes: Buffer,
    options: Partial<UploadOptions> = {},
    prepare?: (made: Upload) => Promise<void>,
  ) {
    const offsets: number[] = []
    let fileId = ''
    await new Promise<void>((resolve, reject) => {
      const made = new Upload(bytes, {
        endpoint: `${line.url}/v1/uploads`,
        headers: { authorization },
        metadata: { filetype: 'application/pdf', filename: 'scan.pdf', sha256: sha256(bytes) },
        retryDelays: [50, 200, 1000, 2000],
        onBeforeRequest(request) {
          if (request.getMethod() === 'PATCH') offsets.push(Number(request.getHeader('Upload-Offset')))
        },
        onAfterResponse: (_request, response) => void (fileId = response.getHeader('File-Id') ?? fileId),
        onError: reject,
        onSuccess: () => resolve(),
        ...options,
      })
      void (prepare ?? (async (ready: Upload) => ready.start()))(made).catch(reject)
    })
    return { fileId, offsets }
  }
  async function insistOn(fileId: string, bytes: Buffer): Promise<void> {
    const reply = await fetch(`${service}/v1/files/${fileId}`, { headers: { authorization } })
    const back = Buffer.from(await reply.arrayBuffer())
    insist(reply.status === 200 && back.equals(bytes), `the file came back as ${reply.status}, ${back.length} bytes`)
  }

  for (const [what, length, chunkSize] of [
    ['in pieces of 997 bytes', 60_000, 997],
    ['in pieces of 300 KB', 3_000_000, 300_000],
    ['in pieces of 5 MiB', 10 * 1024 * 1024, 5 * 1024 * 1024],
    ['in one piece', 7_000_001, Number.POSITIVE_INFINITY],
  ] as const)
    await check(`a file of ${length} bytes ${what}`, async () => {
      const bytes = file(length)
      const { fileId, offsets } = await upload(bytes, { chunkSize })
      await insistOn(fileId, bytes)
      return `${offsets.length} requests`
    })

  await check('bytes that come along with the creation', async () => {
    const bytes = file(200_000)
    const { fileId, offsets } = await upload(bytes, { uploadDataDuringCreation: true, chunkSize: 150_000 })
    await insistOn(fileId, bytes)
    insist(offsets.join() === '150000', `went on at ${offsets.join()}`)
    return 'went on behind them'
  })

  await check('a line that breaks five times', async () => {
    const bytes = file(9_000_000)
    const before = line.cuts()
    const breaks = [1_500_000, 2_000_000, 700_000, 1_000_000, 300_000]
    const offsets: number[] = []
    const { fileId } = await upload(bytes, {
      onBeforeRequest(request) {
        if (request.getMethod() !== 'PATCH') return
        const offset = Number(request.getHeader('Upload-Offset'))
        // Who comes back before the service has noticed is sent to look again: that is no progress.
        const goesOn = offset > (offsets.at(-1) ?? -1)
        if (goesOn) offsets.push(offset)
        line.cutAfter((goesOn && breaks.shift()) || Number.POSITIVE_INFINITY)
      },
    })
    await insistOn(fileId, bytes)
    const cuts = line.cuts() - before
    insist(cuts === 5, `the line broke ${cuts} times`)
    insist(
      offsets.every((at, index) => index === 0 || at > (offsets[index - 1] ?? 0)),
      `stood at ${offsets.join()}`,
    )
    return `went on at ${offsets.join(', ')}`
  })

  await check('a client that ended, and one that finds what it left', async () => {
    const bytes = file(2_000_000)
    const urlStorage = memory()
    const options = { urlStorage, chunkSize: 250_000, fingerprint: async () => 'the same file' }
    await new Promise<void>((resolve, reject) => {
      const first = new Upload(bytes, {
        endpoint: `${line.url}/v1/uploads`,
        headers: { authorization },
        ...options,
        onError: reject,
        onChunkComplete: (_size, accepted) => void (accepted >= 750_000 && first.abort().then(resolve, reject)),
      })
      first.start()
    })
    const { fileId, offsets } = await upload(bytes, options, async (second) => {
      const [previous] = await second.findPreviousUploads()
      if (!previous) throw new Error('nothing was left')
      second.resumeFromPreviousUpload(previous)
      second.start()
    })
    await insistOn(fileId, bytes)
    insist((offsets[0] ?? 0) >= 750_000, `went on at ${offsets[0]}`)
    return `went on at ${offsets[0]}`
  })

  await check('another digest is told, and not tried again', async () => {
    const bytes = file(100_000)
    const error = await upload(bytes, { metadata: { sha256: sha256(file(10)) } }).then(
      () => undefined,
      (problem: unknown) => problem,
    )
    insist(error instanceof DetailedError, `came to ${String(error)}`)
    const body = error instanceof DetailedError ? (error.originalResponse?.getBody() ?? '') : ''
    const { code } = JSON.parse(body) as { code: string }
    insist(code === 'digest-mismatch', `answered ${code}`)
    return code
  })

  await check('an upload that is given up is gone', async () => {
    const bytes = file(500_000)
    const url = await new Promise<string>((resolve, reject) => {
      const made = new Upload(bytes, {
        endpoint: `${line.url}/v1/uploads`,
        headers: { authorization },
        chunkSize: 100_000,
        onError: reject,
        onChunkComplete: () => void made.abort(true).then(() => resolve(made.url ?? ''), reject),
      })
      made.start()
    })
    const { status } = await fetch(url, { method: 'HEAD', headers: { authorization, 'tus-resumable': '1.0.0' } })
    insist(status === 404, `is still there: ${status}`)
    return 'gone'
  })
} finally {
  await line.close()
  await services.close()
}

const passed = results.filter(Boolean).length
console.log(`${passed} passed, ${results.length - passed} failed`)
process.exit(passed === results.length ? 0 : 1)

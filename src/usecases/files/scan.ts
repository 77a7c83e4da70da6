import type { Context } from '../../context.ts'
import { type ComponentProof, isProvedBy } from '../../domain/dossier.ts'
import { fileKey } from '../../domain/file.ts'
import { nextScan, scanHold } from '../../domain/scan.ts'
import { log } from '../../platform/log.ts'
import { ScannerAway } from '../../platform/scanner.ts'

const service = { kind: 'service', id: 'scanner' } as const

type Order = { subject: string; version: number }

/** One look at one file. The same order again finds that try taken. A scanner that gives no verdict is asked again, later and later. */
export async function scanFile(context: Context, { subject: id, version: number }: Order): Promise<void> {
  const { scanner, scans, files } = context
  // Where nobody looks any more, files that wait go on waiting: who looks next finds them.
  if (!scanner) return
  const began = context.now()
  const file = await scans.claim(id, number, new Date(began.getTime() + scanHold))
  if (!file) return
  const object = await files.getBytes(fileKey(id))
  if (!object) throw new Error(`the bytes of ${id} are gone`)
  try {
    const found = await scanner.scan(object.body, file.size)
    if (found.verdict === 'clean') return await scans.keepClean(id)
    await scans.quarantine(file, found.threat, context.now(), service)
    log('file.quarantined', { id, threat: found.threat })
  } catch (error) {
    if (!(error instanceof ScannerAway)) throw error
    const next = nextScan(number, context.now())
    await scans.keepWaiting(id, next)
    log(next ? 'scanner.away' : 'file.not-scanned', { id, tries: number, error })
  }
}

/** Orders a look at what still waits for a verdict; by the clock. */
export async function scanWhatIsDue(context: Context, limit = 100): Promise<number> {
  if (!context.scanner) return 0
  const at = context.now()
  return context.scans.enqueueDue(at, new Date(at.getTime() + scanHold), limit)
}

/** Tells the dossier that holds a file what became of it; throws, to be tried again, when somebody moves the dossier just then. */
export async function tellDossier(context: Context, { subject: file }: Order): Promise<void> {
  const found = await context.scans.find(file)
  const kept = found?.dossierId ? await context.dossiers.byId(found.dossierId) : undefined
  if (!found || !kept) return
  const { dossier } = kept
  const isTold = dossier.quarantined?.includes(file) ?? false
  const isIn = found.scan === 'infected'
  if (isTold === isIn) return
  const component = dossier.components.find((proof: ComponentProof) => isProvedBy(proof, file))?.component ?? null
  const type = isIn ? 'dossier.file-quarantined' : 'dossier.file-released'
  const at = context.now()
  const done = await context.dossiers.append(kept, {
    writes: [{ event: { type, file, component } }],
    at,
    actor: service,
  })
  if (!done.ok) throw new Error(`${file} could not be told of: ${done.refusal}`)
}

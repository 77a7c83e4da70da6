import type { Context } from '../../context.ts'
import { ok, type Result } from '../../platform/result.ts'
import { type BoxRefusal, ownBox } from './box.ts'

/** Everything of the sandbox goes: rows, files, people and keys. The catalogue stays, and the clock is the real one again. */
export async function resetSandbox(context: Context): Promise<Result<void, BoxRefusal>> {
  const box = ownBox(context)
  return box.ok ? ok(await box.value.reset()) : box
}

export type SandboxFacts = { app: string; address: string; root: Uint8Array }

/** Which sandbox this is, and what its papers go back to. */
export async function readSandbox(context: Context): Promise<Result<SandboxFacts, BoxRefusal>> {
  const box = ownBox(context)
  if (!box.ok) return box
  return ok({ app: box.value.app, address: context.config.publicOrigin, root: await box.value.root() })
}

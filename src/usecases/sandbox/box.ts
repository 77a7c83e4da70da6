import type { Context } from '../../context.ts'
import { refuse, ok, type Result } from '../../platform/result.ts'
import type { Box } from '../../sandbox/box.ts'
import { allowed } from '../access.ts'

export type BoxRefusal = 'token-needed' | 'not-allowed' | 'sandbox-only'

/** The box of the sandbox that this app works with; the live service has none. */
export function ownBox(context: Context): Result<Box, BoxRefusal> {
  const may = allowed(context, 'useSandbox')
  if (!may.ok) return may
  return context.box ? ok(context.box) : refuse('sandbox-only')
}

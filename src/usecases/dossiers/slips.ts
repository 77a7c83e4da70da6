import type { Context } from '../../context.ts'
import type { Holder } from '../../domain/hand-overs.ts'
import type { Slip, SlipForm } from '../../domain/slip.ts'
import { slipOf } from '../../domain/slips.ts'
import type { Unit } from '../../domain/unit.ts'
import type { Sheet } from '../../paper/slip.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { visible } from '../access.ts'
import { procedureOf } from './due.ts'
import { sheetOf } from './slip-sheet.ts'

export type { Sheet } from '../../paper/slip.ts'

/** A slip, the units that it names, and its form as an outline. */
export type ReadSlip = { slip: Slip; units: Map<string, Unit>; sheet: Sheet }

type SlipRefusal = 'token-needed' | 'not-allowed' | 'no-such-dossier' | 'no-such-slip' | 'erased'

/** An official form of a dossier, made anew from its journal each time: the newest one, or the one of event `sequence`. */
export async function readSlip(
  context: Context,
  input: { code: string; form: SlipForm; sequence?: number | undefined },
): Promise<Result<ReadSlip, SlipRefusal>> {
  const found = await visible(context, 'readSlip', input.code)
  if (!found.ok) return found
  const { code, dossier } = found.value
  const [journal, sealed, procedure, secret] = await Promise.all([
    context.dossiers.events(dossier.id, 0, dossier.version),
    context.vault.open(dossier.id),
    procedureOf(context, dossier),
    context.vault.lookupSecret(dossier.id),
  ])
  const progress = `${context.config.publicOrigin}/v1/dossiers/${code}/progress?secret=${secret}`
  const slip = slipOf(input.form, { code, journal, sealed, procedure, progress }, input.sequence)
  if (!slip) return refuse('no-such-slip')
  // A form that names nobody is none; the hand-overs alone can be told without the person.
  if (!slip.owner && slip.form !== 'control-slip') return refuse('erased')
  const units = await unitsOf(context, slip)
  return ok({ slip, units, sheet: sheetOf(slip, units) })
}

/** Every unit that the slip names, and the one above its own, whose city the letterhead needs. */
async function unitsOf(context: Context, slip: Slip): Promise<Map<string, Unit>> {
  const ids = [slip.unit, ...namedIn(slip)]
  const named = await context.units.findAll([...new Set(ids)])
  const parent = named.find(({ id }) => id === slip.unit)?.parentId
  const above = parent && !ids.includes(parent) ? await context.units.findAll([parent]) : []
  return new Map([...named, ...above].map((unit) => [unit.id, unit]))
}

function namedIn(slip: Slip): string[] {
  if (slip.form === 'receipt') return [slip.competentUnit, slip.receivingPoint]
  if (slip.form !== 'control-slip') return []
  const unitIn = (holder: Holder) => (holder.kind === 'unit' ? [holder.unit] : [])
  return [slip.competentUnit, ...slip.handOvers.flatMap(({ gives, takes }) => [...unitIn(gives), ...unitIn(takes)])]
}

import type { Context } from '../../context.ts'
import type { ComponentProof, DossierEvent } from '../../domain/dossier.ts'
import { isFormTooLarge } from '../../domain/room.ts'
import { schemaErrors } from '../../platform/json-schema.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal, partiesOf, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { checkComponents } from './check-components.ts'
import { goOn, procedureOf } from './due.ts'
import { useStatements } from './verify-copies.ts'
import { replay } from './move.ts'

export type Supplement = {
  components: ComponentProof[]
  form?: Record<string, unknown> | undefined
  note?: string | undefined
}

export type SupplementRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'step-not-possible'
  | 'form-too-large'
  | 'invalid-request'
  | 'file-taken'
  | 'erased'
  | 'calendar-unknown'

/** The applicant answers a request for more: all that was asked for at once, and the dossier goes back to where it was. */
export async function supplementDossier(
  context: Context,
  input: { code: string; version: number; supplement: Supplement; command: Command | undefined },
): Promise<Result<Replayable<Kept>, SupplementRefusal | 'idempotency-key-reused'>> {
  const found = await visible(context, 'supplementDossier', input.code)
  if (!found.ok) return found
  if (input.supplement.form && isFormTooLarge(input.supplement.form)) return refuse('form-too-large')
  const again = (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, SupplementRefusal>(context, input.command, again, async () => {
    const kept = found.value
    if (kept.dossier.version !== input.version) return refuse('changed-meanwhile')
    const at = context.now()
    const event = await answer({ ...context, now: () => at }, kept, input.supplement)
    if (!event.ok) return event
    const { form, note, components } = input.supplement
    const files = components.flatMap((proof) => ('file' in proof ? [proof.file] : []))
    return context.dossiers.append(kept, {
      writes: [
        form || note
          ? { event: event.value, sealed: { ...(form && { form }), ...(note && { note }) } }
          : { event: event.value },
      ],
      at,
      actor: inJournal(context.actor),
      ...(input.command && { command: input.command.key }),
      along: [
        ...context.files.takeStatements(files, kept.dossier.id),
        ...useStatements(context, components, kept.dossier.id),
        ...(input.command
          ? [context.idempotency.remember(input.command, kept.dossier.id, kept.dossier.version + 1, at)]
          : []),
      ],
    })
  })
}

async function answer(
  context: Context,
  { dossier }: Kept,
  { components, form }: Supplement,
): Promise<Result<DossierEvent, 'step-not-possible' | 'invalid-request' | 'calendar-unknown'>> {
  if (dossier.status !== 'awaiting-supplement')
    return refuse('step-not-possible', {
      detail: { vi: 'Hồ sơ không chờ bổ sung.', en: 'Nothing was asked for: the dossier does not await a supplement.' },
    })
  const procedure = await procedureOf(context, dossier)
  // What the form itself proves ("declaration") may be asked for too, and is answered by a new form.
  const asked = dossier.request.components.filter(
    (id) => !(form && !procedure.components.find((component) => component.id === id)?.required),
  )
  const parties = await partiesOf(context, dossier.id)
  const checked = await checkComponents(context, procedure, components, parties, asked)
  const errors = [...checked.errors, ...(form ? schemaErrors(procedure.formSchema, form, '/form') : [])]
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const clock = await goOn(context, dossier, procedure.supplement.clock)
  return clock.ok ? ok({ type: 'dossier.supplemented', components: checked.components, ...clock.value }) : clock
}

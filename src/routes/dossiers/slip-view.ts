import { z } from '@hono/zod-openapi'
import { lateCauses } from '../../domain/dossier.ts'
import type { Holder } from '../../domain/hand-overs.ts'
import { type SlipForm, slipForms } from '../../domain/slip.ts'
import type { ReadSlip } from '../../usecases/dossiers/slips.ts'
import { TimeLimit } from '../procedures/view.ts'
import { DossierCode, Instant, orNull, UnitRef, unitRef, Words } from '../shapes.ts'
import { slipExamples } from './slip-examples.ts'
import { Channel, Helper, ReturnBy } from './view.ts'

export const Form = z
  .enum(['receipt', 'supplement-request', 'refusal', 'apology', 'stop-notice', 'control-slip'] satisfies SlipForm[])
  .openapi('SlipForm', { param: { name: 'form', in: 'path' }, example: 'receipt' })

const words = z.string().max(2000).nullable()

const Owner = z
  .object({
    type: z.enum(['citizen', 'organisation']),
    name: z.string().max(200),
    identifier: z.string().max(20).openapi({ description: 'Personal number or tax code.' }),
    phone: z.string().max(30).nullable(),
    email: z.string().max(254).nullable(),
    address: z.string().max(500).nullable(),
  })
  .openapi('SlipOwner')

const common = {
  formNumber: z.string().length(2).openapi({ description: 'Number in annex I of Circular 03/2025/TT-VPCP.' }),
  code: DossierCode,
  sequence: z.int().min(1).openapi({ description: 'The event that the slip documents.' }),
  issuedAt: Instant,
  unit: UnitRef,
  signer: z.string().max(200).nullable().openapi({ description: 'Null where the service itself acted.' }),
  procedure: z.object({ code: z.string().max(20), version: z.int().min(1), name: Words }),
  owner: orNull(Owner, 'Null once the personal data was erased; only a control slip can be had then.'),
  progress: z.url().openapi({ description: 'What the QR code opens.' }),
}

const component = { component: z.string().max(80), name: Words }

const Receipt = z.object({
  form: z.literal('receipt'),
  ...common,
  submitter: z.string().max(200).nullable(),
  channel: Channel,
  helper: orNull(Helper, 'The kiosk or organisation that helped to hand it in.'),
  receivingPoint: z.string().max(45),
  competentUnit: UnitRef,
  components: z
    .array(
      z.object({
        ...component,
        proof: z.enum(['electronic', 'certified-copy', 'data', 'presented']),
        data: z.object({ source: z.string().max(100), at: Instant }).nullable(),
      }),
    )
    .max(50),
  timeLimit: TimeLimit,
  receivedAt: Instant,
  dueAt: Instant.nullable().openapi({
    description: 'Null where the limit is a text, or the time runs only once the competent unit has received it.',
  }),
  returnBy: ReturnBy,
  onRequest: z.boolean().openapi({ description: 'An in-day procedure: the receipt is given to whoever asks for it.' }),
})

const SupplementRequest = z.object({
  form: z.literal('supplement-request'),
  ...common,
  components: z.array(z.object(component)).max(50),
  reason: words,
  whyAgain: words.openapi({ description: 'Why something is asked for that was asked for before.' }),
  answerBy: Instant.nullable(),
})

const Refusal = z.object({
  form: z.literal('refusal'),
  ...common,
  stage: z.enum(['reception', 'handling']),
  submittedAt: Instant,
  reason: words,
  legalBasis: words,
  unanswered: z
    .object({ requestedAt: Instant, answerBy: Instant.nullable() })
    .nullable()
    .openapi({ description: 'The request for more that nobody answered in time.' }),
})

const Apology = z.object({
  form: z.literal('apology'),
  ...common,
  receivedAt: Instant.nullable(),
  originalDueAt: Instant.nullable(),
  newDueAt: Instant,
  cause: z.enum(lateCauses),
  reason: words,
})

const StopNotice = z.object({
  form: z.literal('stop-notice'),
  ...common,
  receivedAt: Instant.nullable(),
  stage: z.enum(['accepted', 'processing']),
  reason: words,
  legalBasis: words,
  paidVnd: z.int().min(0).openapi({ description: 'What was paid for it until then, in VND.' }),
})

const HolderView = z
  .object({
    kind: z.enum(['applicant', 'online', 'unit']),
    unit: UnitRef.optional(),
    officer: z.string().max(200).nullable().optional(),
  })
  .openapi('SlipHolder')

const ControlSlip = z.object({
  form: z.literal('control-slip'),
  ...common,
  receivedAt: Instant.nullable(),
  originalDueAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  competentUnit: UnitRef,
  handOvers: z
    .array(
      z.object({
        sequence: z.int().min(1),
        event: z.string().max(64),
        gives: HolderView,
        takes: HolderView,
        at: Instant,
        planned: Instant.nullable().openapi({ description: 'Until when the taker has it; null where nothing is set.' }),
        actual: Instant.nullable().openapi({ description: 'When the taker was done; null while they have it.' }),
        result: z.enum(['early', 'on-time', 'late']).nullable(),
      }),
    )
    .max(10_000),
})

export const SlipView = z
  .discriminatedUnion('form', [Receipt, SupplementRequest, Refusal, Apology, StopNotice, ControlSlip])
  .openapi('Slip', { example: slipExamples.apology })

/** The only way a slip's data leave. */
export function showSlip({ slip, units }: ReadSlip) {
  const unit = (id: string) => unitRef(id, units)
  const holder = (one: Holder) => (one.kind === 'unit' ? { ...one, unit: unit(one.unit) } : one)
  return SlipView.parse({
    ...slip,
    formNumber: slipForms[slip.form],
    unit: unit(slip.unit),
    ...('competentUnit' in slip && { competentUnit: unit(slip.competentUnit) }),
    ...(slip.form === 'control-slip' && {
      handOvers: slip.handOvers.map((row) => ({ ...row, gives: holder(row.gives), takes: holder(row.takes) })),
    }),
  })
}

/** What is attached to a slip's PDF: its data, but no more of a person than the paper shows, for papers are handed on. */
export function slipData(view: z.infer<typeof SlipView>) {
  const { form, owner } = view
  const showsOnlyName = form === 'apology' || form === 'control-slip'
  return showsOnlyName && owner ? { ...view, owner: { type: owner.type, name: owner.name } } : view
}

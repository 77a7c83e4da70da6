import type { Config } from './config.ts'
import type { Actor } from './domain/actor.ts'
import type { PaymentProvider } from './platform/payment-provider.ts'
import type { Scanner } from './platform/scanner.ts'
import type { SigningService } from './platform/signing-service.ts'
import type { TimestampPost } from './paper/timestamp.ts'
import type { Receivers } from './platform/receivers.ts'
import type { Box } from './sandbox/box.ts'
import type { Sandboxes } from './sandbox/door.ts'
import type { AppStore } from './store/apps.ts'
import type { ArchiveStore } from './store/archives.ts'
import type { AuthorizationStore } from './store/authorizations.ts'
import type { BookStore } from './store/books.ts'
import type { CalendarStore } from './store/calendar.ts'
import type { ConsentStore } from './store/consents.ts'
import type { CopyStore } from './store/copies.ts'
import type { DeadLetterStore } from './store/dead-letters.ts'
import type { DeliveryStore } from './store/deliveries.ts'
import type { DossierStore } from './store/dossiers.ts'
import type { FeedStore } from './store/feed.ts'
import type { FileStore } from './store/files.ts'
import type { IdempotencyStore } from './store/idempotency.ts'
import type { LendingStore } from './store/lending.ts'
import type { OcspAnswerStore } from './store/ocsp-answers.ts'
import type { OpeningHoursStore } from './store/opening-hours.ts'
import type { MandateStore } from './store/mandates.ts'
import type { OutageStore } from './store/outages.ts'
import type { PaymentStore } from './store/payments.ts'
import type { ProcedureStore } from './store/procedures.ts'
import type { ProofStore } from './store/proofs.ts'
import type { ReformStore } from './store/reforms.ts'
import type { RegisterStore } from './store/registers.ts'
import type { ServicePointStore } from './store/service-points.ts'
import type { ScanStore } from './store/scans.ts'
import type { SigningStore } from './store/signing.ts'
import type { UnitStore } from './store/units.ts'
import type { UploadStore } from './store/uploads.ts'
import type { Vault } from './store/vault.ts'
import type { WaitingStore } from './store/waiting.ts'
import type { WebhookStore } from './store/webhooks.ts'

/** Everything a use case may touch. Built once per request in `wiring.ts`; a test fakes it in one line. */
export type Context = {
  actor: Actor
  now: () => Date
  /** The time outside, which is another one in a sandbox: for what strangers hold against their own clocks. */
  realNow: () => Date
  /** A UUIDv7: ordered by time, so that ids serve as cursors. */
  newId: () => string
  config: Config
  apps: AppStore
  proofs: ProofStore
  procedures: ProcedureStore
  units: UnitStore
  servicePoints: ServicePointStore
  calendar: CalendarStore
  openingHours: OpeningHoursStore
  outages: OutageStore
  dossiers: DossierStore
  files: FileStore
  uploads: UploadStore
  scans: ScanStore
  /** None where files are not looked at for malware. */
  scanner: Scanner | undefined
  copies: CopyStore
  archives: ArchiveStore
  lending: LendingStore
  mandates: MandateStore
  consents: ConsentStore
  authorizations: AuthorizationStore
  payments: PaymentStore
  /** In order of preference; none where the city takes no money online. */
  paymentProviders: readonly PaymentProvider[]
  reforms: ReformStore
  registers: RegisterStore
  books: BookStore
  signing: SigningStore
  ocspAnswers: OcspAnswerStore
  /** Where keys are kept that never leave; a credential names its service. */
  signingServices: readonly SigningService[]
  /** In order of preference; `policy` is the only one that its tokens may have. */
  timestampAuthorities: readonly { post: TimestampPost; policy: string | null }[]
  waiting: WaitingStore
  idempotency: IdempotencyStore
  deadLetters: DeadLetterStore
  feed: FeedStore
  webhooks: WebhookStore
  deliveries: DeliveryStore
  receivers: Receivers
  vault: Vault
  /** Opens the sandboxes of others. */
  sandboxes: Sandboxes
  /** Only in a sandbox: what the live service must not have. */
  box: Box | null
}

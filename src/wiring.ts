import { uuidv7 } from 'uuidv7'
import { type Config, configOf } from './config.ts'
import type { Context } from './context.ts'
import type { Actor } from './domain/actor.ts'
import { httpPaymentProvider } from './platform/payment-provider-http.ts'
import { postBytes } from './platform/post.ts'
import { httpScanner } from './platform/scanner.ts'
import { signingService } from './platform/signing-service.ts'
import { httpReceivers } from './platform/receivers.ts'
import { sandboxesBehind } from './sandbox/door.ts'
import type { World } from './sandbox/world.ts'
import { appStore } from './store/apps.ts'
import { archiveStore } from './store/archives.ts'
import { authorizationStore } from './store/authorizations.ts'
import { bookStore } from './store/books.ts'
import { calendarStore } from './store/calendar.ts'
import { consentStore } from './store/consents.ts'
import { copyStore } from './store/copies.ts'
import { type Connection, connect } from './store/database.ts'
import { deadLetterStore } from './store/dead-letters.ts'
import { deliveryStore } from './store/deliveries.ts'
import { dossierStore } from './store/dossiers.ts'
import { feedStore } from './store/feed.ts'
import { fileStore } from './store/files.ts'
import { idempotencyStore } from './store/idempotency.ts'
import { lendingStore } from './store/lending.ts'
import { ocspAnswerStore } from './store/ocsp-answers.ts'
import { openingHoursStore } from './store/opening-hours.ts'
import { mandateStore } from './store/mandates.ts'
import { outageStore } from './store/outages.ts'
import { paymentStore } from './store/payments.ts'
import { procedureStore } from './store/procedures.ts'
import { proofStore } from './store/proofs.ts'
import { reformStore } from './store/reforms.ts'
import { registerStore } from './store/registers.ts'
import { scanStore } from './store/scans.ts'
import { servicePointStore } from './store/service-points.ts'
import { signingStore } from './store/signing.ts'
import { unitStore } from './store/units.ts'
import { uploadStore } from './store/uploads.ts'
import { vault } from './store/vault.ts'
import { waitingStore } from './store/waiting.ts'
import { webhookStore } from './store/webhooks.ts'

/** The only place where real things are made and joined. `connection` is the database itself or a read session. */
export function contextOf(env: World, actor: Actor, connection: Connection = env.DB): Context {
  const config = configOf(env)
  const db = connect(connection)
  const keys = vault(db, config)
  const box = env.BOX ?? null
  const realNow = () => new Date()
  const now = box?.now ?? realNow
  const signing = signingStore(db, keys)
  return {
    actor,
    now,
    realNow,
    newId: uuidv7,
    config,
    apps: appStore(db),
    proofs: proofStore(db),
    procedures: procedureStore(db),
    units: unitStore(db),
    servicePoints: servicePointStore(db),
    calendar: calendarStore(db),
    openingHours: openingHoursStore(db),
    outages: outageStore(db),
    dossiers: dossierStore(db, keys, now),
    files: fileStore(db, env.FILES, { scans: config.scanner !== null }),
    uploads: uploadStore(db, env.FILES, keys),
    scans: scanStore(db, keys),
    scanner: config.scanner ? httpScanner(config.scanner) : undefined,
    copies: copyStore(db, config),
    archives: archiveStore(db, config),
    lending: lendingStore(db, keys),
    mandates: mandateStore(db, keys),
    consents: consentStore(db),
    authorizations: authorizationStore(db, keys),
    payments: paymentStore(db),
    paymentProviders: box
      ? [box.paymentProvider]
      : config.paymentProviders.map((account) => httpPaymentProvider(account)),
    reforms: reformStore(db),
    registers: registerStore(db, now),
    books: bookStore(db),
    signing: box?.signing(signing) ?? signing,
    ocspAnswers: ocspAnswerStore(db),
    signingServices: config.signingServices.map((account) => signingService(account)),
    timestampAuthorities: box ? [{ post: box.stamp, policy: null }] : authoritiesOf(config),
    waiting: waitingStore(db),
    idempotency: idempotencyStore(db),
    deadLetters: deadLetterStore(db),
    feed: feedStore(db),
    webhooks: webhookStore(db, keys),
    deliveries: deliveryStore(db, keys),
    receivers: httpReceivers({ dnsUrl: config.dnsUrl, local: config.receivers === 'local' }),
    vault: keys,
    sandboxes: sandboxesBehind(env.SANDBOX, env.DB),
    box,
  }
}

const authoritiesOf = ({ timestampAuthorities }: Config) =>
  timestampAuthorities.map(({ url, policy }) => ({
    policy,
    post: (query: Uint8Array) => postBytes(url, query, 'application/timestamp-query'),
  }))

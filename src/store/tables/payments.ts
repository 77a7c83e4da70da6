import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Payment, PaymentStatus } from '../../domain/payment.ts'

export const payment = sqliteTable('payment_attempt', {
  id: text().primaryKey(),
  dossierId: text('dossier_id'),
  copyId: text('copy_id'),
  unit: text().notNull(),
  version: integer().notNull(),
  status: text().$type<PaymentStatus>().notNull(),
  attentionAt: text('attention_at'),
  receipt: text(),
  state: text({ mode: 'json' }).$type<Payment>().notNull(),
})

export const receiptSerial = sqliteTable(
  'receipt_serial',
  { unit: text().notNull(), year: text().notNull(), last: integer().notNull() },
  (t) => [primaryKey({ columns: [t.unit, t.year] })],
)

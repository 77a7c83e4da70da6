-- One attempt to pay what a dossier asks for. Its journal is in `journal`, like a dossier's.
CREATE TABLE payment (
  id TEXT PRIMARY KEY,
  dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE RESTRICT,
  unit TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('opening', 'open', 'paid', 'failed', 'expired', 'cancelled', 'to-be-refunded', 'refunded')),
  attention_at TEXT,
  receipt TEXT UNIQUE CHECK (receipt IS NULL OR status = 'paid'),
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX payment_by_dossier ON payment (dossier_id, id);
-- Nobody pays twice by asking twice: one attempt at a time.
CREATE UNIQUE INDEX payment_pending ON payment (dossier_id) WHERE status IN ('opening', 'open');
-- When the provider has to be asked, because its callback did not come.
CREATE INDEX payment_by_attention ON payment (attention_at) WHERE attention_at IS NOT NULL;
CREATE INDEX payment_to_refund ON payment (unit, id) WHERE status = 'to-be-refunded';

-- Receipts run per unit and year from 1 without gaps: the number is taken in the batch that takes the money.
CREATE TABLE receipt_serial (
  unit TEXT NOT NULL,
  year TEXT NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (unit, year)
) STRICT, WITHOUT ROWID;

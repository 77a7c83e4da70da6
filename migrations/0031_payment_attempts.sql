-- One attempt to pay what a dossier or the copies under a number cost. `payment`, which knew dossiers only, is no longer read; for
-- as long as a version runs that writes it, whatever it writes is copied here.
CREATE TABLE payment_attempt (
  id TEXT PRIMARY KEY,
  dossier_id TEXT REFERENCES dossier (id) ON DELETE RESTRICT,
  -- The first of the copies under the number.
  copy_id TEXT REFERENCES copy (id) ON DELETE RESTRICT,
  unit TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('opening', 'open', 'paid', 'failed', 'expired', 'cancelled', 'to-be-refunded', 'refunded')),
  attention_at TEXT,
  receipt TEXT UNIQUE CHECK (receipt IS NULL OR status IN ('paid', 'to-be-refunded', 'refunded')),
  state TEXT NOT NULL CHECK (json_valid(state)),
  CHECK ((dossier_id IS NULL) <> (copy_id IS NULL))
) STRICT;
CREATE INDEX payment_attempt_by_dossier ON payment_attempt (dossier_id, id) WHERE dossier_id IS NOT NULL;
CREATE INDEX payment_attempt_by_copy ON payment_attempt (copy_id, id) WHERE copy_id IS NOT NULL;
-- Nobody pays twice by asking twice: one attempt at a time.
CREATE UNIQUE INDEX payment_attempt_pending ON payment_attempt (dossier_id) WHERE status IN ('opening', 'open');
CREATE UNIQUE INDEX payment_attempt_pending_of_copies ON payment_attempt (copy_id) WHERE status IN ('opening', 'open');
-- When the provider has to be asked, because its callback did not come.
CREATE INDEX payment_attempt_by_attention ON payment_attempt (attention_at) WHERE attention_at IS NOT NULL;
CREATE INDEX payment_attempt_to_refund ON payment_attempt (unit, id) WHERE status = 'to-be-refunded';

INSERT INTO payment_attempt (id, dossier_id, unit, version, status, attention_at, receipt, state)
SELECT id, dossier_id, unit, version, status, attention_at, receipt, state FROM payment;

CREATE TRIGGER payment_begun AFTER INSERT ON payment
BEGIN
  INSERT INTO payment_attempt (id, dossier_id, unit, version, status, attention_at, receipt, state)
  VALUES (NEW.id, NEW.dossier_id, NEW.unit, NEW.version, NEW.status, NEW.attention_at, NEW.receipt, NEW.state);
END;
CREATE TRIGGER payment_went_on AFTER UPDATE ON payment
BEGIN
  UPDATE payment_attempt SET version = NEW.version, status = NEW.status, attention_at = NEW.attention_at,
    receipt = NEW.receipt, state = NEW.state
  WHERE id = NEW.id;
END;

-- What the world is told, in one order. SQLite has one writer and gives the position where a row is committed: whoever has read
-- position n will never see a lower one come up later. Whose event it is stands beside it; what it says is in the journal.
CREATE TABLE feed (
  position INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  owner TEXT NOT NULL,
  dossier_id TEXT REFERENCES dossier (id) ON DELETE RESTRICT,
  procedure_code TEXT,
  UNIQUE (subject, version)
) STRICT;
CREATE INDEX feed_by_owner ON feed (owner, position);

INSERT INTO feed (subject, version, type, at, owner, dossier_id, procedure_code)
SELECT j.subject, j.version, j.type, j.at, d.submitter, d.id, d.procedure_code
FROM journal AS j JOIN dossier AS d ON d.id = coalesce((SELECT dossier_id FROM copy WHERE id = j.subject), j.subject)
ORDER BY j.at, j.subject, j.version;

-- Where an app wants to be told. Null filters mean everything; a deleted one stays, so that what it was sent stays answerable.
CREATE TABLE webhook (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  url TEXT NOT NULL,
  types TEXT CHECK (types IS NULL OR json_valid(types)),
  procedures TEXT CHECK (procedures IS NULL OR json_valid(procedures)),
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled', 'deleted')),
  disabled_because TEXT CHECK (disabled_because IN ('owner', 'gone', 'failing')),
  failing_since TEXT,
  created_at TEXT NOT NULL,
  CHECK ((status = 'disabled') = (disabled_because IS NOT NULL))
) STRICT;
CREATE INDEX webhook_by_owner ON webhook (owner, id);

-- What messages are signed with: a shared secret and a private key, sealed together. Revoking deletes the row.
CREATE TABLE webhook_secret (
  id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE RESTRICT,
  public_key TEXT NOT NULL,
  master TEXT NOT NULL,
  box BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_secret_by_webhook ON webhook_secret (webhook_id, id);

-- One event for one receiver, once. While it is pending, next_attempt_at says when somebody must look after it.
CREATE TABLE webhook_delivery (
  webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE RESTRICT,
  position INTEGER NOT NULL REFERENCES feed (position) ON DELETE RESTRICT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'cancelled')),
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_attempt_at TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (webhook_id, position),
  CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- What a receiver answered. The beginning of its reply is words of a stranger, so it is sealed.
CREATE TABLE webhook_attempt (
  webhook_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  status INTEGER,
  fault TEXT,
  milliseconds INTEGER NOT NULL,
  master TEXT,
  reply BLOB,
  PRIMARY KEY (webhook_id, position, number),
  FOREIGN KEY (webhook_id, position) REFERENCES webhook_delivery (webhook_id, position) ON DELETE RESTRICT,
  CHECK ((status IS NULL) = (fault IS NOT NULL))
) STRICT, WITHOUT ROWID;

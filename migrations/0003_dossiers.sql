-- The journal is the truth: one row an event, for dossiers and copies alike. (subject, version) is the optimistic lock,
-- hash = SHA-256(previous_hash || record) chains the rows, and no row is ever changed or deleted.
CREATE TABLE journal (
  subject TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (subject, version)
) STRICT, WITHOUT ROWID;

-- What must still be told to the world; deleted once the queue has it. Who is sending a row holds it until leased_until,
-- so that many at once do not send it many times; after that it is anybody's again.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  leased_until TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_age ON outbox (created_at, id);

-- What the queue gave up on: kept until an operator has looked at it and replayed or closed it.
CREATE TABLE dead_letter (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  died_at TEXT NOT NULL,
  replayed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letter_by_death ON dead_letter (died_at || ' ' || id);

-- The current state: a snapshot, and the columns that lists filter on.
CREATE TABLE dossier (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  competent_unit TEXT NOT NULL,
  receiving_point TEXT NOT NULL,
  submitter TEXT NOT NULL,
  due_at TEXT,
  attention_at TEXT,
  updated_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX dossier_by_unit ON dossier (competent_unit, id);
CREATE INDEX dossier_by_point ON dossier (receiving_point, id);
CREATE INDEX dossier_by_submitter ON dossier (submitter, id);
-- What is open is found beside any number of dossiers that are done, and what changed lately beside any number that did not.
CREATE INDEX dossier_by_point_status ON dossier (receiving_point, status, id);
CREATE INDEX dossier_by_submitter_status ON dossier (submitter, status, id);
CREATE INDEX dossier_by_submitter_update ON dossier (submitter, updated_at);
-- When the clock has something to do to it: a word before it is due, one when it is late, an end when nobody answered.
CREATE INDEX dossier_by_attention ON dossier (attention_at) WHERE attention_at IS NOT NULL;

-- The serial of each day and prefix, allocated in the batch that writes the dossier: no gap, no repeat.
CREATE TABLE code_serial (
  prefix TEXT NOT NULL,
  day TEXT NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (prefix, day)
) STRICT, WITHOUT ROWID;

-- The key of a dossier's sealed parts, wrapped by a master key. Erasure is the destruction of this row.
CREATE TABLE dossier_key (dossier_id TEXT PRIMARY KEY, master TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- People's data, sealed: what event `version` of the dossier said about persons or in free words.
CREATE TABLE dossier_sealed (
  dossier_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  box BLOB NOT NULL,
  PRIMARY KEY (dossier_id, version)
) STRICT, WITHOUT ROWID;

-- Keyed hashes of the persons whose dossier it is: finds dossiers by person and tells nothing about anyone.
CREATE TABLE dossier_party (
  person TEXT NOT NULL,
  dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE RESTRICT,
  PRIMARY KEY (person, dossier_id)
) STRICT, WITHOUT ROWID;

-- One row for each accepted command with a key: which event answered it, and keyed hashes of what it said.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  leaves TEXT NOT NULL CHECK (json_valid(leaves)),
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

-- An uploaded file in R2.
CREATE TABLE file (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The dossier that took a file. A file goes to one dossier only: the primary key refuses a second.
CREATE TABLE dossier_file (
  file_id TEXT PRIMARY KEY REFERENCES file (id) ON DELETE RESTRICT,
  dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

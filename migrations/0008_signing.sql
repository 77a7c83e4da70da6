-- Who signs with what. Its key lies sealed in this row (development) or at a remote signing service, which has the name of it.
-- Rows are never deleted: who could sign, and from when until when, stays answerable.
CREATE TABLE signer (
  id           TEXT PRIMARY KEY,
  owner        TEXT NOT NULL,
  certificate  BLOB NOT NULL,
  chain        TEXT NOT NULL CHECK (json_valid(chain)),
  algorithm    TEXT NOT NULL CHECK (algorithm IN ('ec', 'rsa')),
  service      TEXT,
  key_name     TEXT,
  key_master   TEXT,
  key_box      BLOB,
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL,
  imported_at  TEXT NOT NULL,
  imported_by  TEXT NOT NULL,
  activated_at TEXT,
  activated_by TEXT,
  retired_at   TEXT,
  retired_by   TEXT,
  CHECK ((service IS NULL) = (key_name IS NULL)),
  CHECK ((service IS NULL) = (key_box IS NOT NULL)),
  CHECK ((key_box IS NULL) = (key_master IS NULL)),
  CHECK ((activated_at IS NULL) = (activated_by IS NULL)),
  CHECK ((retired_at IS NULL) = (retired_by IS NULL))
) STRICT;
CREATE INDEX signer_by_owner ON signer (owner, activated_at);

-- What was imported before. The old table stays until no version reads it any more.
INSERT INTO signer (id, owner, certificate, chain, algorithm, key_master, key_box, valid_from, valid_to, imported_at, imported_by, activated_at, activated_by)
SELECT id, owner, certificate, chain, algorithm, key_master, key_box, valid_from, valid_to, valid_from, 'migration', valid_from, 'migration'
FROM signing_credential;

-- Copies whose number is taken and that cannot be signed just now: for whom they wait, and when it is tried again.
CREATE TABLE copy_waiting (
  copy_id  TEXT PRIMARY KEY REFERENCES copy (id) ON DELETE RESTRICT,
  who      TEXT NOT NULL,
  reason   TEXT NOT NULL,
  since    TEXT NOT NULL,
  tries    INTEGER NOT NULL CHECK (tries > 0),
  retry_at TEXT NOT NULL
) STRICT;
CREATE INDEX copy_waiting_by_time ON copy_waiting (retry_at);

-- Books that are closed, each once, with the last number in it (Decree 23/2015 art. 13).
CREATE TABLE register_closing (
  register  TEXT NOT NULL,
  year      TEXT NOT NULL,
  last      INTEGER NOT NULL,
  closed_at TEXT NOT NULL,
  PRIMARY KEY (register, year)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER register_closed BEFORE UPDATE ON register_serial
WHEN EXISTS (SELECT 1 FROM register_closing AS book WHERE book.register = NEW.register AND book.year = NEW.year)
BEGIN
  SELECT RAISE(ABORT, 'register is closed');
END;

CREATE TRIGGER register_never_reopened BEFORE INSERT ON register_serial
WHEN EXISTS (SELECT 1 FROM register_closing AS book WHERE book.register = NEW.register AND book.year = NEW.year)
BEGIN
  SELECT RAISE(ABORT, 'register is closed');
END;

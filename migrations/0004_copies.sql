-- A certified copy and where its original and its signed file lie. The owner is a keyed hash.
CREATE TABLE copy (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('issuing', 'valid', 'revoked', 'superseded', 'failed')),
  unit TEXT NOT NULL,
  owner TEXT NOT NULL,
  dossier_id TEXT REFERENCES dossier (id) ON DELETE RESTRICT,
  sha256 TEXT UNIQUE,
  created_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX copy_by_owner ON copy (owner, id);
CREATE INDEX copy_by_unit ON copy (unit, id);

-- Certification numbers run per register and year from 01 without gaps (Decree 23/2015 art. 13; Circular 01/2020/TT-BTP art. 4).
CREATE TABLE register_serial (
  register TEXT NOT NULL,
  year TEXT NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (register, year)
) STRICT, WITHOUT ROWID;

-- Who may sign what: an officer's or a unit's certificate, and the key or the name of the key at a signing service.
CREATE TABLE signing_credential (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  certificate BLOB NOT NULL,
  chain TEXT NOT NULL CHECK (json_valid(chain)),
  algorithm TEXT NOT NULL CHECK (algorithm IN ('ec', 'rsa')),
  key_kind TEXT NOT NULL CHECK (key_kind IN ('local')),
  key_master TEXT NOT NULL,
  key_box BLOB NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL
) STRICT;
CREATE INDEX signing_credential_by_owner ON signing_credential (owner, valid_to);

-- The roots that verification trusts, and the revocation lists it goes by.
CREATE TABLE trust_material (
  kind TEXT NOT NULL CHECK (kind IN ('root', 'intermediate', 'crl')),
  name TEXT NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

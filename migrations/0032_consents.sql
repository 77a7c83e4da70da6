-- What an app may ask citizens' consent for: redirect addresses, scopes, purposes. Each change is a row; the latest one counts.
CREATE TABLE app_terms (
  app_id TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  version INTEGER NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  terms TEXT NOT NULL CHECK (json_valid(terms)),
  PRIMARY KEY (app_id, version)
) STRICT, WITHOUT ROWID;

-- An authorization that a browser is going through: sealed, bound to that browser by a hash, gone within minutes.
CREATE TABLE authorization (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  stage TEXT NOT NULL CHECK (stage IN ('pushed', 'login', 'choice')),
  browser TEXT CHECK ((browser IS NULL) = (stage = 'pushed')),
  expires_at TEXT NOT NULL,
  master TEXT NOT NULL,
  box BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_expiry ON authorization (expires_at);

-- That a citizen lets an app read: whom it is about is known by a keyed hash only. `generation` is the one refresh token that counts.
CREATE TABLE consent (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  person TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX consent_by_person ON consent (person, id);

-- A code as its hash, good once; kept a while after that, so that a second use is known for what it is.
-- The authorization that it came of is unique: of two answers to one question only the first counts.
CREATE TABLE authorization_code (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 43),
  authorization_id TEXT NOT NULL UNIQUE,
  consent_id TEXT NOT NULL REFERENCES consent (id) ON DELETE RESTRICT,
  app_id TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  redirect_uri TEXT NOT NULL,
  challenge TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_code_expiry ON authorization_code (expires_at);

-- What an app read under a consent, one row for each thing and day.
CREATE TABLE consent_use (
  consent_id TEXT NOT NULL REFERENCES consent (id) ON DELETE RESTRICT,
  day TEXT NOT NULL,
  what TEXT NOT NULL,
  thing TEXT NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (consent_id, day, what, thing)
) STRICT, WITHOUT ROWID;

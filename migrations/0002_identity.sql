-- Third-party apps, what they prove themselves with, and the client assertions that were already used.
-- Rows of apps and credentials are never deleted: who could act, and from when until when, stays answerable.

CREATE TABLE app (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  scopes     TEXT NOT NULL CHECK (json_valid(scopes) AND json_array_length(scopes) > 0),
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL
) STRICT;

-- Only the SHA-256 (base64url) of a secret is kept; the secret itself is shown once.
CREATE TABLE app_secret (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  hash       TEXT NOT NULL CHECK (length(hash) = 43),
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at TEXT,
  revoked_by TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
) STRICT;

CREATE INDEX app_secret_app ON app_secret (app_id);

-- A public JWK with which the app signs its client assertions (private_key_jwt).
CREATE TABLE app_key (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  kid        TEXT NOT NULL,
  jwk        TEXT NOT NULL CHECK (json_valid(jwk) AND json_extract(jwk, '$.d') IS NULL),
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at TEXT,
  revoked_by TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
) STRICT;

-- A key id names one live key of the app; it may come back once the old key is revoked.
CREATE UNIQUE INDEX app_key_live ON app_key (app_id, kid) WHERE revoked_at IS NULL;

-- RFC 7523 §3: a `jti` that was accepted is refused until the assertion would have expired anyway.
CREATE TABLE used_assertion (
  app_id     TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  jti        TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (app_id, jti)
) STRICT, WITHOUT ROWID;

CREATE INDEX used_assertion_expiry ON used_assertion (expires_at);

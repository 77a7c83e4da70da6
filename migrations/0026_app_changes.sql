-- Whether an app’s tokens must be bound to a key that it proves with every request (DPoP, RFC 9449).
ALTER TABLE app ADD COLUMN dpop TEXT NOT NULL DEFAULT 'optional' CHECK (dpop IN ('optional', 'required'));
ALTER TABLE app ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0);

-- What an app was registered with before an operator changed it. Of two who change the same version one breaks here.
CREATE TABLE app_history (
  app_id     TEXT NOT NULL REFERENCES app (id) ON DELETE RESTRICT,
  version    INTEGER NOT NULL,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL CHECK (json_valid(scopes)),
  dpop       TEXT NOT NULL,
  until      TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (app_id, version)
) STRICT, WITHOUT ROWID;

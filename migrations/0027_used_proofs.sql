-- RFC 9449 §11.1: a DPoP proof works once. Its key is the digest of the client’s key and of `jti`; it is forgotten when it is too old anyway.
CREATE TABLE used_proof (
  key        TEXT PRIMARY KEY CHECK (length(key) = 43),
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_proof_expiry ON used_proof (expires_at);

-- What responders said last (OCSP) of certificates of which no list tells, and when they are asked again. `stamped_at`: when a
-- time-stamp last needed it; such answers go into each file, since which authority will stamp it is known only afterwards.
CREATE TABLE ocsp_answer (
  certificate_sha256 TEXT PRIMARY KEY,
  certificate BLOB NOT NULL,
  issuer BLOB NOT NULL,
  der BLOB NOT NULL CHECK (length(der) <= 65536),
  this_update TEXT NOT NULL,
  next_update TEXT NOT NULL,
  renew_at TEXT NOT NULL,
  stamped_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ocsp_answer_by_stamp ON ocsp_answer (stamped_at) WHERE stamped_at IS NOT NULL;
CREATE INDEX ocsp_answer_by_renewal ON ocsp_answer (renew_at);

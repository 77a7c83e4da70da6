-- A file that comes in pieces, until it is a file or its time ends. `received` is the offset that counts; `attempt` numbers those who
-- sent, so that of two at once only the later one writes, and no number of a part of the multipart upload is ever used twice.
CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  length INTEGER NOT NULL CHECK (length > 0),
  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND length),
  attempt INTEGER NOT NULL,
  next_part INTEGER NOT NULL,
  sha256 TEXT,
  media_type TEXT,
  metadata_master TEXT,
  metadata BLOB,
  file_id TEXT NOT NULL,
  multipart TEXT NOT NULL,
  parts TEXT NOT NULL CHECK (json_valid(parts)),
  tail TEXT,
  status TEXT NOT NULL CHECK (status IN ('open', 'finished', 'removed')),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_open_by_owner ON upload (owner) WHERE status = 'open';
CREATE INDEX upload_by_end ON upload (expires_at);

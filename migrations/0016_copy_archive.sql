-- When a valid copy wants its next archive time-stamp (PAdES B-LTA); null while it has none to outlive, and once it lost its value.
ALTER TABLE copy ADD COLUMN archive_at TEXT;
CREATE INDEX copy_to_archive ON copy (archive_at) WHERE archive_at IS NOT NULL;

-- Digests of the files that archive revisions took the place of: whoever holds such a file still finds its copy.
CREATE TABLE copy_former_file (
  sha256 TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- Copies that prove a component of a dossier: whoever decides it sees them, without a new upload.
CREATE TABLE dossier_copy (
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE RESTRICT,
  dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE RESTRICT,
  PRIMARY KEY (copy_id, dossier_id)
) STRICT, WITHOUT ROWID;

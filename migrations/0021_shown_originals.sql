-- The scan of an original that was shown at a counter, and the first of the copies that were certified of it.
CREATE TABLE copy_scan (
  file_id TEXT PRIMARY KEY REFERENCES file (id) ON DELETE RESTRICT,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- A file goes to one dossier, or is certified once; never both, whoever comes second.
CREATE TRIGGER dossier_file_is_free BEFORE INSERT ON dossier_file
WHEN EXISTS (SELECT 1 FROM copy_scan AS scan WHERE scan.file_id = NEW.file_id)
BEGIN
  SELECT RAISE(ABORT, 'file is taken');
END;

CREATE TRIGGER copy_scan_is_free BEFORE INSERT ON copy_scan
WHEN EXISTS (SELECT 1 FROM dossier_file AS taken WHERE taken.file_id = NEW.file_id)
BEGIN
  SELECT RAISE(ABORT, 'file is taken');
END;

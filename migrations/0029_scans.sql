-- Whether a file was looked at for malware, and what came of it. `none`: no scanner was configured when it was taken.
ALTER TABLE file ADD COLUMN scan TEXT NOT NULL DEFAULT 'none' CHECK (scan IN ('none', 'pending', 'clean', 'infected', 'failed', 'released'));
ALTER TABLE file ADD COLUMN scan_threat TEXT;
ALTER TABLE file ADD COLUMN scan_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE file ADD COLUMN scan_at TEXT;
CREATE INDEX file_to_scan ON file (scan_at) WHERE scan = 'pending';
CREATE INDEX file_by_verdict ON file (scan, id) WHERE scan IN ('infected', 'failed', 'released');

-- What is quarantined goes nowhere, whoever checked it a moment before.
CREATE TRIGGER dossier_file_is_clean BEFORE INSERT ON dossier_file
WHEN EXISTS (SELECT 1 FROM file WHERE id = NEW.file_id AND scan = 'infected')
BEGIN
  SELECT RAISE(ABORT, 'file is quarantined');
END;
CREATE TRIGGER copy_scan_is_clean BEFORE INSERT ON copy_scan
WHEN EXISTS (SELECT 1 FROM file WHERE id = NEW.file_id AND scan = 'infected')
BEGIN
  SELECT RAISE(ABORT, 'file is quarantined');
END;

-- What an open dossier is about: a keyed hash of applicant, procedure, place and form, gone once it is decided or closed. Whoever
-- hands the same in again is answered with the open dossier; of two at once by one submitter the second breaks on the unique
-- index. Who insists (`insisted` = 1) gets another one.
ALTER TABLE dossier ADD COLUMN matter TEXT;
ALTER TABLE dossier ADD COLUMN insisted INTEGER NOT NULL DEFAULT 0 CHECK (insisted IN (0, 1));
CREATE INDEX dossier_by_matter ON dossier (matter) WHERE matter IS NOT NULL;
CREATE UNIQUE INDEX dossier_one_of_a_matter ON dossier (matter, submitter) WHERE matter IS NOT NULL AND insisted = 0;

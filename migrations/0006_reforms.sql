-- What a unit that ceases leaves behind, from 00:00 of a date: one share is the heir, several are candidates, and the dossiers
-- wait with `competent`, who supervises them all. Written with the successions, so that on the day itself nothing has to run.
CREATE TABLE heir (
  line TEXT NOT NULL REFERENCES unit (id),
  on_date TEXT NOT NULL CHECK (on_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  -- The place or, where a department ceases, the procedure; '' for every dossier that has no row of its own.
  key TEXT NOT NULL,
  unit TEXT NOT NULL REFERENCES unit (id) CHECK (unit <> line),
  kind TEXT NOT NULL CHECK (kind IN ('full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population')),
  clause INTEGER CHECK (clause >= 1),
  competent TEXT NOT NULL REFERENCES unit (id),
  PRIMARY KEY (line, on_date, key, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX heir_by_competent ON heir (competent, line, on_date);
CREATE INDEX heir_by_unit ON heir (unit, line, on_date);

-- A reform as it was accepted. `number` is the lock: of two accepted at once, the second was checked against old data.
CREATE TABLE reform (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  id TEXT NOT NULL UNIQUE,
  on_date TEXT NOT NULL CHECK (on_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  body TEXT NOT NULL CHECK (json_valid(body)),
  accepted_at TEXT NOT NULL,
  accepted_by TEXT NOT NULL
) STRICT;

-- Whose heirs a dossier goes to: the competent unit or, while it waits for assignment since `awaiting_on`, the last that was;
-- and by what it is told apart there.
ALTER TABLE dossier ADD COLUMN line_unit TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN line_key TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN awaiting_on TEXT NOT NULL DEFAULT '';
UPDATE dossier SET line_unit = competent_unit, line_key =
  CASE (SELECT level FROM unit WHERE id = competent_unit) WHEN 'department' THEN procedure_code ELSE coalesce(state ->> 'place', '') END;

DROP INDEX dossier_by_unit;
CREATE INDEX dossier_by_line ON dossier (line_unit, id);
CREATE INDEX dossier_by_line_status ON dossier (line_unit, status, id);
CREATE INDEX dossier_by_kin ON dossier (line_unit, line_key, id);
CREATE INDEX dossier_open_by_line ON dossier (line_unit, awaiting_on)
  WHERE status NOT IN ('returned', 'not-accepted', 'withdrawn');
CREATE INDEX dossier_open_by_kin ON dossier (line_unit, line_key)
  WHERE status NOT IN ('returned', 'not-accepted', 'withdrawn');

-- Nobody writes to a dossier without writing first what unit it has passed to: a writer who read it before midnight fails here.
CREATE TRIGGER dossier_passed_on BEFORE UPDATE ON dossier
WHEN EXISTS (SELECT 1 FROM heir
  WHERE line = NEW.line_unit AND on_date > NEW.awaiting_on AND on_date <= substr(NEW.updated_at, 1, 10))
BEGIN
  SELECT RAISE(ABORT, 'dossier has passed on');
END;

-- What was told of the opening hours of a unit, in the order in which it was told. No row is ever changed: of several about one date
-- the last holds, and a dossier keeps how many were known when it was dated. Minutes after midnight; before the first date, and
-- without a row, the usual office hours. `version` is the lock of two who tell at once.
CREATE TABLE opening_hours_entry (
  unit_id TEXT NOT NULL REFERENCES unit (id),
  version INTEGER NOT NULL CHECK (version > 0),
  valid_from TEXT NOT NULL CHECK (valid_from GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  windows TEXT NOT NULL CHECK (json_valid(windows)),
  weekdays TEXT NOT NULL CHECK (json_valid(weekdays)),
  source TEXT NOT NULL,
  recorded_at TEXT,
  PRIMARY KEY (unit_id, version)
) STRICT, WITHOUT ROWID;

-- When these became known was not noted: recorded_at stays empty. The table they come from is read no more.
INSERT INTO opening_hours_entry (unit_id, version, valid_from, windows, weekdays, source)
SELECT unit_id, row_number() OVER (PARTITION BY unit_id ORDER BY valid_from), valid_from, windows, '{}', source FROM opening_hours;

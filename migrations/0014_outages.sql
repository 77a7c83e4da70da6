-- What is known of the times at which the service was not there, in the order in which it was written. No row is ever changed: who
-- knows better writes another entry about the same outage, and the last one holds. `number` is the lock of two who write at once.
CREATE TABLE outage_entry (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  outage TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  kind TEXT NOT NULL CHECK (kind IN ('announced', 'recorded', 'detected')),
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL CHECK (to_at > from_at),
  announced_at TEXT CHECK ((announced_at IS NOT NULL) = (kind = 'announced')),
  reason_vi TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  written_at TEXT NOT NULL,
  UNIQUE (outage, version)
) STRICT;

-- When the minute's chores last ran: a longer gap is an outage that nobody had to notice.
CREATE TABLE heartbeat (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at TEXT NOT NULL
) STRICT;

-- Up to which entry the dates of a dossier count the outages. What is behind is dated anew whenever it is read.
ALTER TABLE dossier ADD COLUMN outages_counted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX dossier_by_outages ON dossier (outages_counted) WHERE status IN ('accepted', 'processing', 'awaiting-supplement');

-- Since when a unit opens at which windows, minutes after midnight; before, and without a row, at the usual office hours.
CREATE TABLE opening_hours (
  unit_id TEXT NOT NULL REFERENCES unit (id),
  valid_from TEXT NOT NULL CHECK (valid_from GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  windows TEXT NOT NULL CHECK (json_valid(windows)),
  source TEXT NOT NULL,
  PRIMARY KEY (unit_id, valid_from)
) STRICT, WITHOUT ROWID;

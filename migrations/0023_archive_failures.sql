-- Valid copies whose archive time-stamp could not be made, since when and why; gone once it is there.
CREATE TABLE copy_archive_failure (
  copy_id TEXT PRIMARY KEY REFERENCES copy (id) ON DELETE RESTRICT,
  reason TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Copies from before `archive_at` existed do not know when their time-stamps end: the minute's chores look into their files.
UPDATE copy SET archive_at = created_at
WHERE status = 'valid' AND archive_at IS NULL AND state ->> '$.file.provableUntil' IS NULL;

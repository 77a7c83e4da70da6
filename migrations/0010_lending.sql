-- A copy lent to who holds the link: its token is kept as a hash only, purpose and recipient lie sealed under a key of the share.
-- `most` bounds the openings in the database itself, so that of two at once the one too many fails; a revoked share allows no more.
CREATE TABLE copy_share (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE RESTRICT,
  token_hash TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  openings INTEGER NOT NULL,
  most INTEGER,
  state TEXT NOT NULL CHECK (json_valid(state)),
  CONSTRAINT share_used_up CHECK (most IS NULL OR openings <= most)
) STRICT;
CREATE INDEX copy_share_by_copy ON copy_share (copy_id, id);

-- Who opened a copy's file: as whom and of which unit, never which person.
CREATE TABLE copy_opening (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE RESTRICT,
  at TEXT NOT NULL,
  opener TEXT NOT NULL CHECK (json_valid(opener))
) STRICT;
CREATE INDEX copy_opening_by_copy ON copy_opening (copy_id, id);

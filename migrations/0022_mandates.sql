-- Whom an organisation named to act for it. Both are known by keyed hashes only; who they are lies sealed under a key of the mandate.
CREATE TABLE mandate (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL,
  person TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX mandate_by_organisation ON mandate (organisation, id);
CREATE INDEX mandate_by_person ON mandate (person, id);

-- What was done under a mandate is what the journal says was done under it.
ALTER TABLE journal ADD COLUMN mandate TEXT GENERATED ALWAYS AS (record ->> '$.actor.mandate') VIRTUAL;
CREATE INDEX journal_by_mandate ON journal (mandate, at) WHERE mandate IS NOT NULL;

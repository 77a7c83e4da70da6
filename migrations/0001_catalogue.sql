-- The catalogue: procedures by version, units over time and what became of them, working days, points of service.
-- Filled by `npm run import`; requests only read it.

-- A version holds from valid_from until the day before valid_to (null: in force). Dossiers point at (code, version),
-- so a version is never rewritten: a change closes the open one and writes the next.
CREATE TABLE procedure_version (
  code TEXT NOT NULL CHECK (code GLOB '[0-9].[0-9][0-9][0-9][0-9][0-9][0-9]'),
  version INTEGER NOT NULL CHECK (version >= 1),
  valid_from TEXT NOT NULL CHECK (valid_from GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  valid_to TEXT CHECK (valid_to >= valid_from),
  name_vi TEXT NOT NULL,
  name_en TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('city', 'district', 'commune')),
  department_code TEXT CHECK (department_code IS NULL OR level = 'city'),
  field TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  search TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (code, version)
) STRICT;
CREATE UNIQUE INDEX procedure_version_in_force ON procedure_version (code) WHERE valid_to IS NULL;
CREATE INDEX procedure_version_by_level ON procedure_version (level, code);
CREATE INDEX procedure_version_by_field ON procedure_version (field, code);
CREATE INDEX procedure_version_by_department ON procedure_version (department_code, code) WHERE department_code IS NOT NULL;

-- A unit of government during one stretch of its life. Official codes are re-used, so the id adds the year of the beginning.
CREATE TABLE unit (
  id TEXT PRIMARY KEY CHECK (id = code || '-' || coalesce(substr(effective_from, 1, 4), '0')),
  code TEXT NOT NULL,
  code_scheme TEXT NOT NULL CHECK (code_scheme IN ('gso', 'local')),
  name_vi TEXT NOT NULL,
  name_en TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('city', 'department', 'district', 'commune')),
  type TEXT NOT NULL,
  effective_from TEXT CHECK (effective_from GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  effective_to TEXT CHECK (effective_to GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND (effective_from IS NULL OR effective_to > effective_from)),
  parent_id TEXT REFERENCES unit (id),
  identifier TEXT NOT NULL CHECK (length(identifier) <= 35 AND identifier NOT GLOB '*[^0-9A-Z.]*'),
  source TEXT NOT NULL,
  certainty TEXT CHECK (certainty IN ('high', 'medium', 'low')),
  note TEXT,
  search TEXT NOT NULL
) STRICT;
CREATE INDEX unit_by_code ON unit (code, effective_from);
CREATE INDEX unit_by_level ON unit (level, id);

-- from_id ceased on that day and went, wholly or in part, to to_id.
CREATE TABLE unit_succession (
  from_id TEXT NOT NULL REFERENCES unit (id),
  to_id TEXT NOT NULL REFERENCES unit (id) CHECK (to_id <> from_id),
  happened_on TEXT NOT NULL CHECK (happened_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  kind TEXT NOT NULL CHECK (kind IN ('full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population')),
  clause INTEGER CHECK (clause >= 1),
  ground_vi TEXT,
  ground_en TEXT CHECK ((ground_en IS NULL) = (ground_vi IS NULL)),
  PRIMARY KEY (from_id, to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_succession_by_successor ON unit_succession (to_id, from_id);

-- A year is here when its days are known; what is not listed in calendar_day follows the weekend rule.
CREATE TABLE calendar_year (
  year INTEGER PRIMARY KEY CHECK (year BETWEEN 2000 AND 2100),
  certainty TEXT NOT NULL CHECK (certainty IN ('high', 'medium', 'low')),
  source TEXT NOT NULL
) STRICT;
CREATE TABLE calendar_day (
  date TEXT PRIMARY KEY CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  kind TEXT NOT NULL CHECK (kind IN ('off', 'makeup')),
  reason TEXT NOT NULL CHECK (reason IN ('holiday', 'compensation', 'swap')),
  name_vi TEXT NOT NULL,
  name_en TEXT NOT NULL,
  swapped_with TEXT CHECK ((swapped_with IS NOT NULL) = (reason = 'swap')),
  CHECK (kind = 'off' OR reason = 'swap')
) STRICT, WITHOUT ROWID;

-- Where one can go. Only an 'office' has an address; the other kind is merely a point inside the unit's boundary.
CREATE TABLE service_point (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  kind TEXT NOT NULL CHECK (kind IN ('office', 'commune-point-inside-boundary')),
  lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
  address TEXT CHECK (address IS NULL OR kind = 'office'),
  source TEXT NOT NULL
) STRICT;
CREATE INDEX service_point_by_unit ON service_point (unit_id);

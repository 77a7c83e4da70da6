-- An office has a name of its own; a point inside a boundary is called after its unit.
ALTER TABLE service_point ADD COLUMN name_vi TEXT CHECK ((name_vi IS NULL) = (kind <> 'office'));
ALTER TABLE service_point ADD COLUMN name_en TEXT CHECK ((name_en IS NULL) = (name_vi IS NULL));

-- Stripes of 0.01° of latitude (1.1 km), counted from the South Pole: a box around a place is a few stripes and a stretch of each.
-- The same sum stands in src/domain/near.ts.
ALTER TABLE service_point ADD COLUMN band INTEGER NOT NULL GENERATED ALWAYS AS (CAST((lat + 90) * 100 AS INTEGER)) VIRTUAL;
CREATE INDEX service_point_near ON service_point (kind, band, lon);
CREATE INDEX service_point_by_kind ON service_point (kind, id);

-- Where a revocation list is published, and when it is fetched again.
ALTER TABLE trust_material ADD COLUMN url TEXT;
ALTER TABLE trust_material ADD COLUMN renew_at TEXT;

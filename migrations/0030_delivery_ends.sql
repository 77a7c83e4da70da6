-- When a delivery ended, so that old ones can go: the feed keeps every event, and a replay brings any of them back.
ALTER TABLE webhook_delivery ADD COLUMN ended_at TEXT;
UPDATE webhook_delivery SET ended_at = coalesce(
  (SELECT max(at) FROM webhook_attempt AS a WHERE a.webhook_id = webhook_delivery.webhook_id AND a.position = webhook_delivery.position),
  created_at) WHERE status <> 'pending';
CREATE INDEX webhook_delivery_by_end ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;

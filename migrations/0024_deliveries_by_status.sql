-- The failed deliveries of a webhook are found beside any number that arrived.
CREATE INDEX webhook_delivery_by_status ON webhook_delivery (webhook_id, status, position);

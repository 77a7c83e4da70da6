-- An app works with the live service or with a sandbox of its own, for good.
ALTER TABLE app ADD COLUMN kind TEXT NOT NULL DEFAULT 'live' CHECK (kind IN ('live', 'sandbox'));
CREATE TRIGGER app_keeps_kind BEFORE UPDATE OF kind ON app WHEN NEW.kind <> OLD.kind
BEGIN
  SELECT RAISE(ABORT, 'an app keeps its kind');
END;

-- What a sandbox app does happens in a database of its own. Here it owns nothing, whatever the code above may do.
CREATE TRIGGER file_is_live BEFORE INSERT ON file
WHEN EXISTS (SELECT 1 FROM app WHERE id = substr(NEW.owner, 5) AND kind = 'sandbox')
BEGIN
  SELECT RAISE(ABORT, 'a sandbox app owns nothing here');
END;
CREATE TRIGGER dossier_is_live BEFORE INSERT ON dossier
WHEN EXISTS (SELECT 1 FROM app WHERE id = substr(NEW.submitter, 5) AND kind = 'sandbox')
BEGIN
  SELECT RAISE(ABORT, 'a sandbox app owns nothing here');
END;
CREATE TRIGGER webhook_is_live BEFORE INSERT ON webhook
WHEN EXISTS (SELECT 1 FROM app WHERE id = substr(NEW.owner, 5) AND kind = 'sandbox')
BEGIN
  SELECT RAISE(ABORT, 'a sandbox app owns nothing here');
END;

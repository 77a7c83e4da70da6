-- Whose certificate it was that signed a file: asked of every signature of every file that is checked.
CREATE INDEX signer_by_certificate ON signer (certificate);

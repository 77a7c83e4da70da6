-- Lists in the order of due date and of change find their page however many dossiers lie beside it.
DROP INDEX dossier_by_submitter_update;
CREATE INDEX dossier_by_submitter_update ON dossier (submitter, updated_at, id);
CREATE INDEX dossier_by_line_update ON dossier (line_unit, updated_at, id);
CREATE INDEX dossier_by_point_update ON dossier (receiving_point, updated_at, id);
CREATE INDEX dossier_by_submitter_due ON dossier (submitter, due_at, id);
CREATE INDEX dossier_by_line_due ON dossier (line_unit, due_at, id);
CREATE INDEX dossier_by_point_due ON dossier (receiving_point, due_at, id);
CREATE INDEX dossier_by_submitter_status_due ON dossier (submitter, status, due_at, id);
CREATE INDEX dossier_by_line_status_due ON dossier (line_unit, status, due_at, id);
CREATE INDEX dossier_by_point_status_due ON dossier (receiving_point, status, due_at, id);

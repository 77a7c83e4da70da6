-- What a list narrows to a procedure or a unit is found beside any number of dossiers of others.
CREATE INDEX dossier_by_line_procedure ON dossier (line_unit, procedure_code, id);
CREATE INDEX dossier_by_point_procedure ON dossier (receiving_point, procedure_code, id);
CREATE INDEX dossier_by_submitter_procedure ON dossier (submitter, procedure_code, id);
CREATE INDEX dossier_by_point_line ON dossier (receiving_point, line_unit, id);
CREATE INDEX dossier_by_submitter_line ON dossier (submitter, line_unit, id);

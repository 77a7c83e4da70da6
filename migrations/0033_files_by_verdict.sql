-- Of every verdict: a condition with a list of them is none that SQLite sees through.
DROP INDEX file_by_verdict;
CREATE INDEX file_by_verdict ON file (scan, id);

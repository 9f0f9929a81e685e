-- Version 5: clocks of cases and materials still owed. Days count from 1970-01-01, local calendar.

ALTER TABLE case_ ADD COLUMN due_day INTEGER; -- of the state it is in; NULL: no clock runs
CREATE INDEX case_by_due ON case_ (due_day) WHERE due_day IS NOT NULL;

CREATE TABLE owed (
	case_id TEXT NOT NULL REFERENCES case_ (id) ON DELETE CASCADE,
	material TEXT NOT NULL,
	due_day INTEGER NOT NULL,
	supplied_ms INTEGER NOT NULL DEFAULT 0, -- 0: not yet
	PRIMARY KEY (case_id, material)
) WITHOUT ROWID;
CREATE INDEX owed_by_due ON owed (due_day) WHERE supplied_ms = 0;

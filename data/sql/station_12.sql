-- Version 12: acts that were begun at a window and are not done yet: what has been typed so far.

CREATE TABLE act_begun (
	case_id TEXT NOT NULL REFERENCES case_ (id) ON DELETE CASCADE,
	act TEXT NOT NULL,          -- its name in the lifecycle
	operator_name TEXT NOT NULL, -- who typed last, and where
	window TEXT NOT NULL,
	begun_ms INTEGER NOT NULL,
	touched_ms INTEGER NOT NULL,
	place TEXT NOT NULL DEFAULT '', -- the field with the cursor
	PRIMARY KEY (case_id, act)
) WITHOUT ROWID;

-- Only what differs from what the form proposes by itself; '' was taken out.
CREATE TABLE act_answer (
	case_id TEXT NOT NULL,
	act TEXT NOT NULL,
	place TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (case_id, act, place),
	FOREIGN KEY (case_id, act) REFERENCES act_begun (case_id, act) ON DELETE CASCADE
) WITHOUT ROWID;

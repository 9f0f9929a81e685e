-- Version 15: why warnings were accepted in the form of an act that is not done yet.

CREATE TABLE act_reason (
	case_id TEXT NOT NULL,
	act TEXT NOT NULL,
	place TEXT NOT NULL,
	reason TEXT NOT NULL,
	told TEXT NOT NULL,         -- what it was given for
	PRIMARY KEY (case_id, act, place),
	FOREIGN KEY (case_id, act) REFERENCES act_begun (case_id, act) ON DELETE CASCADE
) WITHOUT ROWID;

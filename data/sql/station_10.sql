-- Version 10: evaluations of the service (好差评) and the ledger of bad ones (core/station/evaluation.h).

CREATE TABLE evaluation (
	id TEXT PRIMARY KEY,        -- the key of its letter
	case_id TEXT NOT NULL REFERENCES case_ (id),
	day INTEGER NOT NULL,       -- local day; one service: the visit of one day for one case
	operator_name TEXT NOT NULL,
	window TEXT NOT NULL,
	state TEXT NOT NULL,        -- offered, answered, declined, timed-out
	source TEXT NOT NULL DEFAULT 'screen', -- how it was answered: screen, device, paper
	mark INTEGER,               -- 1 best to 5 worst, when answered
	cause TEXT NOT NULL DEFAULT '',
	offered_ms INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL DEFAULT 0,
	UNIQUE (case_id, day)
);
CREATE INDEX evaluation_by_day ON evaluation (day);

CREATE TABLE complaint (
	evaluation_id TEXT PRIMARY KEY REFERENCES evaluation (id),
	state TEXT NOT NULL,        -- core/domain/complaint.h
	due_day INTEGER NOT NULL DEFAULT -1, -- of the step to be done; -1: ended
	finding TEXT NOT NULL DEFAULT '',    -- what the verification found
	verified_by TEXT NOT NULL DEFAULT '',
	verified_ms INTEGER NOT NULL DEFAULT 0,
	extension TEXT NOT NULL DEFAULT '',  -- why more time is needed
	mended TEXT NOT NULL DEFAULT '',     -- what was done
	ended_by TEXT NOT NULL DEFAULT '',
	ended_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX complaint_by_due ON complaint (due_day) WHERE due_day >= 0;

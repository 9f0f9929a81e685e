-- Version 4: slips (文书): what was printed, under which number. The highest number of a kind and year is the
-- last one given: nothing is ever taken out, so there are no gaps.

CREATE TABLE slip (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	mark TEXT NOT NULL,        -- what the number begins with
	year INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	number TEXT NOT NULL UNIQUE,
	case_id TEXT,              -- NULL: for a visitor without a case
	subject TEXT NOT NULL,     -- number of the case or code of the matter, as it was then
	facts TEXT NOT NULL,       -- JSON object
	paper TEXT NOT NULL,       -- as it was laid out, Chinese
	paper_en TEXT NOT NULL,    -- and English
	operator_name TEXT NOT NULL,
	issued_ms INTEGER NOT NULL,
	originals INTEGER NOT NULL DEFAULT 0, -- how often each copy was printed
	stubs INTEGER NOT NULL DEFAULT 0,
	UNIQUE (mark, kind, year, seq)
);
CREATE INDEX slip_by_case ON slip (case_id, issued_ms);
CREATE INDEX slip_by_subject ON slip (subject, issued_ms);

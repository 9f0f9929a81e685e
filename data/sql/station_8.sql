-- Version 8: the visitors' tickets of each day (core/station/queue.h). Times 0: not yet.

CREATE TABLE ticket (
	id TEXT PRIMARY KEY,
	day INTEGER NOT NULL,                -- since 1970-01-01, local calendar
	number TEXT NOT NULL,                -- as it is called: A032
	letter TEXT NOT NULL,                -- its group: A
	for_window TEXT NOT NULL DEFAULT '', -- only this window may call it; '' any of its group
	priority INTEGER NOT NULL DEFAULT 0,
	state TEXT NOT NULL,                 -- core/domain/ticket.h
	window TEXT NOT NULL DEFAULT '',     -- where it was called last
	operator_name TEXT NOT NULL DEFAULT '',
	outcome TEXT,
	machine INTEGER NOT NULL,            -- 1: from the ticket machine, 0: by hand
	taken_ms INTEGER NOT NULL,
	called_ms INTEGER NOT NULL DEFAULT 0,   -- the first time
	calls INTEGER NOT NULL DEFAULT 0,
	started_ms INTEGER NOT NULL DEFAULT 0,  -- the first time
	served_ms INTEGER NOT NULL DEFAULT 0,   -- how long at windows, added up, without pauses
	finished_ms INTEGER NOT NULL DEFAULT 0,
	since_ms INTEGER NOT NULL,              -- in its state
	UNIQUE (day, number)
);
CREATE INDEX ticket_by_state ON ticket (day, state);

ALTER TABLE case_ ADD COLUMN ticket TEXT; -- id of the ticket that was at the window when it began
CREATE INDEX case_by_ticket ON case_ (ticket) WHERE ticket IS NOT NULL;

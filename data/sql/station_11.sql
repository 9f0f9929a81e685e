-- Version 11: who has a case now, shifts, the line, and what a summary of the day counts.

-- Whose letter it is; NULL: not one of an operator (carried for another station, a rating).
ALTER TABLE letter ADD COLUMN operator_name TEXT;
ALTER TABLE letter ADD COLUMN window TEXT;
UPDATE letter SET operator_name = json_extract(CAST(body AS TEXT), '$.operator'),
	window = json_extract(CAST(body AS TEXT), '$.window')
	WHERE json_valid(CAST(body AS TEXT)) AND kind <> 'evaluation' AND case_id IN (SELECT id FROM case_ WHERE state <> 'carried');
CREATE INDEX letter_by_created ON letter (created_ms);

ALTER TABLE case_ ADD COLUMN dept_name TEXT;   -- of the matter, as it was when the draft began
ALTER TABLE case_ ADD COLUMN began_ms INTEGER; -- when the visit began; NULL: not known, or of the bundle
ALTER TABLE case_ ADD COLUMN away_ms INTEGER NOT NULL DEFAULT 0; -- how long it lay before it was taken up again
ALTER TABLE case_ ADD COLUMN keeper TEXT;      -- who has it now, when that is not operator_name
ALTER TABLE case_ ADD COLUMN keeper_window TEXT;
CREATE INDEX case_by_keeper ON case_ (keeper) WHERE keeper IS NOT NULL;

-- What the centre told of cases, for counting.
CREATE INDEX event_counted ON event (at_ms) WHERE what IN ('refused', 'completed', 'decide');

-- The clocks that ended as they should: by an answer within five days, a decision, a delivery.
CREATE TABLE clock (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	case_id TEXT NOT NULL,
	kind TEXT NOT NULL,       -- accept, decide, deliver
	due_day INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL,
	letter_id TEXT            -- of the act that ended it; NULL: the centre told of it
);
CREATE INDEX clock_by_ended ON clock (ended_ms);

-- Cases and drafts on their way from one person to another.
CREATE TABLE handover (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	case_id TEXT NOT NULL,
	from_operator TEXT NOT NULL,
	from_window TEXT NOT NULL,
	to_operator TEXT,         -- one of these two at least
	to_window TEXT,
	note TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL DEFAULT 0, -- 0: nobody has taken it yet
	taken_by TEXT             -- NULL once ended: taken back, or the case went on without it
);
CREATE UNIQUE INDEX handover_open ON handover (case_id) WHERE ended_ms = 0;

CREATE TABLE shift (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	operator_name TEXT NOT NULL,
	window TEXT NOT NULL,
	begun_ms INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL DEFAULT 0,
	ending TEXT               -- signed-off, left, lost
);
CREATE UNIQUE INDEX shift_open ON shift (window) WHERE ended_ms = 0;

-- When the line to the centre was lost and when it came back.
CREATE TABLE line (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	at_ms INTEGER NOT NULL,
	up INTEGER NOT NULL
);
CREATE INDEX line_by_time ON line (at_ms, seq);

-- The last reconciliation of a day with the centre, and who closed the day knowing what.
CREATE TABLE day_check (
	day INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	here INTEGER NOT NULL,
	there INTEGER NOT NULL,
	failure TEXT              -- why it could not be done; NULL: it was
);
CREATE TABLE day_difference (
	day INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	kind TEXT NOT NULL,
	case_id TEXT NOT NULL,
	local_receipt TEXT NOT NULL,
	here TEXT NOT NULL,
	there TEXT NOT NULL,
	PRIMARY KEY (day, seq)
) WITHOUT ROWID;
CREATE TABLE day_close (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	day INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	operator_name TEXT NOT NULL,
	window TEXT NOT NULL,
	open_items INTEGER NOT NULL
);
CREATE INDEX day_close_by_day ON day_close (day, seq);

-- Version 3: versions of an application, papers, letters carried for others, news of the centre.

ALTER TABLE letter ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0; -- in its state since
ALTER TABLE letter ADD COLUMN version INTEGER NOT NULL DEFAULT 1;  -- of the application, from 1
UPDATE letter SET since_ms = CASE state WHEN 2 THEN delivered_ms WHEN 1 THEN last_ms ELSE created_ms END;

-- A case whose state is 'carried' is another station's; only its letters are here.
ALTER TABLE case_ ADD COLUMN origin TEXT;
ALTER TABLE case_ ADD COLUMN current_key TEXT;                  -- the version the centre goes by, as it told
ALTER TABLE case_ ADD COLUMN revising INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_ ADD COLUMN note TEXT;                         -- what the centre said of it last
ALTER TABLE case_ ADD COLUMN changes INTEGER NOT NULL DEFAULT 0; -- how often the centre changed it;
ALTER TABLE case_ ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;    -- of these, looked at;
ALTER TABLE case_ ADD COLUMN known INTEGER NOT NULL DEFAULT 0;   -- and known to the correction under way
CREATE INDEX case_by_revising ON case_ (updated_ms) WHERE revising = 1;
UPDATE case_ SET current_key = (SELECT id FROM letter WHERE case_id = case_.id AND state = 2
	ORDER BY seq DESC LIMIT 1);

-- The answers as they were submitted, while a correction is under way: to go back to.
CREATE TABLE answer_before (
	case_id TEXT NOT NULL REFERENCES case_ (id) ON DELETE CASCADE,
	part INTEGER NOT NULL,
	place TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (case_id, part, place)
) WITHOUT ROWID;

ALTER TABLE event ADD COLUMN note TEXT;
ALTER TABLE event ADD COLUMN source TEXT; -- the centre's number and time of it: never taken twice
CREATE UNIQUE INDEX event_by_source ON event (case_id, source) WHERE source IS NOT NULL;

CREATE TABLE notice (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	source TEXT NOT NULL UNIQUE,
	at_ms INTEGER NOT NULL,
	text TEXT NOT NULL,
	seen_ms INTEGER NOT NULL DEFAULT 0
);

-- Scanned papers by content; the bytes are in the folder papers. state: 0 to be sent, 1 at the
-- centre, 2 refused by it.
CREATE TABLE paper (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	sha256 TEXT NOT NULL UNIQUE,
	sm3 TEXT NOT NULL,
	size INTEGER NOT NULL,
	media_type TEXT NOT NULL,
	state INTEGER NOT NULL DEFAULT 0,
	sent INTEGER NOT NULL DEFAULT 0,
	reason TEXT,
	tries INTEGER NOT NULL DEFAULT 0,
	next_ms INTEGER NOT NULL DEFAULT 0,
	created_ms INTEGER NOT NULL
);

-- What a case has of them (material: its name; or the place of a field), and what a frozen letter names.
CREATE TABLE case_paper (
	case_id TEXT NOT NULL REFERENCES case_ (id) ON DELETE CASCADE,
	sha256 TEXT NOT NULL REFERENCES paper (sha256),
	material TEXT NOT NULL,
	field TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (case_id, material, field, sha256)
) WITHOUT ROWID;
CREATE INDEX case_paper_by_paper ON case_paper (sha256);
CREATE TABLE letter_paper (
	letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
	sha256 TEXT NOT NULL REFERENCES paper (sha256),
	PRIMARY KEY (letter_id, sha256)
) WITHOUT ROWID;
CREATE INDEX letter_paper_by_paper ON letter_paper (sha256);

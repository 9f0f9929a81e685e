-- The centre's file, version 2: papers, and the cases of a day. It can be run twice: some files have all
-- of this and call themselves version 1.

-- The bytes are in the folder papers beside this file; a row says what is known of them. sm3 is NULL
-- while pieces are still missing.
CREATE TABLE IF NOT EXISTS paper (
	sha256 TEXT PRIMARY KEY,
	sm3 TEXT,
	size INTEGER NOT NULL,
	station INTEGER NOT NULL,
	at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS paper_part ON paper (station) WHERE sm3 IS NULL;

-- Events are never deleted, so the next number is the highest plus one without a table that keeps it.
CREATE TABLE event_2 (
	seq INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	kind TEXT NOT NULL,
	project_no TEXT,
	prev INTEGER,
	state TEXT,
	owner INTEGER,
	source INTEGER,
	note TEXT,
	key TEXT,
	digest BLOB,
	body BLOB,
	answer TEXT
);
INSERT INTO event_2 SELECT * FROM event;
DROP TABLE event;
ALTER TABLE event_2 RENAME TO event;
CREATE UNIQUE INDEX event_key ON event (key) WHERE key IS NOT NULL;

CREATE INDEX IF NOT EXISTS case_day ON case_ (received_ms);

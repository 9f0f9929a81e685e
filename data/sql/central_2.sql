-- The centre's file, version 2: papers, and the cases of a day.

-- The bytes are in the folder papers beside this file; a row says what is known of them. sm3 is NULL
-- while pieces are still missing.
CREATE TABLE paper (
	sha256 TEXT PRIMARY KEY,
	sm3 TEXT,
	size INTEGER NOT NULL,
	station INTEGER NOT NULL,
	at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX paper_part ON paper (station) WHERE sm3 IS NULL;

CREATE INDEX case_day ON case_ (received_ms);

-- The centre's file, version 1. Times are milliseconds since 1970 UTC.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- Everything that happened, in order: letters taken (with key) and acts of the centre (without).
-- One table is the letters, the history of each case and the feed of changes. The events of one
-- case are chained by prev, newest at case_.last_seq, so no index by case is written at intake.
CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
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
CREATE UNIQUE INDEX event_key ON event (key) WHERE key IS NOT NULL;

CREATE TABLE case_ (
	project_no TEXT PRIMARY KEY,
	case_id TEXT NOT NULL UNIQUE,
	key TEXT NOT NULL,
	station INTEGER NOT NULL,
	task_code TEXT NOT NULL,
	task_name TEXT,
	applyer_name TEXT NOT NULL,
	local_receipt TEXT,
	query_password TEXT NOT NULL,
	state TEXT NOT NULL,
	received_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	last_seq INTEGER NOT NULL
) WITHOUT ROWID;

-- Of a code the row of the newest finished import is in force; rows of an import that did not
-- finish are above meta 'catalogue.import' and do not count.
CREATE TABLE matter (
	code TEXT NOT NULL,
	import_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	digest BLOB NOT NULL,
	body TEXT NOT NULL
);
CREATE UNIQUE INDEX matter_code ON matter (code, import_id);

CREATE TABLE station (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	code_digest BLOB UNIQUE,
	code_until_ms INTEGER,
	token_digest BLOB UNIQUE,
	added_ms INTEGER NOT NULL,
	enrolled_ms INTEGER
);

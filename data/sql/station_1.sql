-- The station's file, version 1. Times are milliseconds since 1970 UTC.

CREATE TABLE setting (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE operator (
	name TEXT PRIMARY KEY,
	full_name TEXT NOT NULL,
	pass TEXT NOT NULL,
	locked INTEGER NOT NULL DEFAULT 0,
	failures INTEGER NOT NULL DEFAULT 0,
	last_failure_ms INTEGER NOT NULL DEFAULT 0,
	last_sign_in_ms INTEGER NOT NULL DEFAULT 0,
	last_window TEXT
) WITHOUT ROWID;

-- A draft is a case whose state is 'draft'; submitting moves it on and it keeps its id.
CREATE TABLE case_ (
	id TEXT PRIMARY KEY,
	letter_key TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL,
	task_code TEXT NOT NULL,
	task_name TEXT NOT NULL,
	task_version TEXT,
	form_id TEXT,
	form_version TEXT,
	operator_name TEXT NOT NULL,
	window TEXT NOT NULL,
	applyer_name TEXT,
	parked_note TEXT,
	step INTEGER NOT NULL DEFAULT 0,
	place TEXT NOT NULL DEFAULT '',
	cursor_cps INTEGER NOT NULL DEFAULT 0,
	local_receipt TEXT UNIQUE,
	project_no TEXT,
	query_password TEXT,
	created_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	submitted_ms INTEGER
);
CREATE INDEX case_by_state ON case_ (state, updated_ms);
CREATE INDEX case_by_submitted ON case_ (submitted_ms);
CREATE INDEX case_by_project ON case_ (project_no);

CREATE TABLE answer (
	case_id TEXT NOT NULL REFERENCES case_ (id) ON DELETE CASCADE,
	part INTEGER NOT NULL,
	place TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (case_id, part, place)
) WITHOUT ROWID;

CREATE TABLE letter (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	case_id TEXT NOT NULL REFERENCES case_ (id),
	kind TEXT NOT NULL,
	path TEXT NOT NULL,
	body BLOB NOT NULL,
	state INTEGER NOT NULL DEFAULT 0,
	hold INTEGER NOT NULL DEFAULT 0,
	reason TEXT,
	problem TEXT,
	receipt TEXT,
	tries INTEGER NOT NULL DEFAULT 0,
	created_ms INTEGER NOT NULL,
	next_ms INTEGER NOT NULL DEFAULT 0,
	last_ms INTEGER NOT NULL DEFAULT 0,
	delivered_ms INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX letter_by_state ON letter (state, next_ms);
CREATE INDEX letter_by_case ON letter (case_id, seq);

CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	case_id TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	what TEXT NOT NULL
);
CREATE INDEX event_by_case ON event (case_id, seq);

CREATE TABLE counter (
	name TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE used (
	task_code TEXT PRIMARY KEY,
	score REAL NOT NULL,
	at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	at_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	act TEXT NOT NULL,
	object TEXT NOT NULL,
	detail TEXT NOT NULL,
	digest TEXT NOT NULL
);

-- The centre's PostgreSQL database, version 1: what central_1 to central_4 say of the file, for any
-- number of programs at once. Times are milliseconds since 1970 UTC. Words that programs compare
-- and put in order are in C collation: by their bytes, as everywhere else.

CREATE TABLE meta (
	key text COLLATE "C" PRIMARY KEY,
	value text NOT NULL
);

-- Everything that happened, in order: letters taken (with key) and acts of the centre (without).
-- One table is the letters, the history of each case and the feed of changes. The events of one
-- case are chained by prev, newest at case_.last_seq, so no index by case is written at intake.
-- seq is given under the lock that all writers of events take (store_postgres.h): no sequence, which
-- gives numbers before the commit and out of its order. A body of ordinary length stays in its row as
-- it is: to compress it costs more than to write it.
CREATE TABLE event (
	seq bigint PRIMARY KEY,
	at_ms bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	project_no text COLLATE "C",
	prev bigint,
	state text COLLATE "C",
	owner bigint,
	source bigint,
	note text,
	who text,
	service text COLLATE "C",
	key text COLLATE "C",
	digest bytea,
	body bytea,
	answer text
) WITH (toast_tuple_target = 8160);
CREATE UNIQUE INDEX event_key ON event (key) WHERE key IS NOT NULL;
CREATE INDEX event_evaluation ON event (seq) WHERE kind = 'evaluation';
-- One service is evaluated once.
CREATE UNIQUE INDEX event_service ON event (project_no, service) WHERE kind = 'evaluation';

-- A step changes no indexed column: with room left in its page it writes no index.
CREATE TABLE case_ (
	project_no text COLLATE "C" PRIMARY KEY,
	case_id text COLLATE "C" NOT NULL UNIQUE,
	key text COLLATE "C" NOT NULL,
	station bigint NOT NULL,
	task_code text COLLATE "C" NOT NULL,
	task_name text,
	applyer_name text NOT NULL,
	local_receipt text,
	query_password text NOT NULL,
	state text COLLATE "C" NOT NULL,
	received_ms bigint NOT NULL,
	updated_ms bigint NOT NULL,
	last_seq bigint NOT NULL
) WITH (fillfactor = 80);

-- The last case number given, by region and day.
CREATE TABLE series (
	name text COLLATE "C" PRIMARY KEY,
	n bigint NOT NULL
) WITH (fillfactor = 20);

-- What is in force, and what an import under way has brought so far.
CREATE TABLE matter (
	code text COLLATE "C" PRIMARY KEY,
	name text NOT NULL,
	digest bytea NOT NULL,
	body text NOT NULL
);
CREATE TABLE matter_coming (
	code text COLLATE "C" PRIMARY KEY,
	name text NOT NULL,
	digest bytea NOT NULL,
	body text NOT NULL
);

CREATE TABLE station (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text COLLATE "C" NOT NULL UNIQUE,
	code_digest bytea UNIQUE,
	code_until_ms bigint,
	token_digest bytea UNIQUE,
	added_ms bigint NOT NULL,
	enrolled_ms bigint
);

-- The bytes are in the folder that all programs of the centre share; a row says what is known of
-- them. sm3 is NULL while pieces are still missing.
CREATE TABLE paper (
	sha256 text COLLATE "C" PRIMARY KEY,
	sm3 text,
	size bigint NOT NULL,
	station bigint NOT NULL,
	at_ms bigint NOT NULL
);
CREATE INDEX paper_part ON paper (station) WHERE sm3 IS NULL;

-- The catalogue of matters, version 1. Every version of every matter is kept.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value NOT NULL
) WITHOUT ROWID;

CREATE TABLE import (
	id INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	source TEXT NOT NULL
);

-- The columns from name on are those of the version in force (seq); they serve lists and the index.
CREATE TABLE matter (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	seq INTEGER NOT NULL DEFAULT 0, -- the version in force; 0: none
	last INTEGER NOT NULL DEFAULT 0, -- the newest version
	set_name TEXT NOT NULL DEFAULT '',
	seen INTEGER NOT NULL DEFAULT 0, -- the last import that held it
	withdrawn INTEGER NOT NULL DEFAULT 0,
	name TEXT NOT NULL DEFAULT '',
	dept_code TEXT NOT NULL DEFAULT '',
	dept_name TEXT NOT NULL DEFAULT '',
	region_code TEXT NOT NULL DEFAULT '',
	region_name TEXT NOT NULL DEFAULT '',
	type TEXT NOT NULL DEFAULT '',
	level TEXT NOT NULL DEFAULT '',
	catalog_code TEXT NOT NULL DEFAULT '',
	flags INTEGER NOT NULL DEFAULT 0,
	topics TEXT NOT NULL DEFAULT '',
	aliases TEXT NOT NULL DEFAULT ''
);
CREATE INDEX matter_set ON matter (set_name) WHERE set_name <> '';

CREATE TABLE version (
	id INTEGER PRIMARY KEY,
	matter INTEGER NOT NULL REFERENCES matter (id),
	seq INTEGER NOT NULL,
	import INTEGER NOT NULL REFERENCES import (id),
	digest TEXT NOT NULL,
	task_version TEXT NOT NULL,
	effective TEXT NOT NULL, -- YYYY-MM-DD or ''
	cancel TEXT NOT NULL,
	document TEXT NOT NULL,
	UNIQUE (matter, seq)
);
CREATE INDEX version_dated ON version (matter) WHERE effective <> '' OR cancel <> '';

-- What an import did. kind: 0 added, 1 changed, 2 withdrawn (enum catalogue_change_kind).
CREATE TABLE change (
	id INTEGER PRIMARY KEY,
	import INTEGER NOT NULL REFERENCES import (id),
	matter INTEGER NOT NULL REFERENCES matter (id),
	kind INTEGER NOT NULL,
	seq_before INTEGER NOT NULL,
	seq_after INTEGER NOT NULL
);
CREATE INDEX change_import ON change (import);

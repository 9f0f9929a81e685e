-- Version 2: whose case it is, cases that belong to one bundle, what older forms asked.

ALTER TABLE case_ ADD COLUMN person TEXT; -- certificate number of the applicant
ALTER TABLE case_ ADD COLUMN mobile TEXT;
ALTER TABLE case_ ADD COLUMN bundle TEXT; -- id of the bundle's own row
CREATE INDEX case_by_person ON case_ (person) WHERE person IS NOT NULL;
CREATE INDEX case_by_bundle ON case_ (bundle) WHERE bundle IS NOT NULL;

-- Each field that a version of a form asked for, noted when a draft begins under it.
CREATE TABLE form_field (
	form_id TEXT NOT NULL,
	version TEXT NOT NULL,
	name TEXT NOT NULL,
	label TEXT NOT NULL,
	PRIMARY KEY (form_id, version, name)
) WITHOUT ROWID;

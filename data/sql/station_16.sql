-- Version 16: the version that the centre goes by is a version, not a step that was taken after it.

UPDATE case_ SET current_key = (SELECT l.id FROM letter l WHERE l.case_id = case_.id
		AND l.kind = 'application' AND l.state = 2 ORDER BY l.seq DESC LIMIT 1)
	WHERE current_key IN (SELECT id FROM letter WHERE case_id = case_.id AND kind <> 'application');

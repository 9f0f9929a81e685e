-- Version 9: what the back office said with an act (a JSON object), as the centre told it; who
-- brought a material that was owed.

ALTER TABLE event ADD COLUMN facts TEXT;
ALTER TABLE owed ADD COLUMN supplied_by TEXT;

-- Version 7: the cases with news are few among many.

CREATE INDEX case_by_news ON case_ (updated_ms) WHERE changes > seen;

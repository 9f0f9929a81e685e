-- The centre's file, version 3. The cases of a day are read in order of their number, which begins
-- with the day; no query used this index, and each letter wrote it.

DROP INDEX case_day;

-- Version 5: beside this file there may be letters.log, with letters that were promised and are not
-- in it yet. A program that does not know of it must not open the file. The value is the owner that
-- the log names; 0: none was made yet.

INSERT OR IGNORE INTO meta (key, value) VALUES ('letters.log', '0');

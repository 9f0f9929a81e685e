-- Version 6: what waits, in the order of posting, whatever has been delivered before.

CREATE INDEX letter_waiting ON letter (seq) WHERE state = 0;

/*
 * Table tests: tests/unit/data/NAME.tsv, one case a line, cells separated by TAB. The first line
 * names the columns; lines that begin with "# " are remarks. In cells \t \n \r \\ are escapes.
 */
#ifndef YIMEN_TESTS_UNIT_TABLE_H
#define YIMEN_TESTS_UNIT_TABLE_H

#include <stddef.h>

enum {
	TABLE_CELLS_MAX = 8
};

struct table_row {
	int line;
	size_t count;
	char *cell[TABLE_CELLS_MAX]; /* "" beyond count */
};

/* Calls each for every row; returns how many there were. The test ends with a
 * sentence when the file cannot be read. */
int table_each(const char *name, void (*each)(const struct table_row *row));

#endif

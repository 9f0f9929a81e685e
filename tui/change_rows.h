/*
 * What changed in the catalogue on one day, as rows: what differs first, then what went, then what
 * is new (the clerk knows the old).
 */
#ifndef YIMEN_TUI_CHANGE_ROWS_H
#define YIMEN_TUI_CHANGE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "core/station/catalogue.h"

struct change_row {
	enum catalogue_change_kind kind;
	char *code, *name, *dept;
	int before, after;
};

struct change_rows {
	struct change_row *rows;
	size_t count, by_kind[CATALOGUE_CHANGE__MAX];
};

/* Replaces what is there; day: a local one. A zeroed one is empty. */
void change_rows_read(struct change_rows *r, struct catalogue *c, int32_t day);
void change_rows_fini(struct change_rows *r);

const char *change_kind_name(enum catalogue_change_kind k);

#endif

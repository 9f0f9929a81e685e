/*
 * Rows that one is picked of, on a screen of their own or in lines.
 */
#ifndef YIMEN_TUI_PICK_ROWS_H
#define YIMEN_TUI_PICK_ROWS_H

#include <stddef.h>

struct pick_row {
	char *from, *shown, *value; /* where it comes from, as a person reads it, as it is stored */
};

/* Texts are copied. */
void pick_add(struct pick_row **rows, size_t *count, const char *from, const char *shown,
	const char *value);
void pick_free(struct pick_row *rows, size_t count);

#endif

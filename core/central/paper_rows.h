/*
 * The rows of papers, and those of whole papers that were seen lately: a letter names what has just
 * come, and to ask the store for it would wait for the commit under way.
 */
#ifndef YIMEN_CORE_CENTRAL_PAPER_ROWS_H
#define YIMEN_CORE_CENTRAL_PAPER_ROWS_H

#include "core/central/store.h"

enum {
	PAPER_ROWS_RECENT = 256
};

struct paper_rows {
	struct central_store *store;
	/* By the first two digits of their names; sha256 "": none. */
	struct paper_row recent[PAPER_ROWS_RECENT];
};

/* As paper_get, paper_put and paper_drop of the store; sha256 is one (paper_is_digest). */
enum err paper_rows_get(struct paper_rows *r, const char *sha256, struct paper_row *row);
enum err paper_rows_put(struct paper_rows *r, const struct paper_row *row);
void paper_rows_drop(struct paper_rows *r, const char *sha256);

#endif

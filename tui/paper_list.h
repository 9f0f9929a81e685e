/*
 * The scans of one application as the checklist shows them: read whole, kept until read again.
 */
#ifndef YIMEN_TUI_PAPER_LIST_H
#define YIMEN_TUI_PAPER_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "core/station/papers.h"

struct pager;
struct store;

struct paper_row {
	char sha256[PAPER_HEX_SIZE];
	char *material, *name;
	int64_t size;
};

struct paper_list {
	struct paper_row *rows;
	size_t count;
};

/* case_id "": there is no draft yet, and no paper. A zeroed list is an empty one. */
void paper_list_read(struct paper_list *l, struct store *s, const char *case_id);
void paper_list_fini(struct paper_list *l);
size_t paper_list_count(const struct paper_list *l, const char *material);
/* Adds a line for each of this material's. */
void paper_list_show(const struct paper_list *l, const char *material, struct pager *p);

#endif

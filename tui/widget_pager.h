/*
 * Text to read: wrapped to the width (Chinese may break anywhere but before closing signs; a number
 * of one or two digits stays with what follows it), in lines with roles, with sections one can jump
 * to by number.
 */
#ifndef YIMEN_TUI_WIDGET_PAGER_H
#define YIMEN_TUI_WIDGET_PAGER_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/key.h"

struct pager_line {
	char *text;
	int indent;
	enum role role;
	char *label; /* in ROLE_LABEL before the text, at the indent; NULL: none */
	int label_cols;
};

struct pager {
	struct pager_line *lines;
	size_t count;
	size_t sections[16]; /* the first line of each */
	size_t section_count;
	size_t top;
	int cols; /* width it is wrapped to */
	int rows; /* in view, from the last draw */
};

void pager_init(struct pager *p, int cols);
void pager_fini(struct pager *p);
/* Takes all lines out; top stays where it is as far as it can. */
void pager_clear(struct pager *p, int cols);
/* A paragraph: wrapped lines from column `indent`; a line feed in text begins a new line. */
void pager_add(struct pager *p, int indent, enum role role, const char *text);
/* A label in `label_cols` columns from `indent` and text beside it; a wider label stands above it.
 */
void pager_pair(struct pager *p, int indent, int label_cols, const char *label, const char *text);
void pager_gap(struct pager *p);
/* Takes out the `count` lines below line `at`, which are the rest of its text: it ends with "..".
 * Of a text without sections. */
void pager_shorten(struct pager *p, size_t at, size_t count);
/* The next line begins a section. */
void pager_section(struct pager *p);
bool pager_jump(struct pager *p, size_t section);
/* Up Down PgUp PgDn Space Home End, j k. false: another key. */
bool pager_key(struct pager *p, const struct key *k);
void pager_draw(struct pager *p, struct canvas *c, int row, int rows, int col);
/* Text from row, col on, wrapped to `cols`, in at most `rows` rows (what is left is ".."). Returns
 * the rows used. */
int pager_put(
	struct canvas *c, int row, int rows, int col, int cols, enum role role, const char *text);

#endif

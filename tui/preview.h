/*
 * What Enter would open, seen before it is opened: beside the list in a wide window, below it in a
 * tall one; a window of 80x24 keeps all its rows for the list. Read anew when the current row is
 * another one; on a slow line it comes when the hands rest.
 */
#ifndef YIMEN_TUI_PREVIEW_H
#define YIMEN_TUI_PREVIEW_H

#include "tui/widget_pager.h"

struct app;
struct canvas;

enum {
	PREVIEW_OF_SIZE = 64
};

struct preview {
	struct pager pager;
	char of[PREVIEW_OF_SIZE]; /* what it shows; "": nothing yet */
};

/* Where list and preview stand under a list whose heads are in row `top`. */
struct preview_place {
	int list_cols, list_end;      /* the list: columns, and the row after its last */
	int row, rows, col, rule_row; /* the preview; rows 0: there is none, rule_row 0: no rule */
};
struct preview_place preview_place(const struct canvas *c, int top);

/* A zeroed preview is empty. Forget: what is on disk has changed, it is read again. */
void preview_forget(struct preview *p);
void preview_fini(struct preview *p);
/* of: what the current row stands for, a name of its own ("" or NULL: there is none). fill is
 * called with an empty pager that has its width. */
void preview_draw(struct preview *p, struct app *a, struct canvas *c,
	const struct preview_place *at, const char *of, void (*fill)(void *arg, struct pager *p),
	void *arg);

#endif

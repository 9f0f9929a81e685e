#include "tui/preview.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"

enum {
	LEAST_ROWS = 5,
	GAP = 2 /* columns before the text of the pane */
};

struct preview_place preview_place(const struct canvas *c, int top)
{
	int cols = canvas_cols(c), bottom = screen_bottom(c);
	struct preview_place at = {.list_cols = cols - 1, .list_end = bottom};

	if (cols >= WIDE_COLS) {
		at.list_cols = PANE_LEFT_COLS + 2;
		at.row = top;
		at.rows = bottom - top;
		at.col = PANE_RIGHT_COL + GAP;
	} else if (canvas_rows(c) - FULL_ROWS > LEAST_ROWS) { /* the list has its rows first */
		at.rule_row = FULL_ROWS - FRAME_BELOW;
		at.list_end = at.rule_row;
		at.row = at.rule_row + 1;
		at.rows = bottom - at.row;
		at.col = 1;
	}
	return at;
}

void preview_forget(struct preview *p)
{
	p->of[0] = '\0';
}

void preview_fini(struct preview *p)
{
	pager_fini(&p->pager);
}

void preview_draw(struct preview *p, struct app *a, struct canvas *c,
	const struct preview_place *at, const char *of, void (*fill)(void *arg, struct pager *p),
	void *arg)
{
	int cols = canvas_cols(c) - at->col - 1;

	if (at->rows <= 0 || !of || !*of)
		return;
	if (at->rule_row)
		canvas_rule(c, at->rule_row, 0, canvas_cols(c) - 1);
	if (!app_draws_detail(a, c, at->row, at->rows, at->col))
		return;
	if (strcmp(p->of, of) != 0 || p->pager.cols != cols) {
		pager_clear(&p->pager, cols);
		p->pager.top = 0;
		fill(arg, &p->pager);
		snprintf(p->of, sizeof(p->of), "%s", of);
	}
	pager_draw(&p->pager, c, at->row, at->rows, at->col);
}

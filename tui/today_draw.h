/*
 * How the first screen looks: the heading of a group, a row of it, and beside or below the list
 * what its current row is (preview.h).
 */
#ifndef YIMEN_TUI_TODAY_DRAW_H
#define YIMEN_TUI_TODAY_DRAW_H

#include <stdbool.h>

#include "tui/today_rows.h"

struct app;
struct canvas;
struct pager;

/* What the group is, and how many or why none; in the columns before `cols`. */
void today_draw_heading(struct canvas *c, int row, enum today_group g, size_t count, int cols);
/* Returns how many columns its mark reaches over (list_mark). */
int today_draw_row(struct canvas *c, int row, const struct today_row *r, int cols, bool masked);
/* How many wait and were accepted today. */
void today_draw_greeting(struct app *a, struct canvas *c);
/* The whole of what a row stands for. */
void today_preview(struct pager *p, struct app *a, const struct today_row *r);

#endif

/*
 * A summary drawn: figures with bars of reversed cells beside them (the figure says the same), in
 * views that fit 80x24.
 */
#ifndef YIMEN_TUI_SUMMARY_VIEW_H
#define YIMEN_TUI_SUMMARY_VIEW_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct canvas;
struct list;
struct store;
struct summary;

enum summary_view {
	VIEW_ALL,
	VIEW_MATTER,
	VIEW_BODY,
	VIEW_OPERATOR,
	VIEW_DAY, /* of a month */
	VIEW__MAX
};

/* How many lines a view lists; 0 for VIEW_ALL. */
size_t summary_view_count(const struct summary *s, enum summary_view v);
/* The names of the views in one row, the current one marked; month: with that of days. */
void summary_view_tabs(struct canvas *c, int row, enum summary_view v, int month);
/* From `row` to `bottom` (exclusive). list: which lines are in view, for all but VIEW_ALL. */
void summary_view_draw(struct canvas *c, int row, int bottom, const struct summary *s,
	enum summary_view v, struct store *store, struct list *list);

/* Appends the name of the current line when it is too long for its column; false: it is not. */
bool summary_view_whole_name(struct buf *out, const struct summary *s, enum summary_view v,
	struct store *store, const struct list *list, int cols);

/* `cells` reversed cells from col, for n out of most; at least one when there is any. */
void bar_draw(struct canvas *c, int row, int col, int cells, long long n, long long most);

#endif

#include "tui/summary_view.h"

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/summary.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/widget_list.h"

enum {
	LABEL_COL = 3,
	FIGURE_END = 25, /* exclusive */
	BAR_COL = 27,
	BAR_CELLS = 16,
	RIGHT_COL = 46,
	RIGHT_VALUE = 17, /* from the left of its part */
	LEFT_ROWS = 16,
	RIGHT_ROWS = 15,
	ALL_ROWS = LEFT_ROWS + 1 + RIGHT_ROWS /* one below the other */
};

static enum summary_group group_of(enum summary_view v)
{
	static const enum summary_group groups[VIEW__MAX] = {
		SUMMARY_ALL, SUMMARY_MATTER, SUMMARY_BODY, SUMMARY_OPERATOR, SUMMARY_DAY};

	return groups[v];
}

size_t summary_view_count(const struct summary *s, enum summary_view v)
{
	return v == VIEW_ALL ? 0 : s->counts[group_of(v)];
}

void summary_view_tabs(struct canvas *c, int row, enum summary_view v, int month)
{
	static const char *const names[VIEW__MAX] = {
		N_("1 概况"), N_("2 按事项"), N_("3 按部门"), N_("4 按人员和窗口"), N_("5 按日")};
	int col = 1;

	for (int i = 0; i < VIEW__MAX; i++)
		if (i != VIEW_DAY || month)
			col += 3 + canvas_put(c, row, col, 24, i == (int)v ? ROLE_NAV_ON : ROLE_NAV,
					   tr(names[i]));
}

void bar_draw(struct canvas *c, int row, int col, int cells, long long n, long long most)
{
	long long width = most > 0 ? n * cells / most : 0;

	if (n > 0 && width == 0)
		width = 1;
	canvas_fill(c, row, col, (int)width, ROLE_STATUS);
}

/* ---- the overview ---- */

static void put_figure(struct canvas *c, int row, int end, int64_t n)
{
	struct buf b = {0};

	buf_printf(&b, "%lld", (long long)n);
	canvas_right(c, row, end - 8, end, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void put_bar(struct canvas *c, int row, const char *label, int64_t n, int64_t most)
{
	canvas_pad(c, row, LABEL_COL, 17, ROLE_LABEL, label);
	put_figure(c, row, FIGURE_END, n);
	bar_draw(c, row, BAR_COL, BAR_CELLS, n, most);
}

static void draw_decisions(struct canvas *c, int row, const int64_t *n)
{
	static const enum figure shown[] = {FIGURE_SUBMITTED, FIGURE_REVISED, FIGURE_ACCEPTED,
		FIGURE_CORRECTION, FIGURE_SUPPLEMENT, FIGURE_SUPPLIED, FIGURE_REFUSED,
		FIGURE_DECIDED, FIGURE_DELIVERED, FIGURE_ARCHIVED};
	static const enum figure rest[] = {
		FIGURE_SUSPENDED, FIGURE_RESUMED, FIGURE_RETURNED, FIGURE_WITHDRAWN, FIGURE_VOID};
	int64_t most = 0;

	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		most = n[shown[i]] > most ? n[shown[i]] : most;
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		most = n[rest[i]] > most ? n[rest[i]] : most;
	canvas_put(c, row++, 1, 40, ROLE_STRONG, tr("收件和决定"));
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		put_bar(c, row++, figure_label(shown[i]), n[shown[i]], most);
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		put_bar(c, row++, figure_label(rest[i]), n[rest[i]], most);
}

/* The right part, or the lower one. */
struct part {
	struct canvas *canvas;
	int row, col;
	const int64_t *n;
};

static void put_right(struct part *p, const char *label, enum role role, const char *text)
{
	int value = p->col + RIGHT_VALUE;

	canvas_pad(p->canvas, p->row, p->col + 2, RIGHT_VALUE - 3, ROLE_LABEL, label);
	canvas_put(p->canvas, p->row++, value, canvas_cols(p->canvas) - value - 1, role, text);
}

static void put_heading(struct part *p, const char *text)
{
	canvas_put(p->canvas, p->row++, p->col, canvas_cols(p->canvas) - p->col - 1, ROLE_STRONG,
		text);
}

static void put_share(struct part *p, enum figure whole)
{
	struct buf b = {0};
	bool all = p->n[whole] == p->n[whole + 1];

	summary_put_share(&b, p->n[whole + 1], p->n[whole]);
	put_right(p, figure_label((enum figure)(whole + 1)), all ? ROLE_TEXT : ROLE_WARN,
		buf_str(&b));
	buf_fini(&b);
}

static void put_time(struct part *p, const char *label, enum figure f)
{
	struct buf b = {0};

	summary_put_time(&b, p->n[f], p->n[FIGURE_TIMED] > 0);
	put_right(p, label, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void put_count(struct part *p, enum figure f, bool warn)
{
	struct buf b = {0};

	buf_printf(&b, "%lld", (long long)p->n[f]);
	put_right(p, figure_label(f), warn && p->n[f] > 0 ? ROLE_WARN : ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void draw_right(struct part *p, const struct summary *s)
{
	struct buf b = {0};

	put_heading(p, trc("heading", "时限"));
	put_share(p, FIGURE_ANSWERS);
	put_share(p, FIGURE_PROMISES);
	put_share(p, FIGURE_DELIVERIES);
	buf_printf(&b, tr("窗口用时 (%lld 件)"), (long long)p->n[FIGURE_TIMED]);
	put_heading(p, buf_str(&b));
	put_time(p, tr("中位"), FIGURE_TIME_MEDIAN);
	put_time(p, tr("最长"), FIGURE_TIME_LONGEST);
	put_time(p, tr("合计"), FIGURE_TIME);
	put_heading(p, tr("报送中心"));
	put_count(p, FIGURE_LETTERS, false);
	put_count(p, FIGURE_ARRIVED, false);
	buf_clear(&b);
	buf_printf(&b, tr("%lld (过 %d 分钟)"), (long long)p->n[FIGURE_LATE], s->late_minutes);
	put_right(p, figure_label(FIGURE_LATE), p->n[FIGURE_LATE] ? ROLE_WARN : ROLE_TEXT,
		buf_str(&b));
	put_count(p, FIGURE_OFFLINE, false);
	put_count(p, FIGURE_WAITING, true);
	put_count(p, FIGURE_BOUNCED, true);
	buf_fini(&b);
}

/* Side by side; in a small window one below the other, and the arrows go through them. */
static void draw_overview(
	struct canvas *c, int row, int bottom, const struct summary *s, struct list *list)
{
	const int64_t *n = summary_all(s)->figures;
	struct part right = {c, row, RIGHT_COL, n};
	int at;

	if (bottom - row >= LEFT_ROWS && canvas_cols(c) >= FULL_COLS) {
		list_resize(list, 0);
		draw_decisions(c, row, n);
		draw_right(&right, s);
		return;
	}
	list_resize(list, ALL_ROWS);
	list_fit(list, bottom - row);
	at = row - (int)list->top;
	canvas_clip(c, row, bottom);
	draw_decisions(c, at, n);
	right.row = at + LEFT_ROWS + 1;
	right.col = 1;
	draw_right(&right, s);
	canvas_clip(c, 0, canvas_rows(c));
	at += (int)list->selected;
	canvas_put(c, at, 0, 1, ROLE_STRONG, ">");
	canvas_cursor(c, at, 0);
}

/* ---- tables ---- */

static const struct column {
	enum figure figure;
	int end; /* exclusive */
	const char *label;
} columns[] = {{FIGURE_SUBMITTED, 31, N_("收件")}, {FIGURE_ACCEPTED, 47, N_("受理")},
	{FIGURE_CORRECTION, 53, N_("补正")}, {FIGURE_REFUSED, 59, N_("不予")},
	{FIGURE_DECIDED, 65, N_("办结")}};

enum {
	NAME_COLS = 23,
	TABLE_BAR = 33,
	TABLE_BAR_CELLS = 8,
	KEPT_END = 72,
	TIME_END = 79,
	SMALL_NAME_COLS = 14, /* in a small window: no bar, and all figures 6 columns apart */
	SMALL_FIRST_END = 22,
	SMALL_STEP = 6,
	SMALL_TIME_END = 59
};

static bool is_small(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS;
}

static int name_cols(const struct canvas *c)
{
	return is_small(c) ? SMALL_NAME_COLS : NAME_COLS;
}

/* Where the i-th figure ends; the one after the last is what was kept. */
static int figure_end(const struct canvas *c, size_t i)
{
	if (is_small(c))
		return SMALL_FIRST_END + (int)i * SMALL_STEP;
	return i < sizeof columns / sizeof columns[0] ? columns[i].end : KEPT_END;
}

static int kept_end(const struct canvas *c)
{
	return figure_end(c, sizeof columns / sizeof columns[0]);
}

static int time_end(const struct canvas *c)
{
	return is_small(c) ? SMALL_TIME_END : TIME_END;
}

static void draw_head(struct canvas *c, int row, enum summary_view v)
{
	canvas_put(c, row, 2, name_cols(c), ROLE_LABEL, summary_group_label(group_of(v)));
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		canvas_right(c, row, figure_end(c, i) - 6, figure_end(c, i), ROLE_LABEL,
			trc("column", columns[i].label));
	canvas_right(c, row, kept_end(c) - 6, kept_end(c), ROLE_LABEL, tr("按期"));
	canvas_right(c, row, time_end(c) - 6, time_end(c), ROLE_LABEL, tr("用时"));
}

/* Minutes and seconds only: 6:20. */
static void put_short_time(struct canvas *c, int row, const struct summary_line *l)
{
	long long s = (long long)(l->figures[FIGURE_TIME_MEDIAN] / 1000);
	struct buf b = {0};

	if (l->figures[FIGURE_TIMED] > 0)
		buf_printf(&b, "%lld:%02lld", s / 60, s % 60);
	else
		buf_adds(&b, "-");
	canvas_right(c, row, time_end(c) - 6, time_end(c), ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void put_kept(struct canvas *c, int row, const struct summary_line *l)
{
	int64_t kept = l->figures[FIGURE_PROMISES_KEPT], all = l->figures[FIGURE_PROMISES];
	struct buf b = {0};

	if (all > 0)
		buf_printf(&b, "%lld/%lld", (long long)kept, (long long)all);
	else
		buf_adds(&b, "-");
	canvas_right(c, row, kept_end(c) - 6, kept_end(c), kept < all ? ROLE_WARN : ROLE_TEXT,
		buf_str(&b));
	buf_fini(&b);
}

static void draw_line(struct canvas *c, int row, enum summary_view v, struct store *store,
	const struct summary_line *l, int64_t most)
{
	struct buf name = {0};

	summary_put_label(&name, store, group_of(v), l);
	canvas_pad(c, row, 2, name_cols(c), ROLE_TEXT, buf_str(&name));
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		put_figure(c, row, figure_end(c, i), l->figures[columns[i].figure]);
	if (!is_small(c))
		bar_draw(c, row, TABLE_BAR, TABLE_BAR_CELLS, l->figures[FIGURE_SUBMITTED], most);
	put_kept(c, row, l);
	put_short_time(c, row, l);
	buf_fini(&name);
}

static void draw_table(struct canvas *c, int row, int bottom, const struct summary *s,
	enum summary_view v, struct store *store, struct list *list)
{
	enum summary_group g = group_of(v);
	int64_t most = 0;

	draw_head(c, row++, v);
	if (s->counts[g] == 0)
		canvas_put(c, row, 2, 60, ROLE_TEXT, tr("这段时间没有办件。"));
	for (size_t i = 0; i < s->counts[g]; i++)
		if (s->lines[g][i].figures[FIGURE_SUBMITTED] > most)
			most = s->lines[g][i].figures[FIGURE_SUBMITTED];
	list_fit(list, bottom - row);
	for (size_t i = list->top; i < s->counts[g] && i < list->top + list->rows; i++, row++) {
		draw_line(c, row, v, store, &s->lines[g][i], most);
		if (i == list->selected) {
			canvas_put(c, row, 0, 1, ROLE_STRONG, ">");
			canvas_cursor(c, row, 0);
		}
	}
}

bool summary_view_whole_name(struct buf *out, const struct summary *s, enum summary_view v,
	struct store *store, const struct list *list, int cols)
{
	enum summary_group g = group_of(v);
	struct buf name = {0};
	bool is_long;

	if (v == VIEW_ALL || list->selected >= s->counts[g])
		return false;
	summary_put_label(&name, store, g, &s->lines[g][list->selected]);
	is_long = glyph_cols(buf_str(&name)) > (cols < FULL_COLS ? SMALL_NAME_COLS : NAME_COLS);
	if (is_long)
		buf_adds(out, buf_str(&name));
	buf_fini(&name);
	return is_long;
}

void summary_view_draw(struct canvas *c, int row, int bottom, const struct summary *s,
	enum summary_view v, struct store *store, struct list *list)
{
	canvas_cursor(c, row, 0);
	if (v == VIEW_ALL)
		draw_overview(c, row, bottom, s, list);
	else
		draw_table(c, row, bottom, s, v, store, list);
}

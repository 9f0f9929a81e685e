#include "tui/summary_view.h"

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/summary.h"
#include "tui/canvas.h"
#include "tui/widget_list.h"

enum {
	LABEL_COL = 3,
	FIGURE_END = 25, /* exclusive */
	BAR_COL = 27,
	BAR_CELLS = 16,
	RIGHT_COL = 46,
	RIGHT_VALUE = 63
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

static void put_right(
	struct canvas *c, int row, const char *label, enum role role, const char *text)
{
	canvas_pad(c, row, RIGHT_COL + 2, RIGHT_VALUE - RIGHT_COL - 3, ROLE_LABEL, label);
	canvas_put(c, row, RIGHT_VALUE, canvas_cols(c) - RIGHT_VALUE - 1, role, text);
}

static void put_share(struct canvas *c, int row, const int64_t *n, enum figure whole)
{
	struct buf b = {0};
	bool all = n[whole] == n[whole + 1];

	summary_put_share(&b, n[whole + 1], n[whole]);
	put_right(c, row, figure_label((enum figure)(whole + 1)), all ? ROLE_TEXT : ROLE_WARN,
		buf_str(&b));
	buf_fini(&b);
}

static void put_time(struct canvas *c, int row, const char *label, const int64_t *n, enum figure f)
{
	struct buf b = {0};

	summary_put_time(&b, n[f], n[FIGURE_TIMED] > 0);
	put_right(c, row, label, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void put_count(struct canvas *c, int row, const int64_t *n, enum figure f, bool warn)
{
	struct buf b = {0};

	buf_printf(&b, "%lld", (long long)n[f]);
	put_right(c, row, figure_label(f), warn && n[f] > 0 ? ROLE_WARN : ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void draw_right(struct canvas *c, int row, const struct summary *s, const int64_t *n)
{
	int right = canvas_cols(c) - RIGHT_COL - 1;
	struct buf b = {0};

	canvas_put(c, row++, RIGHT_COL, right, ROLE_STRONG, tr("时限"));
	put_share(c, row++, n, FIGURE_ANSWERS);
	put_share(c, row++, n, FIGURE_PROMISES);
	put_share(c, row++, n, FIGURE_DELIVERIES);
	buf_printf(&b, tr("窗口用时 (%lld 件)"), (long long)n[FIGURE_TIMED]);
	canvas_put(c, row++, RIGHT_COL, right, ROLE_STRONG, buf_str(&b));
	put_time(c, row++, tr("中位"), n, FIGURE_TIME_MEDIAN);
	put_time(c, row++, tr("最长"), n, FIGURE_TIME_LONGEST);
	put_time(c, row++, tr("合计"), n, FIGURE_TIME);
	canvas_put(c, row++, RIGHT_COL, right, ROLE_STRONG, tr("报送中心"));
	put_count(c, row++, n, FIGURE_LETTERS, false);
	put_count(c, row++, n, FIGURE_ARRIVED, false);
	buf_clear(&b);
	buf_printf(&b, tr("%lld (过 %d 分钟)"), (long long)n[FIGURE_LATE], s->late_minutes);
	put_right(c, row++, figure_label(FIGURE_LATE), n[FIGURE_LATE] ? ROLE_WARN : ROLE_TEXT,
		buf_str(&b));
	put_count(c, row++, n, FIGURE_OFFLINE, false);
	put_count(c, row++, n, FIGURE_WAITING, true);
	put_count(c, row, n, FIGURE_BOUNCED, true);
	buf_fini(&b);
}

/* ---- tables ---- */

static const struct column {
	enum figure figure;
	int end; /* exclusive */
	const char *label;
} columns[] = {{FIGURE_SUBMITTED, 31, N_("收件量")}, {FIGURE_ACCEPTED, 47, N_("受理量")},
	{FIGURE_CORRECTION, 53, N_("补正量")}, {FIGURE_REFUSED, 59, N_("不予量")},
	{FIGURE_DECIDED, 65, N_("办结量")}};

enum {
	NAME_COLS = 23,
	TABLE_BAR = 33,
	TABLE_BAR_CELLS = 8,
	KEPT_END = 72,
	TIME_END = 79
};

static void draw_head(struct canvas *c, int row, enum summary_view v)
{
	canvas_put(c, row, 2, NAME_COLS, ROLE_LABEL, summary_group_label(group_of(v)));
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		canvas_right(c, row, columns[i].end - 6, columns[i].end, ROLE_LABEL,
			tr(columns[i].label));
	canvas_right(c, row, KEPT_END - 6, KEPT_END, ROLE_LABEL, tr("按期"));
	canvas_right(c, row, TIME_END - 6, TIME_END, ROLE_LABEL, tr("用时"));
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
	canvas_right(c, row, TIME_END - 6, TIME_END, ROLE_TEXT, buf_str(&b));
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
	canvas_right(
		c, row, KEPT_END - 6, KEPT_END, kept < all ? ROLE_WARN : ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void draw_line(struct canvas *c, int row, enum summary_view v, struct store *store,
	const struct summary_line *l, int64_t most)
{
	struct buf name = {0};

	summary_put_label(&name, store, group_of(v), l);
	canvas_pad(c, row, 2, NAME_COLS, ROLE_TEXT, buf_str(&name));
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		put_figure(c, row, columns[i].end, l->figures[columns[i].figure]);
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
	struct store *store, const struct list *list)
{
	enum summary_group g = group_of(v);
	struct buf name = {0};
	bool is_long;

	if (v == VIEW_ALL || list->selected >= s->counts[g])
		return false;
	summary_put_label(&name, store, g, &s->lines[g][list->selected]);
	is_long = text_cols(buf_str(&name)) > NAME_COLS;
	if (is_long)
		buf_adds(out, buf_str(&name));
	buf_fini(&name);
	return is_long;
}

void summary_view_draw(struct canvas *c, int row, int bottom, const struct summary *s,
	enum summary_view v, struct store *store, struct list *list)
{
	const int64_t *n = summary_all(s)->figures;

	canvas_cursor(c, row, 0);
	if (v != VIEW_ALL) {
		draw_table(c, row, bottom, s, v, store, list);
		return;
	}
	draw_decisions(c, row, n);
	draw_right(c, row, s, n);
}

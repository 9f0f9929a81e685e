/* What changed in the catalogue on one day, and which field of a matter. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "tui/change_rows.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 1 << 10 /* a label stays with its text */
};

struct one {
	struct desk *desk;
	const struct change_row *row;
	struct pager *pager;
};

static void add_field(void *arg, const struct catalogue_field *f)
{
	const struct one *g = arg;
	struct buf text = {0};

	buf_printf(&text, tr("原来 %s; 现在 %s"), *f->before ? f->before : tr("没有"),
		*f->after ? f->after : tr("没有"));
	pager_pair(g->pager, 0, LABEL_COLS, f->label, buf_str(&text));
	buf_fini(&text);
}

static void fill_fields(void *arg, struct pager *p)
{
	struct one *g = arg;

	g->pager = p;
	catalogue_diff(g->desk->session->catalogue, g->row->code, g->row->before, g->row->after,
		add_field, g);
}

/* What is gone is only told; of the rest the guide is opened when it is wanted. */
static enum way one_change(struct desk *d, const struct change_row *row)
{
	struct one g = {d, row, NULL};

	talk_say(d->talk, "%s: %s", change_kind_name(row->kind), row->name);
	if (row->kind == CATALOGUE_WITHDRAWN) {
		talk_say(d->talk, "%s", tr("这个事项已取消, 不再受理; 已受理的继续办。"));
		return WAY_BACK;
	}
	if (row->kind == CATALOGUE_CHANGED) {
		talk_text(d->talk, fill_fields, &g, 0, 1);
		if (!menu_yes(d->talk, tr("打开这个事项?")))
			return talk_over(d->talk) ? WAY_END : WAY_BACK;
	}
	return desk_matter(d, row->code);
}

/* The other days come first: there may be thousands of rows. Returns how many those are. */
static size_t make_menu(struct menu *m, const struct change_rows *r, bool today)
{
	struct buf text = {0};
	size_t days;

	menu_add(m, tr("前一天的"));
	if (!today)
		menu_add(m, tr("后一天的"));
	days = m->count;
	for (size_t i = 0; i < r->count; i++) {
		buf_clear(&text);
		buf_printf(&text, "%s: %s, %s", change_kind_name(r->rows[i].kind), r->rows[i].name,
			r->rows[i].dept);
		menu_add(m, buf_str(&text));
	}
	buf_fini(&text);
	return days;
}

static void put_title(struct buf *out, int32_t day, bool today, const struct change_rows *r)
{
	char date[DATE_SIZE];

	buf_printf(out, "%s, ", today ? tr("今日变更") : date_format(date_from_day(day), date));
	if (r->count == 0)
		buf_adds(out, tr("没有变更"));
	else
		buf_printf(out, tr("变更 %zu 项, 取消 %zu 项, 新增 %zu 项。"),
			r->by_kind[CATALOGUE_CHANGED], r->by_kind[CATALOGUE_WITHDRAWN],
			r->by_kind[CATALOGUE_ADDED]);
}

enum way desk_changes(struct desk *d)
{
	struct change_rows r = {0};
	int32_t today = clock_day(desk_now(d)), day = today;
	enum way w = WAY_BACK;

	while (w == WAY_BACK) {
		struct menu m = {0};
		struct buf title = {0};
		size_t days;
		long picked;
		change_rows_read(&r, d->session->catalogue, day);
		put_title(&title, day, day == today, &r);
		m.title = buf_str(&title);
		days = make_menu(&m, &r, day == today);
		picked = menu_ask(d->talk, &m, NULL);
		if (picked <= 0)
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		else if ((size_t)picked > days)
			w = one_change(d, &r.rows[(size_t)picked - days - 1]);
		else
			day += picked == 1 ? -1 : 1;
		menu_fini(&m);
		buf_fini(&title);
	}
	change_rows_fini(&r);
	return w;
}

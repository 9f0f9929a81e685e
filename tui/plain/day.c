/* A day in figures, what is still open at its end, the reconciliation, closing it. */
#include "tui/plain/desk.h"

#include <poll.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/day_end.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tui/day_items.h"
#include "tui/errand.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 1 << 10, /* a label stays with its text */
	LOOK_MS = 200
};

struct day {
	struct desk *desk;
	int32_t day;
	struct day_items open;
	struct day_check check;
};

static void read_day(struct day *g)
{
	struct store *s = g->desk->session->store;

	day_check_fini(&g->check);
	g->check = (struct day_check){0};
	day_check_get(s, g->day, &g->check);
	day_items_read(&g->open, s, g->day);
}

/* ---- figures ---- */

static void fill_figures(void *arg, struct pager *p)
{
	struct day *g = arg;
	const struct session *session = g->desk->session;
	struct summary sum = {0};
	struct buf text = {0};

	if (summary_make(&sum, session->store, g->day, g->day + 1, session->late_minutes) != OK)
		return;
	for (int f = 0; f < FIGURE__MAX; f++) {
		int64_t n = summary_all(&sum)->figures[f];
		buf_clear(&text);
		if (figure_is_time((enum figure)f))
			summary_put_time(&text, n, n > 0);
		else
			buf_printf(&text, "%lld", (long long)n);
		if (n > 0)
			pager_pair(p, 0, LABEL_COLS, figure_label((enum figure)f), buf_str(&text));
	}
	if (p->count == 0)
		pager_add(p, 0, ROLE_TEXT, tr("今天还没有数字。"));
	summary_fini(&sum);
	buf_fini(&text);
}

/* ---- what is open ---- */

static void fill_open(void *arg, struct pager *p)
{
	struct day *g = arg;
	struct buf who = {0}, text = {0};

	if (g->open.count == 0)
		pager_add(p, 0, ROLE_TEXT, tr("没有还开着的。"));
	for (size_t i = 0; i < g->open.count; i++) {
		const struct day_item *it = &g->open.items[i];
		buf_clear(&who);
		buf_clear(&text);
		day_items_tell(&g->open, i, g->desk->session);
		show_name(&who, it->who, !g->desk->session->unmasked);
		buf_printf(&text, "%s%s%s, %s", it->what, who.len ? ", " : "", buf_str(&who),
			it->note);
		pager_pair(p, 0, LABEL_COLS, day_kind_name(it->kind), buf_str(&text));
	}
	buf_fini(&who);
	buf_fini(&text);
}

static void reconcile(struct day *g)
{
	struct talk *t = g->desk->talk;
	char date[DATE_SIZE];
	struct errand *e = errand_start("reconcile", date_format(date_from_day(g->day), date));
	int code = -1;

	talk_say(t, "%s", tr("正在和中心对账..."));
	while (e && !errand_look(e, &code))
		poll(NULL, 0, LOOK_MS);
	errand_free(e);
	read_day(g);
	if (code == EXIT_DONE)
		talk_say(t, "%s", tr("对账一致, 没有差别。"));
	else if (code == EXIT_REFUSED)
		talk_say(t, "%s", tr("有对不上的, 列在最前面。"));
	else
		talk_say(t, tr("没有对成: %s"),
			g->check.failure ? g->check.failure : tr("连上中心以后再试。"));
}

static void close_day(struct day *g)
{
	struct session *s = g->desk->session;
	struct buf ask = {0};
	enum err e;

	day_items_words(&g->open, &g->check, &ask);
	buf_adds(&ask, tr("。记下日结?"));
	if (menu_yes(g->desk->talk, buf_str(&ask))) {
		e = day_close(s->store, g->day, s->who.name, s->window, day_items_all(&g->open));
		if (e == OK)
			talk_say(g->desk->talk, "%s", tr("已记下日结。"));
		else
			talk_fail(g->desk->talk, tr("日结没有记下"), e, NULL);
	}
	buf_fini(&ask);
}

enum way desk_day(struct desk *d)
{
	struct day g = {.desk = d, .day = clock_day(desk_now(d))};
	struct menu m = {.title = tr("日结")};
	long picked;

	menu_add(&m, tr("今天的数字"));
	menu_add(&m, tr("还开着的"));
	menu_command(&m, CMD_RECONCILE);
	menu_command(&m, CMD_DAY_CLOSE);
	do {
		read_day(&g);
		picked = menu_ask(d->talk, &m, NULL);
		if (picked == 1)
			talk_text(d->talk, fill_figures, &g, 0, 1);
		else if (picked == 2)
			talk_text(d->talk, fill_open, &g, 0, 1);
		else if (picked == 3)
			reconcile(&g);
		else if (picked == 4)
			close_day(&g);
	} while (picked > 0);
	day_items_fini(&g.open);
	day_check_fini(&g.check);
	menu_fini(&m);
	return picked == MENU_END ? WAY_END : WAY_HOME;
}

#include "core/station/documents/summary_paper.h"

#include <stdint.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/documents/paper.h"
#include "core/station/store.h"
#include "core/station/summary.h"

enum {
	CELLS_MAX = 9
};

struct writing {
	struct paper *out;
	const struct summary *sum;
	struct store *store;
};

static void add(struct writing *w, enum paper_kind kind, const char *a, const char *b)
{
	const char *const fields[2] = {a, b};

	paper_add(w->out, kind, fields, b != NULL ? 2 : a != NULL ? 1 : 0);
}

static void add_count(struct writing *w, enum figure f)
{
	struct buf b = {0};

	buf_printf(&b, "%lld", (long long)summary_all(w->sum)->figures[f]);
	add(w, PAPER_PAIR, figure_label(f), buf_str(&b));
	buf_fini(&b);
}

/* Those that did not happen are left out. */
static void add_counts(struct writing *w, enum figure from, enum figure to)
{
	for (int f = (int)from; f <= (int)to; f++)
		if (summary_all(w->sum)->figures[f] > 0)
			add_count(w, (enum figure)f);
}

static void add_share(struct writing *w, enum figure whole)
{
	const int64_t *n = summary_all(w->sum)->figures;
	struct buf b = {0};

	summary_put_share(&b, n[whole + 1], n[whole]);
	add(w, PAPER_PAIR, figure_label((enum figure)(whole + 1)), buf_str(&b));
	buf_fini(&b);
}

static void add_time(struct writing *w, enum figure f)
{
	const int64_t *n = summary_all(w->sum)->figures;
	struct buf b = {0};

	summary_put_time(&b, n[f], n[FIGURE_TIMED] > 0);
	add(w, PAPER_PAIR, figure_label(f), buf_str(&b));
	buf_fini(&b);
}

static void add_totals(struct writing *w)
{
	add(w, PAPER_HEADING, tr("收件和决定"), NULL);
	add_count(w, FIGURE_SUBMITTED);
	add_counts(w, FIGURE_REVISED, FIGURE_DECIDED);
	add(w, PAPER_HEADING, trc("heading", "时限"), NULL);
	add_share(w, FIGURE_ANSWERS);
	add_share(w, FIGURE_PROMISES);
	add_share(w, FIGURE_DELIVERIES);
	add(w, PAPER_HEADING, tr("窗口用时"), NULL);
	add_count(w, FIGURE_TIMED);
	add_time(w, FIGURE_TIME_MEDIAN);
	add_time(w, FIGURE_TIME_LONGEST);
	add_time(w, FIGURE_TIME);
	add(w, PAPER_HEADING, tr("报送中心"), NULL);
	for (int f = FIGURE_LETTERS; f <= FIGURE_BOUNCED; f++)
		add_count(w, (enum figure)f);
}

/* ---- tables ---- */

static void add_head(struct writing *w, enum summary_group g)
{
	static const enum figure figures[] = {FIGURE_SUBMITTED, FIGURE_ACCEPTED, FIGURE_CORRECTION,
		FIGURE_REFUSED, FIGURE_DECIDED};
	static const char *const shorts[] = {
		N_("收件量"), N_("受理量"), N_("补正量"), N_("不予量"), N_("办结量")};
	char cells[CELLS_MAX][64];
	const char *fields[CELLS_MAX];
	size_t n = 0;

	snprintf(cells[n++], sizeof cells[0], "%s 24", summary_group_label(g));
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		snprintf(cells[n++], sizeof cells[0], "%s 10", tr(shorts[i]));
	snprintf(cells[n++], sizeof cells[0], "%s 14", tr("承诺时限内"));
	snprintf(cells[n++], sizeof cells[0], "%s 12", tr("用时中位"));
	for (size_t i = 0; i < n; i++)
		fields[i] = cells[i];
	paper_add(w->out, PAPER_COLUMNS, fields, n);
}

static void add_row(struct writing *w, enum summary_group g, const struct summary_line *l)
{
	static const enum figure figures[] = {FIGURE_SUBMITTED, FIGURE_ACCEPTED, FIGURE_CORRECTION,
		FIGURE_REFUSED, FIGURE_DECIDED};
	struct buf cells[CELLS_MAX] = {{0}};
	const char *fields[CELLS_MAX];
	size_t n = 0;

	summary_put_label(&cells[n++], w->store, g, l);
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		buf_printf(&cells[n++], "%lld", (long long)l->figures[figures[i]]);
	summary_put_share(
		&cells[n++], l->figures[FIGURE_PROMISES_KEPT], l->figures[FIGURE_PROMISES]);
	summary_put_time(&cells[n++], l->figures[FIGURE_TIME_MEDIAN], l->figures[FIGURE_TIMED] > 0);
	for (size_t i = 0; i < n; i++)
		fields[i] = buf_str(&cells[i]);
	paper_add(w->out, PAPER_ROW, fields, n);
	for (size_t i = 0; i < n; i++)
		buf_fini(&cells[i]);
}

static void add_table(struct writing *w, enum summary_group g)
{
	if (w->sum->counts[g] == 0)
		return;
	add(w, PAPER_HEADING, summary_group_label(g), NULL);
	add_head(w, g);
	for (size_t i = 0; i < w->sum->counts[g]; i++)
		add_row(w, g, &w->sum->lines[g][i]);
}

static void add_notes(struct writing *w)
{
	struct buf b = {0};
	char now[32];

	buf_printf(&b,
		tr("晚到: 提交后超过 %d 分钟才送到。窗口用时: 从叫号或开始填写到提交, 不算暂存的时间; "
		   "一件事的由各事项均分。每个数都可由操作记录重算。"),
		w->sum->late_minutes);
	add(w, PAPER_NOTE, buf_str(&b), NULL);
	buf_clear(&b);
	buf_printf(&b, tr("制表 %s"),
		clock_format(store_now_ms(w->store), "%Y-%m-%d %H:%M", now, sizeof now));
	add(w, PAPER_NOTE, buf_str(&b), NULL);
	buf_fini(&b);
}

void summary_paper(
	struct paper *out, const struct summary *s, struct store *store, const char *hall)
{
	struct writing w = {out, s, store};
	bool month = s->to_day - s->from_day > 1;
	struct buf b = {0};

	if (hall != NULL)
		add(&w, PAPER_ISSUER, hall, NULL);
	add(&w, PAPER_TITLE, month ? tr("窗口月报") : tr("窗口日报"), NULL);
	summary_put_period(&b, s);
	add(&w, PAPER_NUMBER, buf_str(&b), NULL);
	add_totals(&w);
	if (month)
		add_table(&w, SUMMARY_DAY);
	add_table(&w, SUMMARY_MATTER);
	add_table(&w, SUMMARY_BODY);
	add_table(&w, SUMMARY_OPERATOR);
	add_notes(&w);
	add(&w, PAPER_SIGN, tr("制表"), tr("审核"));
	buf_fini(&b);
}

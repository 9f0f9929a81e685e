#include "tui/day_items.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/day_end.h"
#include "core/station/draft.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/reconcile.h"
#include "tui/letter_view.h"
#include "tui/show.h"

enum {
	ITEMS_MAX = 500,
	OLD_DRAFT_DAYS = 30 /* not touched for so long */
};

static const char *const kind_names[DAY__MAX] = {
	[DAY_DIFFERENCE] = N_("对不上"),
	[DAY_HELD] = N_("待处理"),
	[DAY_DUE] = N_("到期"),
	[DAY_HANDED] = N_("没有接"),
	[DAY_DRAFT] = N_("草稿"),
	[DAY_WAITING] = N_("待发"),
};

const char *day_kind_name(enum day_kind k)
{
	return trc("column", kind_names[k]);
}

static void drop_items(struct day_items *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->items[i].what);
		free(g->items[i].who);
		free(g->items[i].note);
	}
	g->count = 0;
	memset(g->of, 0, sizeof(g->of));
}

static void add(struct day_items *g, enum day_kind kind, const char *id, const char *what,
	const char *who, const char *note)
{
	struct day_item *it;

	g->of[kind]++;
	if (g->count == ITEMS_MAX)
		return;
	g->items = mem_resize(g->items, g->count + 1, sizeof(*g->items));
	it = &g->items[g->count++];
	*it = (struct day_item){.kind = kind,
		.what = mem_strdup(what ? what : ""),
		.who = mem_strdup(who ? who : ""),
		.note = mem_strdup(note)};
	strncat(it->id, id, sizeof(it->id) - 1);
}

static void add_difference(void *arg, const struct reconcile_line *l)
{
	add(arg, DAY_DIFFERENCE, l->case_id, *l->local_receipt ? l->local_receipt : l->there, "",
		reconcile_text(l->kind));
}

static void add_letter(void *arg, const struct letter *l)
{
	struct buf subject = {0};

	letter_subject(&subject, l);
	add(arg, l->state == LETTER_HELD ? DAY_HELD : DAY_WAITING, l->id, buf_str(&subject),
		l->applyer_name, NULL);
	buf_fini(&subject);
}

static void add_due(void *arg, const struct due *d)
{
	struct buf note = {0};
	char date[DATE_SIZE];

	buf_printf(&note, "%s %s  %s", due_label(d->kind),
		date_format(date_from_day(d->day), date) + 5, d->material);
	add(arg, DAY_DUE, d->case_id, d->task_name, d->applyer_name, buf_str(&note));
	buf_fini(&note);
}

static void add_handed(void *arg, const struct handover *h)
{
	struct buf note = {0};

	buf_printf(&note, "%s -> ", h->from_operator);
	handover_to(h, &note);
	if (*h->note)
		buf_printf(&note, ": %s", h->note);
	add(arg, DAY_HANDED, h->case_id, h->task_name, h->applyer_name, buf_str(&note));
	buf_fini(&note);
}

struct of_day {
	struct day_items *items;
	int32_t day;
};

/* What a visitor told is not kept for ever by being forgotten: that it lies is said, to be dropped
 * by hand. */
static void add_draft(void *arg, const struct draft *d)
{
	const struct of_day *of = arg;
	int lain_days = (int)(of->day - clock_day(d->updated_ms));
	struct buf note = {0};

	if (lain_days >= OLD_DRAFT_DAYS)
		buf_printf(&note, tr("%d 天没有动过, 不办了请作废; "), lain_days);
	buf_printf(&note, tr("%s (%s号窗口)"), operator_shown(d->operator_name), d->window);
	if (d->parked_note && *d->parked_note)
		buf_printf(&note, ", %s", d->parked_note);
	add(of->items, DAY_DRAFT, d->id, d->task_name, d->applyer_name, buf_str(&note));
	buf_fini(&note);
}

/* An act begun on a case and not done. */
static void add_begun(void *arg, const struct act_begun *b)
{
	struct buf note = {0};

	buf_printf(&note, tr("%s 没填完"), case_act_label(b->act));
	buf_adds(&note, ", ");
	buf_printf(&note, tr("%s (%s号窗口)"), operator_shown(b->operator_name), b->window);
	add(arg, DAY_DRAFT, b->case_id, b->task_name, b->applyer_name, buf_str(&note));
	buf_fini(&note);
}

void day_items_read(struct day_items *l, struct store *s, int32_t day)
{
	drop_items(l);
	day_check_each(s, day, add_difference, l);
	outbox_each(s, &(struct outbox_filter){.state = LETTER_HELD, .brief = true}, add_letter, l);
	dues_each(s, day, add_due, l);
	handover_each(s, NULL, NULL, add_handed, l);
	draft_each(s, NULL, add_draft, &(struct of_day){l, day});
	act_begun_each(s, NULL, NULL, add_begun, l);
	outbox_each(
		s, &(struct outbox_filter){.state = LETTER_WAITING, .brief = true}, add_letter, l);
}

void day_items_tell(struct day_items *l, size_t i, const struct session *s)
{
	struct day_item *it = &l->items[i];
	struct buf note = {0};

	if (it->note != NULL)
		return;
	letter_note(&note, s, it->id);
	it->note = mem_strdup(buf_str(&note));
	buf_fini(&note);
}

void day_items_fini(struct day_items *l)
{
	drop_items(l);
	free(l->items);
	*l = (struct day_items){NULL, 0, {0}};
}

size_t day_items_all(const struct day_items *l)
{
	size_t all = 0;

	for (int k = 0; k < DAY__MAX; k++)
		all += l->of[k];
	return all;
}

static void add_unreconciled(struct buf *out)
{
	struct buf alone = {0};

	if (out->len > 0)
		buf_printf(out, ", %s", tr("没有和中心对账"));
	else
		buf_adds(out, show_alone(&alone, tr("没有和中心对账")));
	buf_fini(&alone);
}

void day_items_words(const struct day_items *l, const struct day_check *check, struct buf *out)
{
	for (int k = 0; k < DAY__MAX; k++)
		if (l->of[k] > 0)
			buf_printf(out, tr("%s%s %zu 件"), out->len ? ", " : tr("还有"),
				day_kind_name((enum day_kind)k), l->of[k]);
	if (check->at_ms == 0 || check->failure != NULL)
		add_unreconciled(out);
	if (out->len == 0)
		buf_adds(out, tr("全部办完, 对账一致"));
}

#include "tui/shift_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/act_begun.h"
#include "core/station/draft.h"
#include "core/station/handover.h"
#include "core/station/summary.h"
#include "tui/session.h"

struct reading {
	struct shift_rows *rows;
	struct session *session;
};

void shift_rows_fini(struct shift_rows *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->rows[i].what);
		free(r->rows[i].who);
		free(r->rows[i].now);
	}
	free(r->rows);
	*r = (struct shift_rows){0};
}

/* Where it is on its way to, if it is; `kept` says what becomes of it otherwise. */
static void add_row(struct reading *g, const char *id, const char *what, const char *who,
	const struct buf *kept)
{
	struct shift_rows *all = g->rows;
	struct handover h = {.case_id = ""};
	struct buf now = {0};
	struct shift_row *r;

	all->rows = mem_resize(all->rows, all->count + 1, sizeof(*all->rows));
	r = &all->rows[all->count++];
	*r = (struct shift_row){.what = mem_strdup(what), .who = mem_strdup(who)};
	strncat(r->id, id, sizeof(r->id) - 1);
	if (handover_find(g->session->store, id, &h) == OK) {
		r->on_its_way = true;
		buf_adds(&now, tr("已交 "));
		handover_to(&h, &now);
		if (*h.note)
			buf_printf(&now, ": %s", h.note);
		handover_fini(&h);
	} else {
		buf_adds(&now, buf_str(kept));
	}
	r->now = buf_take(&now);
}

static void add_draft(void *arg, const struct draft *d)
{
	struct reading *g = arg;
	struct buf kept = {0};

	buf_adds(&kept, d->parked_note ? tr("留着, 暂存") : tr("留着, 交班时暂存"));
	if (d->parked_note && *d->parked_note)
		buf_printf(&kept, ": %s", d->parked_note);
	add_row(g, d->id, d->task_name, d->applyer_name, &kept);
	g->rows->rows[g->rows->count - 1].parked = d->parked_note != NULL;
	buf_fini(&kept);
}

/* An act begun on a case: with the case goes what was typed. */
static void add_begun(void *arg, const struct act_begun *b)
{
	struct reading *g = arg;
	struct buf kept = {0};

	buf_printf(&kept, tr("留着, %s 没填完"), case_act_label(b->act));
	add_row(g, b->case_id, b->task_name, b->applyer_name, &kept);
	g->rows->rows[g->rows->count - 1].parked = true; /* nothing is to be done for it */
	buf_fini(&kept);
}

void shift_rows_read(struct shift_rows *r, struct session *s)
{
	struct reading g = {r, s};

	shift_rows_fini(r);
	draft_each(s->store, s->who.name, add_draft, &g);
	act_begun_each(s->store, s->who.name, NULL, add_begun, &g);
}

void shift_work_words(struct buf *out, struct session *s)
{
	int32_t today = clock_day(clock_wall_ms(s->clock));
	int64_t since = shift_since(s->store, s->who.name, s->window);
	struct summary sum = {0};
	char hm[16];

	if (since > 0)
		buf_printf(out, tr("%s 上岗"), clock_format(since, "%m-%d %H:%M", hm, sizeof(hm)));
	if (summary_make(&sum, s->store, today, today + 1, s->late_minutes) != OK)
		return;
	for (size_t i = 0; i < sum.counts[SUMMARY_OPERATOR]; i++) {
		const struct summary_line *l = &sum.lines[SUMMARY_OPERATOR][i];
		if (strcmp(l->key, s->who.name) != 0 || strcmp(l->name, s->window) != 0)
			continue;
		buf_printf(out, tr("   今天收件 %lld, 受理 %lld, 补正 %lld, 不予受理 %lld"),
			(long long)l->figures[FIGURE_SUBMITTED],
			(long long)l->figures[FIGURE_ACCEPTED],
			(long long)l->figures[FIGURE_CORRECTION],
			(long long)l->figures[FIGURE_REFUSED]);
	}
	summary_fini(&sum);
}

/* What was neither parked nor handed over stays, parked, with a word about when. */
static enum err park_the_rest(const struct shift_rows *r, struct session *s, size_t *handed)
{
	enum err e = OK;

	for (size_t i = 0; i < r->count && e == OK; i++) {
		*handed += r->rows[i].on_its_way;
		if (!r->rows[i].parked && !r->rows[i].on_its_way)
			e = draft_park(s->store, r->rows[i].id, tr("交班时留下"));
	}
	return e;
}

enum err shift_sign_off(
	const struct shift_rows *r, struct session *s, struct shift_open_items *left)
{
	enum err e;

	*left = (struct shift_open_items){
		.drafts = r->count, .letters = s->letters.waiting + s->letters.held};
	e = park_the_rest(r, s, &left->handed);
	left->drafts -= left->handed;
	return e == OK ? shift_end(s->store, s->who.name, s->window, SHIFT_SIGNED_OFF, left) : e;
}

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"

enum {
	CHANGES_MAX = 200, /* in one answer */
	TOUCHES_MAX = 500, /* gone through for all who wait */
	WAIT_MAX_S = 60
};

/*
 * A cursor is the number of the last event gone through and, in its last digits, a mark of it: a
 * centre restored from an older copy gives the numbers again, to other events, and whoever had
 * heard of more than is in the copy would never hear of those.
 */
#define CURSOR_MAX   999999999999999999 /* 18 digits */
#define CURSOR_MARKS 1000000

static enum err mark_of(struct api *a, int64_t seq, int64_t *mark)
{
	int64_t at_ms = 0;
	enum err e = a->store->ops->event_at(a->store, seq, &at_ms);

	*mark = at_ms % CURSOR_MARKS;
	return e == ERR_NOT_FOUND ? OK : e;
}

static void write_change(void *arg, const struct event_record *e)
{
	struct buf *b = arg;
	bool catalogue = strcmp(e->kind, "catalogue") == 0;
	bool notice = strcmp(e->kind, "notice") == 0;
	char iso[CLOCK_ISO_SIZE];

	json_comma(b);
	buf_addc(b, '{');
	json_member_int(b, "seq", e->seq);
	json_member_str(b, "type", catalogue ? "catalogue" : notice ? "notice" : "case");
	json_member_str(b, "at", clock_iso(e->at_ms, iso));
	if (catalogue) {
		json_member_str(b, "version", e->note);
	} else if (notice) {
		json_member_str(b, "text", e->note);
	} else {
		json_member_str(b, "kind", e->kind);
		json_member_str(b, "project_no", e->project_no);
		json_member_str(b, "case_id", e->case_id);
		json_member_str(b, "state", e->state);
		json_member_str(b, "case_state", e->case_state);
		json_member_str(b, "note", e->note);
		json_member_str(b, "key", e->key);
		if (e->own) {
			json_member(b, "own");
			buf_adds(b, "true");
		}
		json_member_str(b, "who", e->who);
		if (e->facts != NULL) {
			json_member(b, "facts");
			buf_adds(b, e->facts);
		}
	}
	buf_addc(b, '}');
}

/* false: nothing has changed, nothing is answered. force: answers all the same. own: with what
 * the station sent itself. */
static bool answer_changes(
	struct api *a, struct exchange *x, int64_t station, bool own, int64_t *cursor, bool force)
{
	struct catalogue_state catalogue = {"", 0};
	struct buf list = {0};
	int64_t next = *cursor, mark = 0;
	enum err e = a->store->ops->changes(
		a->store, station, own, *cursor, CHANGES_MAX, write_change, &list, &next);

	if (e == OK && (list.len > 0 || force))
		e = a->store->ops->catalogue(a->store, true, &catalogue);
	if (e == OK && (list.len > 0 || force))
		e = mark_of(a, next, &mark);
	*cursor = next;
	if (e != OK) {
		api_store_failed(x);
	} else if (list.len > 0 || force) {
		buf_addc(&x->answer, '{');
		json_member(&x->answer, "cursor");
		buf_printf(&x->answer, "\"%lld\"", (long long)(next * CURSOR_MARKS + mark));
		json_member_str(&x->answer, "catalogue_version", catalogue.version);
		if (own) {
			json_member(&x->answer, "own");
			buf_adds(&x->answer, "true");
		}
		json_member(&x->answer, "changes");
		buf_printf(&x->answer, "[%s]}\n", buf_str(&list));
		api_answer_json(x, 200);
	}
	buf_fini(&list);
	return x->status != 0;
}

/* ---- waiting ---- */

static void forget(struct exchange *x)
{
	struct waiter *w = x->parked;

	if (w->next != NULL)
		w->next->prev = w->prev;
	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		w->api->waiters = w->next;
	w->api->waiter_count--;
	free(w);
}

/* Nobody may be there any more to read it: the line is let go. */
static void answer_now(struct exchange *x)
{
	struct waiter *w = x->parked;

	if (x->status == 0)
		answer_changes(w->api, x, w->station, false, &w->cursor, true);
}

/* Who waits holds a line: when too many do, who has waited longest has waited enough. */
static void end_the_longest_wait(struct api *a)
{
	struct waiter *w, *longest = NULL;

	for (w = a->waiters; w != NULL; w = w->next)
		if (w->x->status == 0)
			longest = w;
	if (longest != NULL)
		answer_now(longest->x);
}

static void wait_for_change(struct api *a, struct exchange *x, int64_t cursor, long wait_s)
{
	struct waiter *w = mem_alloc(sizeof *w);

	*w = (struct waiter){.api = a,
		.x = x,
		.station = x->station,
		.cursor = cursor,
		.until_ms = a->mono_ms + wait_s * 1000,
		.next = a->waiters};
	if (a->config.waiters_max > 0 && a->waiter_count >= a->config.waiters_max)
		end_the_longest_wait(a);
	if (a->waiters != NULL)
		a->waiters->prev = w;
	a->waiters = w;
	a->waiter_count++;
	x->parked = w;
	x->forget = forget;
	x->gone = answer_now;
}

/* What has happened, looked at once for all who wait: most of it concerns one or none of them. */
struct happened {
	struct event_touch touches[TOUCHES_MAX];
	size_t count;
};

static void see_touch(void *arg, const struct event_touch *t)
{
	struct happened *h = arg;

	h->touches[h->count++] = *t;
}

/* false: the store does not say; it is asked again in the next round. */
static bool look_what_happened(struct api *a, struct happened *h)
{
	const struct waiter *w;
	int64_t cursor = INT64_MAX;

	for (w = a->waiters; w != NULL; w = w->next)
		if (w->x->status == 0 && w->cursor < cursor)
			cursor = w->cursor;
	h->count = 0;
	return cursor == INT64_MAX ||
	       a->store->ops->touches(a->store, cursor, TOUCHES_MAX, see_touch, h) == OK;
}

/* As the store chooses what a station hears of; what does not concern it is behind it. When there
 * is too much to go through, everybody looks for themselves. */
static bool concerns(const struct happened *h, struct waiter *w)
{
	size_t i;

	if (h->count == TOUCHES_MAX)
		return true;
	for (i = 0; i < h->count; i++) {
		const struct event_touch *t = &h->touches[i];
		if (t->seq <= w->cursor)
			continue;
		if (w->station == 0 ||
			((t->owner == -1 || t->owner == w->station) && t->source != w->station))
			return true;
	}
	if (h->count > 0 && h->touches[h->count - 1].seq > w->cursor)
		w->cursor = h->touches[h->count - 1].seq;
	return false;
}

void api_serve_waiters(struct api *a)
{
	struct happened happened;
	bool changed = a->changed && look_what_happened(a, &happened);
	struct waiter *w, *next;

	a->changed = a->changed && !changed;
	for (w = a->waiters; w != NULL; w = next) {
		bool due = a->stopping || a->mono_ms >= w->until_ms;
		next = w->next;
		if (w->x->status == 0 && (due || (changed && concerns(&happened, w))))
			answer_changes(a, w->x, w->station, false, &w->cursor, due);
	}
}

/* ---- requests ---- */

/* Without a cursor (-1): from now on. One of another centre's file: from the beginning. */
static enum err find_place(struct api *a, int64_t cursor, int64_t *seq)
{
	int64_t last_seq, mark;
	enum err e = a->store->ops->last_seq(a->store, &last_seq);

	if (e != OK)
		return e;
	*seq = cursor < 0 ? last_seq : cursor / CURSOR_MARKS;
	if (cursor < 0)
		return OK;
	e = mark_of(a, *seq, &mark);
	if (*seq > last_seq || mark != cursor % CURSOR_MARKS)
		*seq = 0;
	return e;
}

void api_changes(struct api *a, struct exchange *x)
{
	int64_t cursor = -1, wait_s = 0, own = 0, seq;

	if (!api_number(x, "cursor", 0, CURSOR_MAX, &cursor) ||
		!api_number(x, "wait", 0, WAIT_MAX_S, &wait_s) || !api_number(x, "own", 0, 1, &own))
		return;
	if (find_place(a, cursor, &seq) != OK) {
		api_store_failed(x);
		return;
	}
	if (a->stopping || cursor < 0 || own != 0) /* its own are no news to wait for */
		wait_s = 0;
	if (!answer_changes(a, x, x->station, own != 0, &seq, wait_s == 0))
		wait_for_change(a, x, seq, (long)wait_s);
}

void api_admin_notice(struct api *a, struct exchange *x)
{
	json *root = api_body(x);
	const char *text = json_get_str(root, "text");

	if (root == NULL)
		return;
	if (text == NULL || text[strspn(text, " \t\r\n")] == '\0') {
		problem_say_at(
			x, PROBLEM_INVALID, "pointer", "/text", "required", tr("通知没有内容"));
	} else if (a->store->ops->notice(a->store, text, api_now_ms(a)) != OK) {
		api_store_failed(x);
	} else {
		a->changed = true;
		buf_adds(&x->answer, "{}\n");
		api_answer_json(x, 201);
	}
	json_free(root);
}

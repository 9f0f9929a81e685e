#include "core/station/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/answer.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/changes.h"
#include "core/station/delivery.h"
#include "core/station/fetch.h"
#include "core/station/store.h"

enum {
	BEAT_MS = 15 * 1000,	 /* between heartbeats while the line is up */
	BEAT_DOWN_MS = 3 * 1000, /* while it is down */
	BEAT_TIMEOUT_MS = 8 * 1000,
	FEED_WAIT_S = 25,
	FEED_REST_MS = 5 * 1000, /* after an answer that was none, or that came at once and empty */
	FEED_STEP_MS = 100,	 /* between batches with nothing in them for us */
	NO_FEED_REST_MS = 5 * 60 * 1000, /* after a 404: a centre without a feed, or a gateway's */
	CATALOGUE_REST_MS = 5 * 60 * 1000,	  /* after one that was none */
	CATALOGUE_TOO_MUCH_REST_MS = 3600 * 1000, /* it has cost the line enough */
	CATALOGUE_SHARE = 10,			  /* a tenth of the time at most is taking it in */
	SYNC_BATCHES_MAX = 10000
};

/* Tags of our requests; letters have positive ones. */
#define TAG_BEAT      ((void *)(intptr_t)-1)
#define TAG_FEED      ((void *)(intptr_t)-2)
#define TAG_CATALOGUE ((void *)(intptr_t)-3)

struct watch {
	struct store *store;
	struct delivery *delivery;
	bool beating, asking;
	struct buf shut_out;	/* why the centre does not admit this station; empty: it does */
	bool look_at_catalogue; /* the centre may offer another one */
	FILE *catalogue;	/* what is being fetched or taken in; NULL: nothing */
	char *offered;		/* its name when it was asked for */
	struct catalogue_taking *taking;
	enum line_fault fetched; /* how it came */
	int64_t taking_since;
	int64_t beat_due, feed_due; /* monotonic ms */
	int64_t catalogue_due;
};

struct watch *watch_new(struct store *s, struct delivery *d)
{
	struct watch *w = mem_alloc(sizeof *w);

	w->store = s;
	w->delivery = d;
	w->look_at_catalogue = true;
	return w;
}

void watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->taking != NULL)
		catalogue_taking_end(w->taking, NULL); /* it is fetched again */
	if (w->catalogue != NULL)
		fclose(w->catalogue); /* its answer is no longer waited for */
	free(w->offered);
	buf_fini(&w->shut_out);
	free(w);
}

static int64_t mono_now(const struct watch *w)
{
	return clock_mono_ms(store_clock(w->store));
}

static void beat(struct watch *w)
{
	const struct transport_request r = {
		.tag = TAG_BEAT, .method = "GET", .path = "/health", .timeout_ms = BEAT_TIMEOUT_MS};

	w->beating = delivery_ask(w->delivery, &r) == OK;
	if (!w->beating)
		w->beat_due = mono_now(w) + BEAT_DOWN_MS;
}

static void ask(struct watch *w)
{
	struct transport_request r = {
		.tag = TAG_FEED, .method = "GET", .timeout_ms = (FEED_WAIT_S + 10) * 1000};
	struct buf path = {0};

	changes_path(w->store, FEED_WAIT_S, &path);
	r.path = path.data;
	w->asking = delivery_ask(w->delivery, &r) == OK;
	if (!w->asking)
		w->feed_due = mono_now(w) + FEED_REST_MS;
	buf_fini(&path);
}

static void fetch_catalogue(struct watch *w)
{
	struct transport_request r;

	w->look_at_catalogue = false;
	if (!catalogue_fetch_is_due(w->store))
		return;
	free(w->offered);
	w->offered = catalogue_fetch_offered(w->store);
	w->catalogue = catalogue_fetch_file(w->store, NULL);
	if (w->catalogue != NULL) {
		r = catalogue_fetch_request(w->catalogue);
		r.tag = TAG_CATALOGUE;
	}
	if (w->catalogue == NULL || delivery_ask(w->delivery, &r) != OK) {
		if (w->catalogue != NULL)
			fclose(w->catalogue);
		w->catalogue = NULL;
		w->catalogue_due = mono_now(w) + CATALOGUE_REST_MS;
		w->look_at_catalogue = true;
	}
}

void watch_turn(struct watch *w)
{
	int64_t now = mono_now(w);

	if (!w->beating && now >= w->beat_due)
		beat(w);
	if (!w->asking && now >= w->feed_due &&
		(delivery_link(w->delivery) == LINK_UP || w->shut_out.len > 0))
		ask(w);
	if (w->look_at_catalogue && w->catalogue == NULL && now >= w->catalogue_due &&
		delivery_link(w->delivery) == LINK_UP)
		fetch_catalogue(w);
}

static void take_beat(struct watch *w, const struct transport_answer *a)
{
	bool centre = a->fault == LINE_OK && a->status == 200 &&
		      strncasecmp(a->content_type, "application/json", 16) == 0;
	struct buf reason = {0};

	if (a->fault != LINE_OK)
		buf_adds(&reason, line_fault_text(a->fault));
	else if (a->status == 429 || a->status >= 500)
		answer_say_busy(a, &reason);
	else if (!centre)
		buf_adds(&reason, tr("有答复, 但不是中心发的; 请检查网络和中心网址"));
	else
		buf_adds(&reason, buf_str(&w->shut_out)); /* its heart beats for everybody */
	w->beating = false;
	w->beat_due = mono_now(w) + (centre ? BEAT_MS : BEAT_DOWN_MS);
	delivery_heard(
		w->delivery, centre && w->shut_out.len == 0, a->elapsed_ms, buf_str(&reason));
	buf_fini(&reason);
}

/* Who answers at once that there is nothing is not asked again at once. */
static int64_t feed_rest_ms(const struct transport_answer *a, const struct changes_result *r)
{
	if (r->applied > 0 || a->elapsed_ms >= FEED_REST_MS)
		return 0;
	return r->moved ? FEED_STEP_MS : FEED_REST_MS;
}

/* Without an admission no news would come, and nobody would miss them: it is told as soon as it is
 * known, not when the first letter is held. */
static void note_admission(struct watch *w, const struct transport_answer *a)
{
	bool was_shut_out = w->shut_out.len > 0;
	struct answer_reading r = {0};

	if (a->fault != LINE_OK)
		return;
	buf_clear(&w->shut_out);
	if (a->status == 401 || a->status == 403)
		answer_read(a, "", store_now_ms(w->store), &r);
	if (r.meaning == ANSWER_PERSON)
		buf_adds(&w->shut_out, buf_str(&r.reason));
	if (w->shut_out.len > 0 && !was_shut_out)
		delivery_heard(w->delivery, false, a->elapsed_ms, w->shut_out.data);
	else if (w->shut_out.len == 0 && was_shut_out)
		w->beat_due = mono_now(w); /* is it there? */
	answer_reading_fini(&r);
}

static bool take_feed(struct watch *w, const struct transport_answer *a)
{
	struct changes_result r = {0, false, 0};

	w->asking = false;
	note_admission(w, a);
	if (a->fault == LINE_OK && a->status == 404) {
		w->feed_due = mono_now(w) + NO_FEED_REST_MS;
		return false;
	}
	if (a->fault == LINE_OK && a->status == 400 && changes_begin_again(w->store))
		log_warn("watch", "the centre does not know our cursor: from the beginning");
	if (a->fault != LINE_OK || a->status != 200 ||
		changes_apply(w->store, a->body, a->body_len, &r) != OK) {
		w->feed_due = mono_now(w) + FEED_REST_MS;
		return false;
	}
	w->feed_due = mono_now(w) + feed_rest_ms(a, &r);
	w->look_at_catalogue |= r.applied > 0;
	return r.applied > 0;
}

static int64_t catalogue_rest_ms(enum err e, enum line_fault fault, int64_t took_ms)
{
	if (e == OK)
		return took_ms * CATALOGUE_SHARE;
	return e == ERR_INVALID || e == ERR_FULL || fault == LINE_OVERSIZE || fault == LINE_NO_ROOM
		       ? CATALOGUE_TOO_MUCH_REST_MS
		       : CATALOGUE_REST_MS;
}

static void take_catalogue(struct watch *w, const struct transport_answer *a)
{
	w->taking = catalogue_taking_begin(w->store, w->catalogue, w->offered, a);
	w->fetched = a->fault;
	w->taking_since = mono_now(w);
}

bool watch_is_working(const struct watch *w)
{
	return w->taking != NULL;
}

bool watch_work(struct watch *w)
{
	struct buf why = {0};
	int64_t now;
	enum err e;

	if (w->taking == NULL || catalogue_taking_step(w->taking))
		return false;
	e = catalogue_taking_end(w->taking, &why);
	now = mono_now(w);
	w->taking = NULL;
	fclose(w->catalogue);
	w->catalogue = NULL;
	w->catalogue_due = now + catalogue_rest_ms(e, w->fetched, now - w->taking_since);
	if (e != OK) {
		log_warn("watch", "catalogue not taken: %s", why.len > 0 ? why.data : err_text(e));
		w->look_at_catalogue = true;
	}
	buf_fini(&why);
	return e == OK;
}

bool watch_answer(struct watch *w, const struct transport_answer *a)
{
	if (a->tag == TAG_BEAT)
		take_beat(w, a);
	else if (a->tag == TAG_FEED)
		return take_feed(w, a);
	else if (a->tag == TAG_CATALOGUE && w->catalogue != NULL && w->taking == NULL)
		take_catalogue(w, a);
	return false;
}

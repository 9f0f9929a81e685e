/* All that the centre has to tell, now and whole: for a command that waits for it. */
#include "core/station/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/changes.h"
#include "core/station/fetch.h"
#include "core/station/store.h"

enum {
	BATCHES_MAX = 10000, /* with news in each, or nearly so */
	IDLE_BATCHES_MAX =
		1000 /* in a row: a centre passes over 20 000 events of others at a time */
};

struct syncing {
	struct store *store;
	struct transport transport;
	const struct watch_sync_show *show;
	size_t applied;
	int batches, idle; /* taken; of these the last ones, with nothing new here */
	bool more;
	bool unfinished;  /* it was the centre that came to no end, not the line */
	bool begun_again; /* the cursor was one that the centre does not know */
	char *passed;	  /* the question of a place passed; asked once more it is a circle */
	int steps, until; /* since that place; after so many another one is remembered */
};

/* Cursors are the centre's own words: whether they get on shows only in none coming back. The place
 * that is remembered is moved on after twice as many steps each time (Brent), so that a circle of
 * any length is found. */
static bool is_circle(struct syncing *y, const char *question)
{
	if (y->passed != NULL && strcmp(y->passed, question) == 0)
		return true;
	if (++y->steps >= y->until) {
		free(y->passed);
		y->passed = mem_strdup(question);
		y->steps = 0;
		y->until *= 2;
	}
	return false;
}

static void begin_at(struct syncing *y)
{
	free(y->passed);
	y->passed = NULL;
	y->steps = 0;
	y->until = 1;
}

/* Where it would be asked next is where it was asked. */
static bool is_there_still(const struct syncing *y, const char *question)
{
	struct buf next = {0};
	bool same;

	changes_path(y->store, 0, &next);
	same = strcmp(next.data, question) == 0;
	buf_fini(&next);
	return same;
}

static enum err say_stuck(struct syncing *y, struct buf *why)
{
	y->unfinished = true;
	buf_why(why, tr("中心说还有消息, 位置却没有往前, 没有取全: 请告诉管理员; 已取的都记下了"));
	return ERR_BUSY;
}

static enum err take_batch(
	struct syncing *y, const struct transport_answer *a, const char *path, struct buf *why)
{
	struct changes_result r = {0, false, 0};
	enum err e;

	if (a->status == 400 && !y->begun_again && changes_begin_again(y->store)) {
		y->begun_again = true; /* a cursor of another centre */
		begin_at(y);
		return OK;
	}
	if (a->status != 200)
		return fetch_failed(path, a, why);
	e = changes_apply(y->store, a->body, a->body_len, &r);
	if (e != OK)
		return e;
	y->more = !is_there_still(y, path);
	if (!y->more && r.told > 0)
		return say_stuck(y, why);
	y->applied += r.applied;
	y->batches++;
	y->idle = r.applied > 0 ? 0 : y->idle + 1;
	if (y->show != NULL)
		y->show->batch(y->show->arg, y->batches, y->applied);
	return OK;
}

/* What was taken stays taken, and the next time goes on from there. */
static enum err look_at_bounds(struct syncing *y, struct buf *why)
{
	if (!y->more)
		return OK;
	if (y->idle >= IDLE_BATCHES_MAX)
		buf_why(why,
			tr("中心一直说还有消息, 连着 %d 批没有一条是新的, 没有取全: 再 yimen sync 一次就接着取, "
			   "总是这样请告诉管理员"),
			IDLE_BATCHES_MAX);
	else if (y->batches >= BATCHES_MAX)
		buf_why(why, tr("取了 %d 批还没有完, 没有取全: 再 yimen sync 一次就接着取"),
			BATCHES_MAX);
	else
		return OK;
	y->unfinished = true;
	return ERR_BUSY;
}

static enum err sync_changes(struct syncing *y, struct buf *why)
{
	struct transport_answer a;
	struct buf path = {0};
	enum err e = OK;

	begin_at(y);
	for (y->more = true; e == OK && y->more;) {
		buf_clear(&path);
		changes_path(y->store, 0, &path);
		e = is_circle(y, path.data) ? say_stuck(y, why)
					    : fetch(y->transport, path.data, &a, why);
		if (e == OK)
			e = take_batch(y, &a, path.data, why);
		if (e == OK)
			e = look_at_bounds(y, why);
	}
	free(y->passed);
	buf_fini(&path);
	return e;
}

static enum err sync_catalogue(struct store *s, struct transport t, struct buf *why)
{
	struct transport_answer a = {.fault = LINE_OTHER};
	struct transport_request r;
	FILE *body = catalogue_fetch_file(s, why);
	char *offered;
	enum err e;

	if (body == NULL)
		return ERR_IO;
	offered = catalogue_fetch_offered(s);
	r = catalogue_fetch_request(body);
	fetch_ask(t, &r, &a, why);
	e = catalogue_fetch_take(s, body, offered, &a, why);
	free(offered);
	fclose(body);
	return e;
}

enum err watch_sync(struct store *s, struct transport t, const struct watch_sync_show *show,
	size_t *applied, struct buf *why)
{
	struct syncing y = {.store = s, .transport = t, .show = show};
	struct buf cause = {0};
	enum err news = sync_changes(&y, why), e;

	if (news != OK && !y.unfinished)
		return news;
	e = sync_catalogue(s, t, &cause);
	if (cause.len > 0 && why != NULL)
		buf_printf(why, "%s%s", why->len > 0 ? "; " : "", cause.data);
	buf_fini(&cause);
	if (e == OK && news == OK)
		*applied = y.applied;
	return e != OK ? e : news;
}

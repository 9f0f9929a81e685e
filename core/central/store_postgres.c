#include "core/central/store_postgres.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/central/posting.h"
#include "core/central/writer.h"

static const char *const steps[] = {
#include "sql_central_pg_1.h"
	,
};

struct postgres_store *postgres_store_of(struct central_store *s)
{
	return (struct postgres_store *)(void *)s; /* public is its first member */
}

/* ---- writing events ---- */

void postgres_lock(struct pg *pg)
{
	pg_send(pg_prepare(pg, "SELECT pg_advisory_xact_lock(hashtextextended('yimen_event', 0))"));
}

enum err postgres_next_seq(struct pg *pg, int64_t *seq)
{
	struct pg_stmt *st = pg_prepare(pg, "SELECT coalesce(max(seq), 0) + 1 FROM event");

	if (pg_row(st))
		*seq = pg_int(st, 0);
	return pg_done(st);
}

/* ---- small facts ---- */

static enum err meta_get(struct central_store *store, const char *key, struct buf *out)
{
	struct pg_stmt *st =
		pg_prepare(postgres_store_of(store)->pg, "SELECT value FROM meta WHERE key = $1");
	bool found;
	enum err e;

	pg_bind_text(st, 1, key);
	found = pg_row(st);
	if (found)
		buf_adds(out, pg_text(st, 0));
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static enum err meta_set(struct central_store *store, const char *key, const char *value)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"INSERT INTO meta (key, value) VALUES ($1, $2)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	pg_bind_text(st, 1, key);
	pg_bind_text(st, 2, value);
	return pg_run(st);
}

static enum err meta_add(struct central_store *store, const char *key, const char *value)
{
	struct pg_stmt *st = pg_prepare(
		postgres_store_of(store)->pg, "INSERT INTO meta (key, value) VALUES ($1, $2)");

	pg_bind_text(st, 1, key);
	pg_bind_text(st, 2, value);
	return pg_run(st);
}

static enum err last_seq(struct central_store *store, int64_t *out)
{
	struct pg_stmt *st =
		pg_prepare(postgres_store_of(store)->pg, "SELECT coalesce(max(seq), 0) FROM event");
	int64_t n = pg_row(st) ? pg_int(st, 0) : 0;
	enum err e = pg_done(st);

	if (e == OK)
		*out = n;
	return e;
}

/* ---- beside the others ---- */

static int64_t idle(struct central_store *store, int64_t quiet_ms)
{
	(void)quiet_ms;
	return pg_tend(postgres_store_of(store)->pg);
}

static enum err ready(struct central_store *store)
{
	return pg_ready(postgres_store_of(store)->pg, 0);
}

/* ---- the writer ---- */

static void take_for_writer(void *arg, struct posting **postings, size_t count)
{
	struct postgres_store *s = arg;

	posting_sum(postings, count);
	postgres_take_group(s->letters, &s->hope_of_letters, postings, count);
}

static void tend_nothing(void *arg, size_t crowd)
{
	(void)arg;
	(void)crowd;
}

static void watch(struct postgres_store *s, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN};

	epoll_ctl(s->descriptor, EPOLL_CTL_ADD, fd, &ev);
}

static void start_writer(struct postgres_store *s)
{
	const struct writer_work work = {
		.take = take_for_writer, .tend = tend_nothing, .arg = s, .waits_for_others = true};

	s->letters = pg_twin(s->pg);
	s->writer = writer_new(&work);
	s->writer_refused = s->writer == NULL;
	if (s->writer != NULL)
		watch(s, writer_descriptor(s->writer));
	else
		log_warn("store", "no thread for the store: letters wait for each other");
}

static bool post(struct central_store *store, struct posting *p)
{
	struct postgres_store *s = postgres_store_of(store);

	if (s->writer == NULL && !s->writer_refused)
		start_writer(s);
	if (s->writer == NULL)
		return false;
	writer_post(s->writer, p);
	return true;
}

static void settled(struct central_store *store, bool wait,
	void (*each)(void *arg, struct posting **postings, size_t count, int64_t took_us),
	void *arg)
{
	struct postgres_store *s = postgres_store_of(store);

	if (wait)
		writer_rest(s->writer);
	if (s->writer != NULL)
		writer_settled(s->writer, each, arg);
}

/* A connection that was lost has left by itself. */
static int descriptor(struct central_store *store)
{
	struct postgres_store *s = postgres_store_of(store);
	int fd = pg_fd(s->pg);

	if (fd >= 0 && s->watched_losses != pg_losses(s->pg) + 1) {
		watch(s, fd);
		s->watched_losses = pg_losses(s->pg) + 1;
	}
	return s->descriptor;
}

static unsigned news(struct central_store *store)
{
	struct postgres_store *s = postgres_store_of(store);
	unsigned news;

	pg_tend(s->pg);
	news = pg_news(s->pg);
	if (news != 0)
		s->catalogue_known = false;
	return news;
}

static uint64_t losses(struct central_store *store)
{
	return pg_losses(postgres_store_of(store)->pg);
}

static void close_store(struct central_store *store)
{
	struct postgres_store *s = postgres_store_of(store);

	writer_free(s->writer);
	pg_close(s->letters);
	pg_close(s->pg);
	if (s->descriptor >= 0)
		close(s->descriptor);
	free(s);
}

static const struct central_store_ops ops = {
	.take = postgres_take,
	.post = post,
	.settled = settled,
	.descriptor = descriptor,
	.case_get = postgres_case_get,
	.case_each = postgres_case_each,
	.history = postgres_history,
	.bodies = postgres_bodies,
	.advance = postgres_advance,
	.evaluations = postgres_evaluations,
	.notice = postgres_notice,
	.changes = postgres_changes,
	.letter_get = postgres_letter_get,
	.event_at = postgres_event_at,
	.touches = postgres_touches,
	.import_begin = postgres_import_begin,
	.import_put = postgres_import_put,
	.import_end = postgres_import_end,
	.import_drop = postgres_import_drop,
	.catalogue = postgres_catalogue,
	.matter_known = postgres_matter_known,
	.matter_get = postgres_matter_get,
	.matter_each = postgres_matter_each,
	.station_add = postgres_station_add,
	.station_enrol = postgres_station_enrol,
	.station_of = postgres_station_of,
	.station_by_name = postgres_station_by_name,
	.station_revoke = postgres_station_revoke,
	.station_each = postgres_station_each,
	.paper_get = postgres_paper_get,
	.paper_put = postgres_paper_put,
	.paper_drop = postgres_paper_drop,
	.paper_each_part = postgres_paper_each_part,
	.meta_get = meta_get,
	.meta_set = meta_set,
	.meta_add = meta_add,
	.last_seq = last_seq,
	.idle = idle,
	.ready = ready,
	.news = news,
	.losses = losses,
	.shared = true,
	.close = close_store,
};

enum err store_postgres_open(struct central_store **out, const char *conninfo, struct buf *why)
{
	const struct pg_config config = {.conninfo = conninfo,
		.channel = POSTGRES_CHANNEL,
		.steps = steps,
		.step_count = sizeof steps / sizeof *steps};
	struct postgres_store *s = mem_alloc(sizeof *s);
	enum err e;

	s->public.ops = &ops;
	s->descriptor = epoll_create1(EPOLL_CLOEXEC);
	e = pg_open(&s->pg, &config, why);
	if (e != OK) {
		close_store(&s->public);
		return e;
	}
	pg_news(s->pg); /* nothing is remembered yet */
	*out = &s->public;
	return OK;
}

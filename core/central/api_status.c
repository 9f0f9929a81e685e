#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/papers.h"

enum {
	FULL_BYTES = 1 << 20 /* less is free: a letter may not fit any more */
};

/* The store's own file is on the same disk, unless it is a database elsewhere. */
static bool disk_is_full(const struct api *a)
{
	int64_t free_bytes = papers_free_bytes(a->config.papers);

	return !a->store->ops->shared && free_bytes >= 0 && free_bytes < FULL_BYTES;
}

void api_health(struct api *a, struct exchange *x)
{
	struct catalogue_state c;
	struct buf *b = &x->answer;

	if (a->stopping || a->store->ops->ready(a->store) != OK ||
		a->store->ops->catalogue(a->store, false, &c) != OK) {
		api_store_failed(x);
		return;
	}
	if (disk_is_full(a)) {
		problem_say(x, PROBLEM_STORE, tr("中心的磁盘满了, 收不下新的件; 请管理员清理"));
		return;
	}
	buf_adds(b, "{\"status\":\"ok\"");
	json_member_str(b, "catalogue_version", c.version);
	json_member_int(b, "matters", c.matters);
	buf_adds(b, "}\n");
	api_answer_json(x, 200);
}

/* ---- Prometheus text format 0.0.4 ---- */

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_requests(struct buf *b, const struct api_counters *c)
{
	const struct route *r;
	size_t i, k;

	head(b, "yimen_requests_total", "counter", "Requests ended, by route and status class.");
	for (i = 0; i <= ROUTES_MAX; i++) {
		r = NULL;
		for (k = 0; api_routes[k].method != NULL; k++)
			if (k == i)
				r = &api_routes[k];
		for (k = 0; k < ANSWER_STATUSES; k++)
			if (c->requests[i][k] > 0)
				buf_printf(b,
					"yimen_requests_total{method=\"%s\",route=\"%s\",status="
					"\"%zuxx\"} %llu\n",
					r != NULL ? r->method : "",
					r != NULL ? r->template : "none", k,
					(unsigned long long)c->requests[i][k]);
	}
}

static void write_postings(struct buf *b, const struct api_counters *c)
{
	static const char *const names[POSTING__MAX] = {
		[POSTING_FAILED] = "failed",
		[POSTING_TAKEN] = "taken",
		[POSTING_AGAIN] = "again",
		[POSTING_OTHER_BODY] = "other_body",
		[POSTING_CASE_EXISTS] = "case_exists",
		[POSTING_STALE] = "stale",
		[POSTING_OTHER_MATTER] = "other_matter",
		[POSTING_OTHER_CASE] = "other_case",
		[POSTING_NO_CASE] = "no_case",
		[POSTING_STATE] = "state",
		[POSTING_INVALID] = "invalid",
		[POSTING_NO_PAPER] = "no_paper",
	};
	size_t i;

	head(b, "yimen_letters_total", "counter", "Letters by what became of them.");
	for (i = 0; i < POSTING__MAX; i++)
		buf_printf(b, "yimen_letters_total{result=\"%s\"} %llu\n", names[i],
			(unsigned long long)c->postings[i]);
	head(b, "yimen_commits_total", "counter", "Groups of letters made durable.");
	buf_printf(b, "yimen_commits_total %llu\n", (unsigned long long)c->groups);
	head(b, "yimen_commit_seconds_total", "counter", "Time spent making groups durable.");
	buf_printf(b, "yimen_commit_seconds_total %.6f\n", (double)c->commit_us / 1e6);
	head(b, "yimen_commit_letters_total", "counter", "Letters in those groups.");
	buf_printf(b, "yimen_commit_letters_total %llu\n", (unsigned long long)c->group_letters);
}

static void write_times(struct buf *b, const struct api_counters *c)
{
	unsigned long long below = 0;
	double limit_s = 0.00025;
	size_t i;

	head(b, "yimen_request_seconds", "histogram", "Time from request line to answer.");
	for (i = 0; i < TIME_BUCKETS; i++, limit_s *= 2) {
		below += c->took[i];
		buf_printf(b, "yimen_request_seconds_bucket{le=\"%g\"} %llu\n", limit_s, below);
	}
	buf_printf(b, "yimen_request_seconds_bucket{le=\"+Inf\"} %llu\n",
		(unsigned long long)c->took_count);
	buf_printf(b, "yimen_request_seconds_sum %.6f\n", (double)c->took_us / 1e6);
	buf_printf(b, "yimen_request_seconds_count %llu\n", (unsigned long long)c->took_count);
}

/* Not connected, nothing is asked of it: whoever reads the figures does not wait. */
static void write_store(struct api *a, struct buf *b)
{
	struct central_store *s = a->store;

	head(b, "yimen_store_up", "gauge", "1 while the store can be reached.");
	buf_printf(b, "yimen_store_up %d\n", s->ops->ready(s) == OK);
	head(b, "yimen_store_losses_total", "counter", "How often the store went away.");
	buf_printf(b, "yimen_store_losses_total %llu\n", (unsigned long long)s->ops->losses(s));
}

static void count_part(void *arg, const struct paper_row *row)
{
	(void)row;
	(*(unsigned *)arg)++;
}

static void write_papers(struct api *a, struct buf *b)
{
	static const char *const names[PIECE__MAX] = {
		[PIECE_FAILED] = "failed",
		[PIECE_TAKEN] = "taken",
		[PIECE_COMPLETE] = "complete",
		[PIECE_OFFSET] = "offset",
		[PIECE_DIGEST] = "digest",
	};
	int64_t free_bytes = papers_free_bytes(a->config.papers);
	unsigned parts = 0;
	size_t i;

	if (free_bytes >= 0) {
		head(b, "yimen_disk_free_bytes", "gauge", "Free on the disk of the papers.");
		buf_printf(b, "yimen_disk_free_bytes %lld\n", (long long)free_bytes);
	}
	head(b, "yimen_paper_pieces_total", "counter", "Pieces of papers by what became of them.");
	for (i = 0; i < PIECE__MAX; i++)
		buf_printf(b, "yimen_paper_pieces_total{result=\"%s\"} %llu\n", names[i],
			(unsigned long long)a->counters.pieces[i]);
	head(b, "yimen_paper_bytes_total", "counter", "Bytes of papers that were written.");
	buf_printf(
		b, "yimen_paper_bytes_total %llu\n", (unsigned long long)a->counters.piece_bytes);
	if (a->store->ops->paper_each_part(a->store, -1, count_part, &parts) != OK)
		return;
	head(b, "yimen_papers_unfinished", "gauge", "Papers of which pieces are missing.");
	buf_printf(b, "yimen_papers_unfinished %u\n", parts);
}

static void write_transport(struct api *a, struct buf *b)
{
	int64_t until_ms;

	if (a->config.connections == NULL)
		return;
	head(b, "yimen_connections", "gauge", "Open connections.");
	buf_printf(b, "yimen_connections %u\n", a->config.connections(a->config.transport));
	until_ms = a->config.certificate_until_ms(a->config.transport);
	if (until_ms == 0)
		return;
	head(b, "yimen_tls_certificate_not_after_timestamp_seconds", "gauge",
		"When the certificate in force ends, in Unix time.");
	buf_printf(b, "yimen_tls_certificate_not_after_timestamp_seconds %lld\n",
		(long long)(until_ms / 1000));
}

void api_metrics(struct api *a, struct exchange *x)
{
	struct buf *b = &x->answer;

	write_requests(b, &a->counters);
	write_postings(b, &a->counters);
	write_times(b, &a->counters);
	write_store(a, b);
	write_papers(a, b);
	head(b, "yimen_waiting", "gauge", "Requests that wait for a change.");
	buf_printf(b, "yimen_waiting %u\n", a->waiter_count);
	write_transport(a, b);
	exchange_header(x, "Cache-Control", "no-store");
	exchange_answer(x, 200, "text/plain; version=0.0.4; charset=utf-8");
}

/*
 * The centre's intake under load: applications of 2 KB with keys of their own, durable before each
 * answer, over 1, 16 and 128 kept-alive connections on loopback, one request at a time on each. The
 * real program in a folder of its own; beside it, in the same run, the floor (the same request
 * refused before anything is stored), the limit (the disk's flush alone) and the peer
 * (intake_peer.c: the same request parsed and stored with one flush for many, and nothing else);
 * and what was measured elsewhere on such a machine. A machine shared with others loses half its
 * pace for minutes: rows that stand together take turns, a fifth of their time each, and every
 * figure is the median of its five.
 *
 * usage: intake_bench [SECONDS each, default 3 [CONNECTIONS [postgresql:|peer:]refused|plain|judged
 * [REQUESTS A SECOND]]]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/central/pg.h"
#include "tests/bench/flush_limit.h"
#include "tests/http/centre.h"
#include "tests/unit/postgres.h"

enum {
	BODY_BYTES = 2048,
	TURNS = 5,
	LOG_FILES = 48, /* of 16 MB: more than a run fills */
	LINES_MAX = 128,
	ANSWER_BYTES = 4096,
	SAMPLES_MAX = 1 << 20
};

enum load {
	LOAD_REFUSED, /* no key: refused when the headers are there, the body read over */
	LOAD_PLAIN,   /* no form named */
	LOAD_JUDGED,  /* a shipped form named: its rules are checked too */
	LOAD_FLUSH,   /* to no centre: the disk alone */
	LOAD__MAX
};

struct line {
	int fd;
	size_t sent;
	int64_t began_us;
	bool asking;
	char answer[ANSWER_BYTES];
	size_t got;
};

struct run {
	const struct centre *centre;
	struct line lines[LINES_MAX];
	int line_count;
	enum load load;
	struct buf request; /* a template; the last digits of key and case are written in */
	size_t key_at, case_at;
	uint64_t number; /* of the last request */
	unsigned *took_us;
	size_t done, wrong;
	int epoll;
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* ---- requests ---- */

static void put_body(struct buf *b, enum load load, unsigned series)
{
	char iso[CLOCK_ISO_SIZE];
	size_t start = b->len;

	buf_printf(b,
		"{\"kind\":\"application\",\"case_id\":\"018f%04x-0000-7000-8000-000000000000\","
		"\"local_receipt\":\"L261124-03-0018-7F3A\",\"operator\":\"王示范\",\"window\":\"03\","
		"\"submitted_at\":\"%s\",\"task_code\":\"11370323MB2863170X400011400900%u\","
		"\"task_name\":\"居住证申领\",\"applyer_name\":\"李样例\",\"contact_mobile\":"
		"\"13800000001\",\"situation\":{},\"materials\":[{\"material_name\":\"照片\","
		"\"status\":\"received\"}],\"accepted_warnings\":[],",
		series & 0xFFFF, clock_iso(clock_wall_ms(&clock_system), iso), 1u);
	if (load == LOAD_JUDGED)
		buf_printf(b, "\"form_id\":\"residence-permit\",\"form_version\":\"%s\",",
			shipped_version("residence-permit"));
	buf_adds(b,
		"\"answers\":{\"applicant_name\":\"李样例\",\"applicant_id\":"
		"\"371323199003070001\",\"applicant_mobile\":\"13800000001\",\"home_address\":"
		"\"河南省示范市示范县示范路1号\",\"stay_since\":\"2026-01-10\",\"stay_why\":\"work\","
		"\"applicant_employer\":\"示范制衣有限公司\",\"stay_kind\":\"dorm\","
		"\"applicant_town\":\"371323103\",\"applicant_address\":\"示范村人民路18号\","
		"\"confirmed\":\"OK\"},\"note\":\"");
	while (b->len - start < BODY_BYTES - 2)
		buf_addc(b, 'x');
	buf_adds(b, "\"}");
}

static void make_request(struct run *r, unsigned series)
{
	struct buf body = {0}, *b = &r->request;

	put_body(&body, r->load, series);
	buf_adds(b, "POST /v1/applications HTTP/1.1\r\nHost: centre\r\n"
		    "Content-Type: application/json\r\n");
	if (r->load != LOAD_REFUSED)
		buf_printf(b, "Idempotency-Key: 018f%04x-0000-7000-9000-000000000000\r\n",
			series & 0xFFFF);
	r->key_at = b->len - 2 - 12;
	buf_printf(b, "Content-Length: %zu\r\n\r\n", body.len);
	r->case_at = b->len + (size_t)(strstr(body.data, "-7000-8000-") - body.data) + 11;
	buf_add(b, body.data, body.len);
	buf_fini(&body);
}

static void number_request(struct run *r)
{
	char digits[16];

	snprintf(digits, sizeof digits, "%012llx", (unsigned long long)++r->number);
	if (r->load != LOAD_REFUSED)
		memcpy(r->request.data + r->key_at, digits, 12);
	memcpy(r->request.data + r->case_at, digits, 12);
}

/* ---- lines ---- */

static bool dial(struct run *r, struct line *l)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = l};
	int one = 1;

	l->fd = centre_dial(r->centre);
	setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return epoll_ctl(r->epoll, EPOLL_CTL_ADD, l->fd, &ev) == 0;
}

/* A request of 2 KB always fits the socket's buffer of an idle line. */
static void ask(struct run *r, struct line *l)
{
	number_request(r);
	l->got = 0;
	l->asking = true;
	l->began_us = now_us();
	if (send(l->fd, r->request.data, r->request.len, MSG_NOSIGNAL) != (ssize_t)r->request.len)
		r->wrong++;
}

static bool answer_is_whole(const struct line *l)
{
	const char *end = strstr(l->answer, "\r\n\r\n"), *length;

	if (end == NULL)
		return false;
	length = strstr(l->answer, "\r\nContent-Length:");
	return length != NULL &&
	       l->got >= (size_t)(end + 4 - l->answer) + strtoul(length + 17, NULL, 10);
}

static bool take_answer(struct run *r, struct line *l)
{
	int wanted = r->load == LOAD_REFUSED ? 400 : 201;
	ssize_t n = recv(l->fd, l->answer + l->got, ANSWER_BYTES - 1 - l->got, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		r->wrong++;
		l->asking = false;
		epoll_ctl(r->epoll, EPOLL_CTL_DEL, l->fd, NULL);
		return false;
	}
	l->got += (size_t)n;
	l->answer[l->got] = '\0';
	if (!answer_is_whole(l))
		return false;
	l->asking = false;
	if (atoi(l->answer + 9) != wanted)
		r->wrong++;
	if (r->done < SAMPLES_MAX)
		r->took_us[r->done++] = (unsigned)(now_us() - l->began_us);
	return true;
}

/* ---- a run ---- */

static int by_size(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? -1 : x > y;
}

static double at_share(const struct run *r, double share)
{
	return r->done > 0 ? r->took_us[(size_t)(share * (double)(r->done - 1))] / 1000.0 : 0;
}

/* Every line asks again as soon as it has its answer, until the time is over. */
static void flat_out(struct run *r, double seconds)
{
	int64_t until_us = now_us() + (int64_t)(seconds * 1e6);
	struct epoll_event ready[LINES_MAX];
	int asking = r->line_count, i, n;

	for (i = 0; i < r->line_count; i++)
		ask(r, &r->lines[i]);
	while (asking > 0 && (n = epoll_wait(r->epoll, ready, LINES_MAX, 5000)) > 0) {
		bool over = now_us() >= until_us;
		for (i = 0; i < n; i++) {
			struct line *l = ready[i].data.ptr;
			if (!take_answer(r, l))
				continue;
			if (over)
				asking--;
			else
				ask(r, l);
		}
	}
}

static struct line *idle_line(struct run *r)
{
	int i;

	for (i = 0; i < r->line_count; i++)
		if (!r->lines[i].asking)
			return &r->lines[i];
	return NULL;
}

/* Requests at even distances, whatever the answers do. A request that finds no idle line waits for
 * one, and its time runs from when it was due. */
static void paced(struct run *r, double seconds, int rate)
{
	int64_t start_us = now_us(), due_us = start_us,
		end_us = start_us + (int64_t)(seconds * 1e6);
	struct epoll_event ready[LINES_MAX];
	uint64_t sent = 0;
	int i, n;

	while (due_us < end_us || idle_line(r) == NULL) {
		int64_t wait_us = due_us - now_us();
		struct line *l = wait_us <= 0 && due_us < end_us ? idle_line(r) : NULL;
		if (l != NULL) {
			ask(r, l);
			l->began_us = due_us;
			due_us = start_us + (int64_t)(++sent * 1000000 / (unsigned)rate);
			continue;
		}
		n = epoll_wait(r->epoll, ready, LINES_MAX, wait_us > 1000 ? 1 : 0);
		for (i = 0; i < n; i++)
			take_answer(r, ready[i].data.ptr);
		if (due_us >= end_us && n <= 0)
			break;
	}
}

struct result {
	double rate, p50_ms, p99_ms, letters_a_commit, commit_ms, cpu_us;
	size_t wrong;
};

struct row {
	const char *what;
	const struct centre *who;
	enum load load;
	int lines, rate;
	const char *beside; /* NULL: nothing to say */
	struct result turns[TURNS];
};

static double metric(const struct centre *c, const char *name)
{
	struct answer a = {0};
	const char *at;
	double value = 0;

	centre_ask(c, &a, "GET", "/metrics", "", NULL);
	at = strstr(buf_str(&a.body), name);
	if (at != NULL)
		value = strtod(at + strlen(name), NULL);
	answer_fini(&a);
	return value;
}

/* What the centre has used of the processor so far: as good as unmoved by what else runs here. */
static double cpu_us(const struct centre *c)
{
	unsigned long user = 0, system = 0;
	char path[32];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)c->pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		    &system) != 2)
		user = system = 0;
	fclose(f);
	return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

/* Beside the folder of that centre. */
static struct result run_flush(const struct centre *c, double seconds, int rate)
{
	struct run r = {.took_us = malloc(SAMPLES_MAX * sizeof *r.took_us)};
	struct result out = {0};
	int64_t began_us = now_us();

	r.done = flush_limit(c->dir, seconds, rate, r.took_us, SAMPLES_MAX);
	out.rate = (double)r.done * 1e6 / (double)(now_us() - began_us);
	qsort(r.took_us, r.done, sizeof *r.took_us, by_size);
	out.p50_ms = at_share(&r, 0.5);
	out.p99_ms = at_share(&r, 0.99);
	free(r.took_us);
	return out;
}

/* rate 0: flat out. */
static struct result run(
	const struct centre *c, enum load load, int lines, double seconds, int rate)
{
	static unsigned series;
	struct run r = {.centre = c, .load = load, .line_count = lines};
	struct result out;
	double letters = metric(c, "\nyimen_commit_letters_total ");
	double commits = metric(c, "\nyimen_commits_total ");
	double used_us = cpu_us(c);
	double spent_s = metric(c, "\nyimen_commit_seconds_total ");
	int64_t began_us;
	int i;

	r.took_us = malloc(SAMPLES_MAX * sizeof *r.took_us);
	r.epoll = epoll_create1(EPOLL_CLOEXEC);
	make_request(&r, ++series);
	for (i = 0; i < lines; i++)
		dial(&r, &r.lines[i]);
	began_us = now_us();
	if (rate == 0)
		flat_out(&r, seconds);
	else
		paced(&r, seconds, rate);
	out.rate = (double)r.done * 1e6 / (double)(now_us() - began_us);
	out.cpu_us = r.done > 0 ? (cpu_us(c) - used_us) / (double)r.done : 0;
	qsort(r.took_us, r.done, sizeof *r.took_us, by_size);
	out.p50_ms = at_share(&r, 0.5);
	out.p99_ms = at_share(&r, 0.99);
	out.wrong = r.wrong;
	commits = metric(c, "\nyimen_commits_total ") - commits;
	letters = metric(c, "\nyimen_commit_letters_total ") - letters;
	spent_s = metric(c, "\nyimen_commit_seconds_total ") - spent_s;
	out.commit_ms = commits > 0 ? spent_s * 1000 / commits : 0;
	out.letters_a_commit = commits > 0 ? letters / commits : 0;
	for (i = 0; i < lines; i++)
		close(r.lines[i].fd);
	close(r.epoll);
	free(r.took_us);
	buf_fini(&r.request);
	return out;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Of the figure that stands at so many bytes in each turn. */
static double median(const struct row *row, size_t at)
{
	double of[TURNS];
	int i;

	for (i = 0; i < TURNS; i++)
		memcpy(&of[i], (const char *)&row->turns[i] + at, sizeof of[i]);
	qsort(of, TURNS, sizeof *of, by_value);
	return of[TURNS / 2];
}

static struct result medians(const struct row *row)
{
	struct result r = {
		.rate = median(row, offsetof(struct result, rate)),
		.p50_ms = median(row, offsetof(struct result, p50_ms)),
		.p99_ms = median(row, offsetof(struct result, p99_ms)),
		.letters_a_commit = median(row, offsetof(struct result, letters_a_commit)),
		.commit_ms = median(row, offsetof(struct result, commit_ms)),
		.cpu_us = median(row, offsetof(struct result, cpu_us)),
	};
	int i;

	for (i = 0; i < TURNS; i++)
		r.wrong += row->turns[i].wrong;
	return r;
}

static void print(const char *what, int lines, const struct result *r, const char *beside)
{
	printf("%-44s %4d %9.0f/s %7.2f %7.2f %6.0f", what, lines, r->rate, r->p50_ms, r->p99_ms,
		r->cpu_us);
	if (r->letters_a_commit > 0)
		printf(" %6.1f %7.2f", r->letters_a_commit, r->commit_ms);
	else
		printf(" %14s", "");
	printf("  %s", beside);
	if (r->wrong > 0)
		printf("  WRONG ANSWERS: %zu", r->wrong);
	printf("\n");
	fflush(stdout);
}

static struct result one_turn(const struct row *row, double seconds)
{
	if (row->load == LOAD_FLUSH)
		return run_flush(row->who, seconds, row->rate);
	return run(row->who, row->load, row->lines, seconds, row->rate);
}

/* They take turns, and are told when all is measured. */
static void measure(struct row *rows, size_t count, double seconds)
{
	struct result r;
	size_t i;
	int turn;

	for (turn = 0; turn < TURNS; turn++)
		for (i = 0; i < count; i++)
			rows[i].turns[turn] = one_turn(&rows[i], seconds / TURNS);
	for (i = 0; i < count; i++) {
		r = medians(&rows[i]);
		print(rows[i].what, rows[i].lines, &r,
			rows[i].beside != NULL ? rows[i].beside : "");
	}
}

/* For a profiler: one load alone. words: CONNECTIONS, its name, perhaps a rate. */
static void one_load(const struct centre *c, double seconds, char **words)
{
	static const char *const names[] = {"refused", "plain", "judged"};
	int load = LOAD_REFUSED;
	struct result r;

	while (load < LOAD_JUDGED && strcmp(words[1], names[load]) != 0)
		load++;
	r = run(c, (enum load)load, atoi(words[0]), seconds, words[2] != NULL ? atoi(words[2]) : 0);
	print(names[load], atoi(words[0]), &r, "");
}

/*
 * A server that has been at work for a while has files in stock for its log, used before; a new one
 * fills each with zeros in the midst of a commit, seven times a second under such load.
 */
static void stock_log_files(const char *conninfo)
{
	int i;

	postgres_ask(conninfo, "ALTER SYSTEM SET min_wal_size = '1GB'");
	postgres_ask(conninfo, "SELECT pg_reload_conf()::int");
	for (i = 0; i < LOG_FILES; i++) {
		postgres_ask(conninfo, "SELECT pg_logical_emit_message(false, '', '') - '0/0'");
		postgres_ask(conninfo, "SELECT pg_switch_wal() - '0/0'");
	}
	postgres_ask(conninfo, "CHECKPOINT");
}

static void start_in_database(struct centre *c, struct postgres *server)
{
	char conninfo[256], options[320];

	postgres_make(server);
	postgres_database(server, "bench", conninfo);
	stock_log_files(conninfo);
	snprintf(options, sizeof options, "--region 371323 --quiet --store %s", conninfo);
	centre_start(c, options);
}

/* Spoken to like a centre; centre_fini ends it. */
static void peer_start(struct centre *peer)
{
	int to[2], from[2];
	char path[256], line[16] = "";

	centre_init(peer);
	snprintf(path, sizeof path, "%s/tests/bench/intake_peer", getenv("BUILD"));
	if (pipe(to) != 0 || pipe(from) != 0)
		return;
	peer->pid = fork();
	if (peer->pid == 0) {
		dup2(to[0], STDIN_FILENO); /* it ends with us */
		dup2(from[1], STDOUT_FILENO);
		close(to[1]);
		execl(path, path, peer->dir, (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	if (read(from[0], line, sizeof line - 1) > 0)
		peer->port = atoi(line);
	close(from[0]);
}

static const int counts[] = {1, 16, 128};

static void rows_in_files(const struct centre *c, const struct centre *peer, double seconds)
{
	static const char *const bare[] = {"elsewhere: 8 617 (no store)",
		"elsewhere: 46 958 (no store)", "elsewhere: 61 631 (no store)"};
	struct row paced_rows[] = {
		{.what = "  limit: 2 KB written and flushed, paced at 960",
			.who = c,
			.load = LOAD_FLUSH,
			.lines = 1,
			.rate = 960},
		{.what = "  peer: paced at 960 a second",
			.who = peer,
			.load = LOAD_PLAIN,
			.lines = 128,
			.rate = 960},
		{.what = "paced at 960 a second",
			.who = c,
			.load = LOAD_PLAIN,
			.lines = 128,
			.rate = 960,
			.beside = "aim: p99 <= 3"},
		{.what = "paced at 960 a second, rules checked",
			.who = c,
			.load = LOAD_JUDGED,
			.lines = 128,
			.rate = 960,
			.beside = "aim: p99 <= 3"},
	};
	static const char *const beat[] = {"to beat: 2 711 (.34/2.6), prototype 3 816",
		"to beat: 18 337 (.64/11.8), prototype 18 900",
		"to beat: 24 120 (3.5/23.9), p99 <= 8; prototype 32 883"};
	size_t i;

	for (i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct row rows[] = {
			{.what = "  limit: 2 KB written and flushed, one by one",
				.who = c,
				.load = LOAD_FLUSH,
				.lines = 1},
			{.what = "  floor: refused by its headers, not stored",
				.who = c,
				.load = LOAD_REFUSED,
				.lines = counts[i],
				.beside = bare[i]},
			{.what = "  peer: parsed, stored, durable",
				.who = peer,
				.load = LOAD_PLAIN,
				.lines = counts[i]},
			{.what = "taken, durable",
				.who = c,
				.load = LOAD_PLAIN,
				.lines = counts[i],
				.beside = beat[i]},
			{.what = "taken, durable, its form's rules checked",
				.who = c,
				.load = LOAD_JUDGED,
				.lines = counts[i]},
		};
		/* the disk knows no lines */
		measure(rows + (i > 0), sizeof rows / sizeof *rows - (i > 0), seconds);
	}
	measure(paced_rows, sizeof paced_rows / sizeof *paced_rows, seconds);
}

/* What the same database gives to somebody who only inserts: a row and a commit each time. */
static void limit_in_database(const struct postgres *server, double seconds)
{
	static const char *const steps[] = {
		"CREATE TABLE letter (key bigint PRIMARY KEY, body bytea NOT NULL)"};
	static const char body[BODY_BYTES];
	struct buf why = {0};
	char conninfo[256];
	const struct pg_config config = {
		.conninfo = conninfo, .channel = "ceiling", .steps = steps, .step_count = 1};
	struct pg *pg = NULL;
	int64_t began_us, n = 0;
	enum err e = OK;

	postgres_database(server, "ceiling", conninfo);
	if (pg_open(&pg, &config, &why) != OK) {
		printf("no limit row: %s\n", buf_str(&why));
		buf_fini(&why);
		return;
	}
	for (began_us = now_us(); e == OK && now_us() - began_us < (int64_t)(seconds * 1e6); n++) {
		struct pg_stmt *st = pg_prepare(pg, "INSERT INTO letter VALUES ($1, $2)");
		pg_bind_int(st, 1, n);
		pg_bind_blob(st, 2, body, sizeof body);
		e = pg_run(st);
	}
	printf("%-44s %4s %9.0f/s\n", "limit: 2 KB inserted and committed, one by one", "",
		(double)n * 1e6 / (double)(now_us() - began_us));
	pg_close(pg);
}

/* After the others: the database goes on writing for a while after its last letter. */
static void rows_in_database(double seconds)
{
	static const char *const beat[] = {"to beat: 2 184 (.44/.83), 4 connections",
		"to beat: 12 372 (1.2/3.2), 4 connections",
		"to beat: 21 157 (5.5/12.1), 4 connections"};
	struct postgres server;
	struct centre c;
	size_t i;

	centre_init(&c);
	start_in_database(&c, &server);
	limit_in_database(&server, seconds);
	for (i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct row row = {.what = "taken, durable, in PostgreSQL",
			.who = &c,
			.load = LOAD_PLAIN,
			.lines = counts[i],
			.beside = beat[i]};
		measure(&row, 1, seconds);
	}
	centre_fini(&c);
	postgres_remove(&server);
}

static void all_rows(double seconds)
{
	struct centre c, peer;

	centre_init(&c);
	centre_start(&c, "--region 371323 --quiet");
	printf("%-44s %4s %11s %7s %7s %6s %6s %7s  beside\n", "intake of 2 KB applications",
		"conn", "requests", "p50 ms", "p99 ms", "CPU us", "group", "ms each");
	peer_start(&peer);
	rows_in_files(&c, &peer, seconds);
	centre_fini(&c);
	centre_fini(&peer);
	rows_in_database(seconds);
}

/* One load alone: what it does to a centre, stopped in its own time so that a profiler writes its
 * file. */
static void one_alone(double seconds, char **words)
{
	struct centre c;
	struct postgres server;

	if (strncmp(words[1], "peer:", 5) == 0) {
		words[1] += 5;
		peer_start(&c);
		one_load(&c, seconds, words);
		centre_stop(&c, SIGTERM);
		centre_fini(&c);
		return;
	}
	centre_init(&c);
	if (strncmp(words[1], "postgresql:", 11) == 0) {
		words[1] += 11;
		start_in_database(&c, &server);
		one_load(&c, seconds, words);
		centre_fini(&c);
		postgres_remove(&server);
		return;
	}
	centre_start(&c, "--region 371323 --quiet");
	one_load(&c, seconds, words);
	centre_stop(&c, SIGTERM);
	centre_fini(&c);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;

	if (argc > 3)
		one_alone(seconds, argv + 2);
	else
		all_rows(seconds);
	return 0;
}

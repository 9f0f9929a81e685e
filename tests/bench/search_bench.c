/*
 * Matter search as one types, beside its peers and the floor. Every beginning of what a clerk types
 * (characters, full pinyin, initials) is a query. usage: search_bench [--large]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/fold.h"
#include "core/station/index.h"
#include "core/station/pinyin.h"
#include "core/station/search.h"
#include "tests/bench/corpus.h"

enum {
	SAMPLES = 400,
	LIMIT = 20
};

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct times {
	double *ms;
	size_t count, room;
};

static void add_time(struct times *t, int64_t ns)
{
	if (t->count == t->room)
		t->ms = mem_resize(t->ms, t->room = t->room ? t->room * 2 : 1024, sizeof *t->ms);
	t->ms[t->count++] = (double)ns / 1e6;
}

static int compare_ms(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void report(const char *what, struct times *t, const char *limit)
{
	if (t->count == 0)
		return;
	qsort(t->ms, t->count, sizeof *t->ms, compare_ms);
	printf("  %-34s p50 %8.3f  p99 %8.3f ms  (%zu queries)  %s\n", what, t->ms[t->count / 2],
		t->ms[t->count * 99 / 100], t->count, limit);
	free(t->ms);
	*t = (struct times){0};
}

/* The way of typing a name: 0 characters, 1 full pinyin, 2 initials. */
static void type_name(struct buf *out, const char *name, int way)
{
	struct fold f;
	fold_text(&f, name, strlen(name));
	for (size_t i = 0; i < f.len && i < 7; i++) {
		const uint16_t *readings;
		if (way == 0) {
			buf_add(out, name + f.at_bytes[i], f.len_bytes[i]);
		} else if (pinyin_readings(pinyin_set(f.cp[i]), &readings) > 0) {
			const char *s = pinyin_syllable(readings[0]);
			buf_add(out, s, way == 1 ? strlen(s) : 1);
		}
	}
}

static void each_query(const struct corpus *c, void (*run)(void *arg, const char *text), void *arg)
{
	struct buf typed = {0}, part = {0};
	for (int i = 0; i < SAMPLES; i++) {
		const char *name = c->names[corpus_random(3, (uint64_t)i) % c->name_count];
		buf_clear(&typed);
		type_name(&typed, name, i % 3);
		for (size_t n = 0; n < typed.len;) {
			n = text_next(buf_str(&typed), typed.len, n);
			buf_clear(&part);
			buf_add(&part, typed.data, n);
			run(arg, buf_str(&part));
		}
	}
	buf_fini(&typed);
	buf_fini(&part);
}

struct ours {
	struct search *s;
	struct times exact, brief, fuzzy; /* brief: of exact, up to three keys typed */
	double worst;
	char worst_query[128];
};

static void run_ours(void *arg, const char *text)
{
	struct ours *o = arg;
	struct search_result r;
	int64_t t = now_ns();
	search_query(o->s, text, NULL, LIMIT, &r);
	int64_t took = now_ns() - t;
	add_time(&o->exact, took);
	if (text_len_cps(text) <= 3)
		add_time(&o->brief, took);
	if ((double)took / 1e6 > o->worst) {
		o->worst = (double)took / 1e6;
		snprintf(o->worst_query, sizeof o->worst_query, "%s", text);
	}
	t = now_ns();
	search_fuzzy(o->s, text, NULL, LIMIT, &r);
	add_time(&o->fuzzy, now_ns() - t);
}

/* A wrong letter or character in the middle: what the tiers for mistakes are for. */
static void run_wrong(void *arg, const char *text)
{
	struct ours *o = arg;
	struct search_result r;
	char wrong[256];
	size_t n = strlen(text), at = n / 2;
	if (n < 5 || n >= sizeof wrong || (unsigned char)text[0] >= 0x80)
		return;
	memcpy(wrong, text, n + 1);
	wrong[at] = wrong[at] == 'q' ? 'x' : 'q';
	int64_t t = now_ns();
	search_fuzzy(o->s, wrong, NULL, LIMIT, &r);
	add_time(&o->fuzzy, now_ns() - t);
}

static void resident(const char *when)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			printf("  %-34s %s", when, line + 6);
	if (f)
		fclose(f);
}

static void floor_of(const struct corpus *c)
{
	size_t bytes = 0;
	for (size_t i = 0; i < c->name_count; i++)
		bytes += strlen(c->names[i]);
	uint64_t *mem = mem_alloc(bytes + 8), sum = 0;
	struct times t = {0};
	for (int k = 0; k < 50; k++) {
		int64_t from = now_ns();
		for (size_t i = 0; i < bytes / 8; i++)
			sum += mem[i];
		add_time(&t, now_ns() - from);
	}
	report(sum == 1 ? "" : "floor: one pass over the names", &t, "");
	free(mem);
}

/* In a process of its own, so that what is resident is the search alone. */
static void measure_ours(const struct corpus *c, const char *home, bool exact_limits)
{
	fflush(stdout);
	pid_t child = fork();
	if (child != 0) {
		waitpid(child, NULL, 0);
		return;
	}
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct ours o = {0};
	int64_t t = now_ns();
	if (catalogue_open(&cat, db, 20000, NULL) != OK ||
		search_open(&o.s, cat, index, NULL) != OK || search_stale(o.s)) {
		printf("  the index cannot be opened\n");
		_exit(1);
	}
	search_aliases(o.s, "data/aliases.tsv", NULL);
	struct search_result r;
	search_query(o.s, "a", NULL, LIMIT, &r);
	printf("  %-34s %8.1f ms\n", "open and first query", (double)(now_ns() - t) / 1e6);
	each_query(c, run_ours, &o);
	report("ours, exact tiers", &o.exact, exact_limits ? "limit 0.4" : "limit 5");
	report("ours, exact, one to three keys", &o.brief, "");
	report("ours, with the tiers for mistakes", &o.fuzzy, exact_limits ? "limit 1.5" : "");
	printf("  %-34s %8.3f ms  %s\n", "ours, slowest exact", o.worst, o.worst_query);
	each_query(c, run_wrong, &o);
	report("ours, only mistyped letters", &o.fuzzy, exact_limits ? "limit 1.5" : "");
	fflush(stdout);
	_exit(0);
}

static void measure_resident(const char *home)
{
	fflush(stdout);
	pid_t child = fork();
	if (child != 0) {
		waitpid(child, NULL, 0);
		return;
	}
	execl("/proc/self/exe", "search_bench", "--resident", home, (char *)NULL);
	_exit(1);
}

static int serve(const char *home)
{
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct search *s = NULL;
	struct search_result r;
	static const char *const queries[] = {
		"s", "sh", "gaoling", "glbt", "低保", "税务 发票", "x"};
	if (catalogue_open(&cat, db, 20000, NULL) != OK || search_open(&s, cat, index, NULL) != OK)
		return 3;
	search_aliases(s, "data/aliases.tsv", NULL);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		search_fuzzy(s, queries[i], NULL, LIMIT, &r);
	resident("resident (limit 12 MB at 200 000)");
	search_close(s);
	catalogue_close(cat);
	free(db);
	free(index);
	return 0;
}

/* ---- peers ---- */

struct peer {
	struct db *db;
	const char *sql;
	struct times t;
	int least_cps, every, seen;
};

static void run_peer(void *arg, const char *text)
{
	struct peer *p = arg;
	struct buf pattern = {0};
	bool letters = (unsigned char)text[0] < 0x80;
	if (letters || (int)text_len_cps(text) < p->least_cps || p->seen++ % p->every != 0)
		return;
	if (p->least_cps > 1)
		buf_printf(&pattern, "\"%s\"", text);
	else
		buf_printf(&pattern, "%%%s%%", text);
	int64_t from = now_ns();
	struct stmt *s = db_prepare(p->db, p->sql);
	db_bind_text(s, 1, buf_str(&pattern));
	db_run(s);
	add_time(&p->t, now_ns() - from);
	buf_fini(&pattern);
}

static void measure_peers(struct corpus *c, const char *home)
{
	char *path = paths_join(home, "peers.db");
	struct peer p = {.least_cps = 1, .every = 10};
	if (db_open(&p.db, path, DB_SCRATCH, NULL) != OK)
		return;
	db_exec(p.db, "CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT)");
	db_exec(p.db, "CREATE VIRTUAL TABLE tri USING fts5 (name, tokenize = 'trigram')");
	db_begin(p.db);
	for (size_t i = 0; i < c->rows; i++) {
		struct catalogue_row r = corpus_row(c, i);
		struct stmt *s = db_prepare(p.db, "INSERT INTO row VALUES (?1, ?2)");
		db_bind_int(s, 1, r.id);
		db_bind_text(s, 2, r.name);
		db_run(s);
	}
	int64_t t = now_ns();
	db_exec(p.db, "INSERT INTO tri (rowid, name) SELECT id, name FROM row");
	printf("  %-34s %8.2f s\n", "peer: FTS5 trigram build", (double)(now_ns() - t) / 1e9);
	db_commit(p.db);
	p.sql = "SELECT name FROM row WHERE name LIKE ?1 ORDER BY length(name) LIMIT 20";
	each_query(c, run_peer, &p);
	report("peer: SQLite LIKE (characters)", &p.t, "");
	p.sql = "SELECT name FROM tri WHERE tri MATCH ?1 ORDER BY rank LIMIT 20";
	p.least_cps = 3;
	each_query(c, run_peer, &p);
	report("peer: FTS5 trigram (3 or more)", &p.t, "");
	db_close(p.db);
	unlink(path);
	free(path);
}

static void measure_filter(
	struct corpus *c, const char *home, const char *program, const char *command)
{
	char probe[64], line[512];
	snprintf(probe, sizeof probe, "command -v %s >/dev/null 2>&1", program);
	if (system(probe) != 0) {
		printf("  peer: %s is not installed\n", program);
		return;
	}
	char *path = paths_join(home, "names.txt");
	FILE *f = fopen(path, "w");
	for (size_t i = 0; f && i < c->rows; i++)
		fprintf(f, "%s\n", corpus_row(c, i).name);
	if (f)
		fclose(f);
	struct times t = {0};
	snprintf(line, sizeof line, command, path);
	for (int k = 0; f && k < 5; k++) {
		int64_t from = now_ns();
		if (system(line) < 0)
			break;
		add_time(&t, now_ns() - from);
	}
	snprintf(probe, sizeof probe, "peer: %s, 津贴 (with its start)", program);
	report(probe, &t, "");
	free(path);
}

/* ---- one size ---- */

/* The corpus as a catalogue with documents, so that answers are read from a real one. */
static void import(struct corpus *c, const char *home)
{
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct catalogue_import how = {.source = "bench"};
	struct catalogue_result r = {0};
	FILE *f = tmpfile();
	for (size_t i = 0; f && i < c->rows; i++) {
		struct catalogue_row row = corpus_row(c, i);
		corpus_print(f, &row);
	}
	if (!f || fseek(f, 0, SEEK_SET) != 0 || catalogue_open(&cat, db, 20000, NULL) != OK)
		exit(3);
	int64_t t = now_ns();
	if (catalogue_import(cat, f, &how, &r, NULL) != OK)
		exit(3);
	printf("  %-34s %8.2f s  (%lld matters)\n", "catalogue import",
		(double)(now_ns() - t) / 1e9, (long long)r.added);
	t = now_ns();
	if (index_build(cat, index, NULL) != OK)
		exit(3);
	printf("  %-34s %8.2f s  (read from SQLite too)\n", "index build from the catalogue",
		(double)(now_ns() - t) / 1e9);
	catalogue_close(cat);
	fclose(f);
	free(db);
	free(index);
}

static void build(struct corpus *c, const char *home, const char *limit)
{
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct catalogue_info info;
	struct stat st;
	if (catalogue_open(&cat, db, 20000, NULL) != OK || catalogue_info(cat, &info) != OK)
		exit(3);
	struct catalogue_row *rows = mem_array(1, sizeof *rows);
	int64_t made = 0, t = now_ns();
	for (size_t i = 0; i < c->rows; i++)
		*rows = corpus_row(c, i);
	made = now_ns() - t;
	t = now_ns();
	struct index_builder *b = index_builder_new();
	for (size_t i = 0; i < c->rows; i++) {
		*rows = corpus_row(c, i);
		index_builder_add(b, rows);
	}
	int64_t filled = now_ns();
	index_builder_write(b, index, info.identity, info.generation);
	int64_t end = now_ns();
	index_builder_free(b);
	printf("  %-34s %8.2f s  (sort and write %.2f)  limit %s\n", "index build",
		(double)(end - t - made) / 1e9, (double)(end - filled) / 1e9, limit);
	if (stat(index, &st) == 0)
		printf("  %-34s %8.1f MB, %.1f bytes a row  limit 15\n", "index file",
			(double)st.st_size / 1e6, (double)st.st_size / (double)c->rows);
	catalogue_close(cat);
	free(rows);
	free(db);
	free(index);
}

static void measure(size_t names, size_t rows, bool peers, const char *build_limit)
{
	char home[] = "/tmp/yimen-bench-XXXXXX", *demo = paths_share("data/demo/matters.jsonl");
	char command[128];
	struct corpus c;
	if (!mkdtemp(home))
		exit(3);
	corpus_init(&c, demo, names, rows);
	printf("%zu rows, %zu distinct names\n", c.rows, c.name_count);
	build(&c, home, build_limit);
	if (peers)
		import(&c, home);
	measure_resident(home);
	measure_ours(&c, home, rows <= 200000);
	floor_of(&c);
	if (peers) {
		measure_peers(&c, home);
		measure_filter(&c, home, "rg", "rg -c 津贴 %s >/dev/null");
		measure_filter(&c, home, "fzf", "fzf -f 津贴 <%s >/dev/null");
	}
	snprintf(command, sizeof command, "rm -rf '%s'", home);
	if (system(command) != 0)
		fprintf(stderr, "%s stays\n", home);
	corpus_fini(&c);
	free(demo);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--resident") == 0)
		return serve(argv[2]);
	measure(7000, 200000, true, "0.3");
	if (argc > 1 && strcmp(argv[1], "--large") == 0)
		measure(115000, 4000000, false, "3");
	return 0;
}

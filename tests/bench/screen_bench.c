/*
 * From a key to the bytes on the terminal: the real workstation in a pseudo-terminal, a catalogue
 * of 200 000 rows behind it, letters typed into the search as a clerk types them. Then a step down
 * the hits. Times are from the write of the key until the last byte of the new frame was read;
 * beside them stands what of it the workstation itself computed, and how long it
 * stood ready before a processor of this machine took it. tig and mutt, where the folder of
 * peers.sh is given, step down their lists with the same pauses on a terminal of the same size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "tests/bench/corpus.h"
#include "tests/bench/peers.h"
#include "tests/bench/process.h"
#include "tests/screens/hall.h"

enum {
	NAMES = 7000,
	ROWS = 200000,
	GAP_MS = 8,	  /* nothing for so long: the frame is whole */
	REST_MS = 60,	  /* what follows a pause, as the lower tiers do, came too */
	PREVIEW_MS = 250, /* the preview is read after a rest of 120 ms */
	STARTS = 21,
	START_GAP_MS = 40,
	WALKS = 3,
	STEPS = 49,	   /* from the first hit to the last, and back */
	PREVIEWS = 40,	   /* steps after which the hands rest */
	WALKING_PEERS = 2, /* of peers.h: tig and mutt */
	SAMPLES_MAX = 4000
};

struct times {
	double first[SAMPLES_MAX], last[SAMPLES_MAX], cpu[SAMPLES_MAX];
	double own[SAMPLES_MAX]; /* last, without what was waited for a processor */
	size_t bytes, count;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double at(double *samples, size_t count, int percent)
{
	qsort(samples, count, sizeof *samples, compare);
	return samples[count * (size_t)percent / 100];
}

static void report(const char *what, struct times *t, const char *limit)
{
	size_t n = t->count;
	if (n == 0)
		return;
	printf("  %-22s frame p50 %5.2f p99 %5.2f ms  first byte %5.2f %5.2f  processor %5.2f %5.2f"
	       "  without waiting for it %5.2f %5.2f  %4zu bytes a key  (%zu keys)  %s\n",
		what, at(t->last, n, 50), at(t->last, n, 99), at(t->first, n, 50),
		at(t->first, n, 99), at(t->cpu, n, 50), at(t->cpu, n, 99), at(t->own, n, 50),
		at(t->own, n, 99), t->bytes / n, n, limit);
	fflush(stdout);
	memset(t, 0, sizeof *t);
}

static void count(struct times *times, const struct term_frame *f, double cpu_ms, double waited_ms)
{
	if (f->bytes == 0 || times->count == SAMPLES_MAX)
		return;
	times->first[times->count] = f->first_ms;
	times->cpu[times->count] = cpu_ms;
	times->own[times->count] = f->last_ms > waited_ms ? f->last_ms - waited_ms : 0;
	times->last[times->count++] = f->last_ms;
	times->bytes += f->bytes;
}

static void press(struct term *t, struct times *times, const char *keys)
{
	double cpu = process_cpu_ms(term_pid(t)), waited = process_waited_ms(term_pid(t));
	struct term_frame f;
	term_bytes(t);
	term_keys(t, keys);
	term_frame(t, GAP_MS, &f);
	cpu = process_cpu_ms(term_pid(t)) - cpu;
	waited = process_waited_ms(term_pid(t)) - waited;
	term_rest(t, REST_MS);
	count(times, &f, cpu, waited);
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "screen_bench: %s\n", what);
	exit(3);
}

/* The hall's catalogue becomes the large one. */
static void import(const char *home, struct corpus *c)
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
	must(f && fseek(f, 0, SEEK_SET) == 0 && catalogue_open(&cat, db, 20000, NULL) == OK,
		"no catalogue");
	must(catalogue_import(cat, f, &how, &r, NULL) == OK, "import");
	must(index_build(cat, index, NULL) == OK, "index");
	catalogue_close(cat);
	fclose(f);
	free(db);
	free(index);
}

static void type_words(struct term *t)
{
	static const char *const words[] = {"gaolingjintie", "canjirenzheng", "shengyudengji",
		"yingyezhizhao", "zhuxiao", "laonianren", "glbt", "yjsyj", "shbx", "jzz", "zgz",
		"fangwuzulin", "weishengxuke", "jiaoshizige", "huji", "sheng", "xuke", "dengji",
		"biangeng", "nongcunjumin"};
	const size_t count = sizeof words / sizeof *words;
	static struct times exact, wrong;
	for (size_t w = 0; w < count; w++) {
		const char *word = words[w];
		for (size_t i = 0; word[i]; i++) {
			const char key[2] = {word[i], '\0'};
			press(t, &exact, key);
		}
		/* The lower tiers come after the frame, in a frame of their own. */
		press(t, &wrong, "q");
		press(t, &wrong, "x");
		term_keys(t, "<C-u>");
		term_rest(t, REST_MS);
	}
	report("a letter of a search", &exact, "limit p99 3 ms");
	report("a wrong letter", &wrong, "");
}

/* Down all the hits and up again, as with a key held; then pages; then with a rest at each hit, so
 * that its matter is read and shown, and the next step takes it away. */
static void walk_hits(struct term *t, int pages_of_hits)
{
	static struct times steps, pages, rested;
	term_keys(t, "sheng");
	term_rest(t, 2 * PREVIEW_MS);
	term_keys(t, "<Down>"); /* from the field to the first hit */
	term_rest(t, 2 * PREVIEW_MS);
	for (int walk = 0; walk < WALKS; walk++) {
		for (int i = 0; i < 2 * STEPS; i++)
			press(t, &steps, i < STEPS ? "<Down>" : "<Up>");
		for (int i = 0; i < 2 * pages_of_hits; i++)
			press(t, &pages, i < pages_of_hits ? "<PgDn>" : "<PgUp>");
	}
	for (int i = 0; i < PREVIEWS; i++) {
		press(t, &rested, "<Down>");
		term_rest(t, PREVIEW_MS);
	}
	report("a step down the hits", &steps, "limit p99 3 ms");
	report("a page of the hits", &pages, "limit p99 3 ms");
	report("a step after a rest", &rested, "limit p99 3 ms");
}

/* From the fork to the last byte of the sign-in screen. */
static void starts(struct hall *h)
{
	double ms[STARTS];
	size_t bytes = 0;
	for (int i = 0; i < STARTS; i++) {
		struct term_frame f;
		struct term *t = hall_open(h, "xterm-256color", "C.UTF-8", "", 24, 80);
		term_frame(t, START_GAP_MS, &f);
		ms[i] = f.last_ms;
		bytes = f.bytes;
		term_stop(t);
	}
	qsort(ms, STARTS, sizeof *ms, compare);
	printf("  %-30s least %6.2f p50 %6.2f p90 %6.2f ms  %zu bytes  limit 16 ms\n",
		"start to the first screen", ms[0], ms[STARTS / 2], ms[STARTS * 9 / 10], bytes);
	fflush(stdout);
}

static void resident(struct term *t, const char *when)
{
	printf("  resident, %-20s %6.1f MB  limit 12 MB\n", when,
		(double)process_resident_kb(term_pid(t)) / 1024);
	fflush(stdout);
}

/* tig's and mutt's list: the same steps with the same pauses. */
static void walk_peer(const struct peer *p, const char *const *env, int rows, int cols)
{
	static struct times steps, rested;
	struct term_options o = {rows, cols, "xterm-256color", "C.UTF-8", "", env};
	char what[64];
	struct term *t;

	if (access(p->argv[0], X_OK) != 0) {
		printf("  %-22s not installed\n", p->name);
		return;
	}
	t = term_start(p->argv, &o);
	term_rest(t, 2 * PREVIEW_MS);
	for (int i = 0; i < 2 * STEPS; i++)
		press(t, &steps, i < STEPS ? "<Down>" : "<Up>");
	for (int i = 0; i < PREVIEWS; i++) {
		press(t, &rested, "<Down>");
		term_rest(t, PREVIEW_MS);
	}
	term_stop(t);
	report(p->name, &steps, "");
	snprintf(what, sizeof(what), "%s after a rest", p->name);
	report(what, &rested, "");
}

static void walk_peers(const char *folder, int rows, int cols)
{
	static struct peers peers;

	peers_make(&peers, folder);
	for (size_t i = 0; i < WALKING_PEERS; i++)
		walk_peer(&peers.list[i], peers.env, rows, cols);
}

static void work(struct hall *h, int rows, int cols, int pages_of_hits)
{
	struct term *t = hall_open(h, "xterm-256color", "C.UTF-8", "", rows, cols);
	printf("  on %dx%d:\n", cols, rows);
	hall_sign_in(t, "要您处理");
	resident(t, "signed in");
	term_keys(t, "<M-2>");
	term_rest(t, 500);
	type_words(t);
	walk_hits(t, pages_of_hits);
	resident(t, "after all this");
	term_stop(t);
}

int main(int argc, char **argv)
{
	static struct hall hall;
	char *demo = paths_share("data/demo/matters.jsonl");
	char home[280];
	struct corpus c;
	hall_make(&hall);
	corpus_init(&c, demo, NAMES, ROWS);
	snprintf(home, sizeof home, "%s/home", hall.folder);
	import(home, &c);
	printf("key to bytes on the terminal, %zu rows\n", c.rows);
	corpus_fini(&c);
	starts(&hall);
	work(&hall, 24, 80, 4);
	if (argc > 1)
		walk_peers(argv[1], 24, 80);
	work(&hall, 43, 132, 2);
	if (argc > 1)
		walk_peers(argv[1], 43, 132);
	hall_drop(&hall);
	free(demo);
	return 0;
}

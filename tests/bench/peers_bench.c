/*
 * The workstation beside its kin from Debian, in one run on one machine: tig, mutt, newsboat and
 * dialog, each over some sixty lines of Chinese in a terminal of 80x24; ours over 200 000 matters.
 * Bytes of the first screen and of a key, time until the last of them was read, processor time,
 * resident memory. A peer that is not installed is left out and said.
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
	GAP_MS = 40, /* nothing for so long: the frame is whole */
	REST_MS = 300,
	STARTS = 7,
	KEYS = 15,
	SLOW = 2 /* of ours, the one on a slow line */
};

struct figures {
	double start_ms, key_ms, cpu_ms;
	size_t start_bytes, key_bytes, resident_kb;
};

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_size);
	return values[n / 2];
}

static void measure_start(const struct peer *p, const struct term_options *o, struct figures *f)
{
	double ms[STARTS], bytes[STARTS];

	for (int i = 0; i < STARTS; i++) {
		struct term_frame frame;
		struct term *t = term_start(p->argv, o);
		term_frame(t, GAP_MS, &frame);
		ms[i] = frame.last_ms;
		bytes[i] = (double)frame.bytes;
		term_rest(t, REST_MS);
		f->resident_kb = process_resident_kb(term_pid(t));
		term_stop(t);
	}
	f->start_ms = median(ms, STARTS);
	f->start_bytes = (size_t)median(bytes, STARTS);
}

static void measure_keys(const struct peer *p, const struct term_options *o, struct figures *f)
{
	struct term *t = term_start(p->argv, o);
	double ms[KEYS], bytes[KEYS], cpu;

	term_rest(t, REST_MS);
	if (p->before) {
		term_keys(t, p->before);
		term_rest(t, 2 * REST_MS);
		f->resident_kb = process_resident_kb(term_pid(t));
	}
	cpu = process_cpu_ms(term_pid(t));
	for (int i = 0; i < KEYS; i++) {
		struct term_frame frame;
		term_keys(t, p->key);
		term_frame(t, GAP_MS, &frame);
		ms[i] = frame.last_ms;
		bytes[i] = (double)frame.bytes;
		term_rest(t, REST_MS);
	}
	f->cpu_ms = (process_cpu_ms(term_pid(t)) - cpu) / KEYS;
	f->key_ms = median(ms, KEYS);
	f->key_bytes = (size_t)median(bytes, KEYS);
	term_stop(t);
}

static void measure(const struct peer *p, const struct term_options *o)
{
	struct figures f = {0};

	if (access(p->argv[0], X_OK) != 0) {
		printf("  %-28s not installed\n", p->name);
		return;
	}
	measure_start(p, o, &f);
	measure_keys(p, o, &f);
	printf("  %-28s %8.1f %7zu %9.1f %10zu %8.2f %7.2f\n", p->name, f.start_ms, f.start_bytes,
		(double)f.resident_kb / 1024, f.key_bytes, f.key_ms, f.cpu_ms);
	fflush(stdout);
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "peers_bench: %s\n", what);
	exit(3);
}

static void import(const char *home)
{
	char *demo = paths_share("data/demo/matters.jsonl");
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct catalogue_import how = {.source = "bench"};
	struct catalogue_result r = {0};
	struct corpus c;
	FILE *f = tmpfile();

	corpus_init(&c, demo, NAMES, ROWS);
	for (size_t i = 0; f && i < c.rows; i++) {
		struct catalogue_row row = corpus_row(&c, i);
		corpus_print(f, &row);
	}
	must(f && fseek(f, 0, SEEK_SET) == 0 && catalogue_open(&cat, db, 20000, NULL) == OK,
		"no catalogue");
	must(catalogue_import(cat, f, &how, &r, NULL) == OK && index_build(cat, index, NULL) == OK,
		"import");
	catalogue_close(cat);
	corpus_fini(&c);
	fclose(f);
	free(db);
	free(index);
	free(demo);
}

static void measure_ours(const char *program)
{
	static const char hits[] =
		HALL_OPERATOR "<Tab>" HALL_PASS "<Tab><C-u>03<Enter><M-2>sheng<Down>";
	static struct hall hall;
	const struct peer ours[] = {
		{"yimen, down the hits", {program}, hits, "<Down>"},
		{"yimen, a key in a field", {program}, NULL, "0"},
		{"yimen, slow, down the hits", {program}, hits, "<Down>"},
	};

	hall_make(&hall);
	import(strchr(hall.home_env, '=') + 1);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		const char *env[8];
		size_t n = 0;
		for (; hall.env[n]; n++)
			env[n] = hall.env[n];
		if (i == SLOW)
			env[n++] = "YIMEN_SCREEN_SLOW=on";
		env[n] = NULL;
		measure(&ours[i],
			&(struct term_options){24, 80, "xterm-256color", "C.UTF-8", "", env});
	}
	hall_drop(&hall);
}

static void measure_peers(const char *folder)
{
	static struct peers peers;

	peers_make(&peers, folder);
	for (size_t i = 0; i < peers.count; i++)
		measure(&peers.list[i],
			&(struct term_options){24, 80, "xterm-256color", "C.UTF-8", "", peers.env});
}

int main(int argc, char **argv)
{
	const char *build = getenv("BUILD");
	char program[256];

	must(argc > 1, "usage: peers_bench FOLDER made by peers.sh");
	snprintf(program, sizeof(program), "%s/yimen", build ? build : "build");
	printf("screens beside their kin, 80x24, xterm-256color, UTF-8, Chinese; medians\n"
	       "  %-28s %8s %7s %9s %10s %8s %7s\n",
		"", "start ms", "bytes", "memory MB", "a key: bytes", "ms", "CPU ms");
	measure_ours(program);
	measure_peers(argv[1]);
	printf("  limits: start 16 ms and 2200 bytes, memory 12 MB with 200 000 matters, a step 200 "
	       "bytes (40 slow), a key in a field 12, 3 ms\n");
	return 0;
}

/*
 * Every call of the road fails once: the k-th write, flush, rename … of one run, for k = 1, 2, 3 …
 * until a run has no k-th one. Each time the program succeeds honestly or fails honestly, with a
 * sentence and an exit code and not by a signal; and what follows needs no person: a clean run ends
 * all, nothing lost, nothing twice.
 *
 * CALLS: at most so many k a kind (spread evenly over those there are), 0: all of them.
 * CASE: one row alone, "centre: no memory".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/faults/count.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	PEACE_ROUNDS = 20,
	NOTES_MAX = 3
};

/* A kind of call and the ways in which it fails. */
struct failing {
	const char *call;
	int how; /* errno; 0: half of it was written */
	const char *name;
	bool brief; /* also in the short run */
};

static const struct failing failings[] = {
	{"write", ENOSPC, "disk full", true},
	{"write", EIO, "write error", false},
	{"write", EINTR, "interrupted", false},
	{"write", 0, "short write", false},
	{"sync", EIO, "flush fails", true},
	{"rename", EACCES, "rename fails", false},
	{"unlink", EIO, "unlink fails", false},
	{"open", EMFILE, "open fails", false},
	{"truncate", EIO, "truncate fails", false},
	{"connect", ENETUNREACH, "connect fails", false},
	{"send", ECONNRESET, "send fails", false},
	{"recv", ECONNRESET, "recv fails", false},
	{"accept", ENFILE, "accept fails", false},
	{"memory", ENOMEM, "no memory", true},
};

/* One program under the shim, with what it needs around it. */
struct victim {
	const char *name;
	/* Makes it run once with the environment; true: what it did was honest. */
	bool (*run)(struct stage *s, const char *const *env);
};

static bool end_honestly(const struct program *p, const char *name, int code)
{
	bool good = code == 0 || (code <= 4 && p->sighed.len > 0);

	if (!good || p->late)
		report_note("%s: exit %d%s, said \"%.60s\", sighed \"%.200s\"", name, code,
			p->late ? " (late)" : "", buf_str(&p->said), buf_str(&p->sighed));
	return good && !p->late;
}

static bool run_apply(struct stage *s, const char *const *env)
{
	struct program p = {0};
	bool good;
	int code;

	stage_apply(s, &p, env);
	code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	good = end_honestly(&p, "apply", code);
	if (stage_promise(s, &p) != (code == 0)) {
		report_note("apply: exit %d, said \"%s\"", code, buf_str(&p.said));
		good = false;
	}
	program_fini(&p);
	return good;
}

static bool run_deliver(struct stage *s, const char *const *env)
{
	struct program p = {0};
	bool good;

	stage_apply_now(s);
	stage_deliver(s, &p, "--once", env);
	good = end_honestly(&p, "deliver", program_end(&p, PROGRAM_PATIENCE_US, SIGKILL));
	program_fini(&p);
	return good;
}

static bool run_import(struct stage *s, const char *const *env)
{
	const char *const words[] = {
		"yimen", "catalogue", "import", "data/demo/matters.jsonl", NULL};
	const char *const find[] = {"yimen", "search", "--limit", "1", "居住证申领", NULL};
	const char *all[16] = {s->env[0]};
	struct program p = {0};
	size_t n = 1;
	bool good;

	while (*env != NULL)
		all[n++] = *env++;
	all[n] = NULL;
	good = end_honestly(&p, "import", program_run(&p, words, all));
	/* The old catalogue or the new one: a search finds. */
	if (good &&
		(stage_station(s, &p, find) != 0 || strstr(buf_str(&p.said), s->matter) == NULL)) {
		report_note("after an import that failed: search says %s%s", buf_str(&p.said),
			buf_str(&p.sighed));
		good = false;
	}
	program_fini(&p);
	return good;
}

/* The centre comes up or says why not; it takes a letter or does not; it ends when told to. */
static bool run_centre(struct stage *s, const char *const *env)
{
	struct program p = {0};
	bool good = true;
	int code;

	stage_centre_kill(s);
	if (stage_centre_start(s, NULL, env)) {
		stage_apply_now(s);
		stage_deliver(s, &p, "--once", NULL);
		good = end_honestly(&p, "deliver", program_end(&p, PROGRAM_PATIENCE_US, SIGKILL));
		code = stage_centre_stop(s);
		good &= code < 128 && (code == 0 || s->centre.sighed.len > 0);
		if (code >= 128)
			report_note("centre: ended by signal %d: %s", code - 128,
				buf_str(&s->centre.sighed));
	} else if (s->centre.sighed.len == 0) {
		report_note("centre: did not come up, and says nothing");
		good = false;
	}
	program_fini(&p);
	if (!stage_centre_start(s, NULL, NULL)) {
		report_note("centre: does not come back: %s", buf_str(&s->centre.sighed));
		return false;
	}
	return good;
}

static const struct victim victims[] = {
	{"apply", run_apply},
	{"deliver", run_deliver},
	{"centre", run_centre},
	{"import", run_import},
};

/* ---- one row: a program and a kind of call ---- */

struct tally {
	uint64_t calls, struck;
};

static void write_tally(const char *path, struct tally t)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || write(fd, &t, sizeof t) != sizeof t)
		exit(3);
	close(fd);
}

static struct tally read_tally(const char *path)
{
	struct tally t = {0};
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, &t, sizeof t) != sizeof t)
		exit(3);
	close(fd);
	return t;
}

static struct tally run_once(
	struct stage *s, const struct victim *v, const struct failing *f, uint64_t k, bool *good)
{
	char tally[128], nth[48], call[48], how[32], path[160], preload[600], here[400];
	const char *env[] = {preload, call, nth, how, path, NULL};
	const char *build = getenv("BUILD");

	if (getcwd(here, sizeof here) == NULL)
		exit(3);
	snprintf(tally, sizeof tally, "%s/tally", s->folder);
	write_tally(tally, (struct tally){0});
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s/%s/tests/faults/shim_fail.so", here,
		build != NULL ? build : "build");
	snprintf(call, sizeof call, "FAULT_CALL=%s", f->call);
	snprintf(nth, sizeof nth, "FAULT_NTH=%llu", (unsigned long long)k);
	snprintf(how, sizeof how, "FAULT_HOW=%d", f->how);
	snprintf(path, sizeof path, "FAULT_TALLY=%s", tally);
	*good = v->run(s, env);
	return read_tally(tally);
}

static bool prove(const struct victim *v, const struct failing *f, size_t most)
{
	const char *only = getenv("CASE");
	char what[64];
	struct row row = {.part = "syscalls", .what = what};
	struct stage s;
	struct tally t = {0};
	struct count c;
	uint64_t k = 1, step, calls;
	bool good;

	snprintf(what, sizeof what, "%s: %s", v->name, f->name);
	if (only != NULL && strcmp(only, what) != 0)
		return true;
	stage_open(&s);
	if (!stage_centre_start(&s, NULL, NULL))
		exit(3);
	calls = run_once(&s, v, f, UINT64_MAX / 2, &good)
			.calls; /* none fails: how many are there */
	row.other += !good;
	step = most > 0 && calls > most ? (calls + most - 1) / most : 1;
	/* Before the program's own first allocation nobody could be told. */
	for (; row.other < NOTES_MAX; k += step) {
		t = run_once(&s, v, f, k, &good);
		row.count += t.struck != 0;
		row.other += !good;
		if (!good)
			report_note("… with call %llu of %llu failing", (unsigned long long)k,
				(unsigned long long)calls);
		if (t.struck == 0)
			break;
	}
	row.other += !stage_peace(&s, PEACE_ROUNDS);
	stage_centre_stop(&s);
	count_both(&s, &c);
	count_into(&c, &row);
	good = calls == 0 || report_row(&row); /* it never makes such a call: no row */
	stage_close(&s);
	return good;
}

int main(void)
{
	size_t most = report_length("CALLS", 1, 8), i, k;
	const char *build = getenv("BUILD"), *all = getenv("CALLS");
	bool good = true;

	if (build != NULL && strstr(build, "san") != NULL) {
		report_skipped("syscalls", "all", "a sanitizer has the calls already");
		return 0;
	}
	if (all != NULL && strcmp(all, "0") == 0)
		most = 0;
	for (i = 0; i < sizeof victims / sizeof *victims; i++)
		for (k = 0; k < sizeof failings / sizeof *failings; k++)
			if (failings[k].brief || getenv("SHORT") == NULL)
				good &= prove(&victims[i], &failings[k], most);
	return good ? 0 : 1;
}

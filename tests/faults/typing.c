/*
 * A write, a flush or an open of the workstation fails while a form is being typed: the screen goes
 * on, and what was typed is on disk soon after, once, as it was typed. Then the workstation is
 * killed, and a new one has it.
 *
 * CALLS: at most so many failing calls a kind, 0: all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/draft.h"
#include "core/station/store.h"
#include "tests/faults/program.h"
#include "tests/faults/report.h"
#include "tests/screens/hall.h"

enum {
	UNARMED = 1 << 30, /* so many calls are behind: none fails */
	LOOK_MS = 20,
	PATIENCE_US = 20 * 1000 * 1000
};

#define NAME   "陈晓燕"
#define NUMBER "110101199003070011"
#define MOBILE "13800138000"

static const struct failing {
	const char *call, *how, *name;
} failings[] = {
	{"write", "28", "typing: disk full"},
	{"write", "5", "typing: write error"},
	{"sync", "5", "typing: flush fails"},
	{"unlink", "5", "typing: unlink fails"},
	{"open", "24", "typing: open fails"},
};

/* One run of the workstation under the shim; tally is shared with it. */
struct desk {
	struct hall hall;
	char preload[600], call[48], nth[48], how[32], tally_env[300], tally_path[280];
	volatile uint64_t *tally;
};

static void open_desk(struct desk *d, const struct failing *f, uint64_t k)
{
	const char *build = getenv("BUILD");
	const char **env = d->hall.env + 3;
	char here[400];
	int fd;

	hall_make(&d->hall);
	if (getcwd(here, sizeof here) == NULL)
		exit(3);
	snprintf(d->tally_path, sizeof d->tally_path, "%s/tally", d->hall.folder);
	fd = open(d->tally_path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 16) != 0)
		exit(3);
	d->tally = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	d->tally[0] = UNARMED;
	snprintf(d->preload, sizeof d->preload, "LD_PRELOAD=%s/%s/tests/faults/shim_fail.so", here,
		build != NULL ? build : "build");
	snprintf(d->call, sizeof d->call, "FAULT_CALL=%s", f->call);
	snprintf(d->nth, sizeof d->nth, "FAULT_NTH=%llu", (unsigned long long)k);
	snprintf(d->how, sizeof d->how, "FAULT_HOW=%s", f->how);
	snprintf(d->tally_env, sizeof d->tally_env, "FAULT_TALLY=%s", d->tally_path);
	*env++ = d->preload;
	*env++ = d->call;
	*env++ = d->nth;
	*env++ = d->how;
	*env++ = d->tally_env;
	*env = NULL;
}

static void close_desk(struct desk *d)
{
	munmap((void *)(uintptr_t)d->tally, 16);
	hall_drop(&d->hall);
}

static struct term *to_the_form(struct hall *h)
{
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_rest(t, 300); /* what the road here has to save is saved */
	return t;
}

struct typed {
	char draft[ID_UUID_SIZE];
	size_t drafts;
	bool name, mobile;
};

static void see_answer(void *arg, const char *place, const char *value)
{
	struct typed *d = arg;

	d->name |= strcmp(place, "applicant_name") == 0 && value && strcmp(value, NAME) == 0;
	d->mobile |= value && strcmp(value, MOBILE) == 0;
}

static void see_draft(void *arg, const struct draft *draft)
{
	struct typed *d = arg;

	memcpy(d->draft, draft->id, sizeof d->draft);
	d->drafts++;
}

/* What is on disk of it. */
static void look(const struct hall *h, struct typed *out)
{
	struct store *s;

	*out = (struct typed){.drafts = 0};
	if (store_open(&s, strchr(h->home_env, '=') + 1, &clock_system, &entropy_system, NULL) !=
		OK)
		return;
	draft_each(s, NULL, see_draft, out);
	if (out->drafts > 0)
		draft_each_answer(s, out->draft, DRAFT_FORM, see_answer, out);
	store_close(s);
}

/* true: there was a k-th call, and it failed. */
static bool type_once(struct desk *d, const char *name, struct row *row)
{
	int64_t until;
	struct typed typed;
	struct term *t = to_the_form(&d->hall);

	d->tally[0] = 0; /* from here on */
	term_keys(t, NAME "<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>" NUMBER "<Enter>");
	term_wait(t, NUMBER);
	term_keys(t, MOBILE "<Tab>");
	term_wait(t, MOBILE);
	until = program_now_us() + PATIENCE_US;
	do {
		term_rest(t, LOOK_MS); /* the screen goes on meanwhile */
		look(&d->hall, &typed);
	} while (!(typed.name && typed.mobile) && program_now_us() < until);
	kill(term_pid(t), SIGKILL);
	term_stop(t);
	look(&d->hall, &typed);
	if (!typed.name || !typed.mobile) {
		row->lost++;
		report_note("%s: not on disk after 20 s: %s%s", name, typed.name ? "" : "name ",
			typed.mobile ? "" : "telephone");
	}
	row->twice += typed.drafts > 1;
	row->other += typed.drafts == 0;
	row->count += d->tally[1] != 0;
	return d->tally[1] != 0;
}

static bool prove(const struct failing *f, size_t most)
{
	struct row row = {.part = "syscalls", .what = f->name};
	struct desk d;
	uint64_t k = 1, calls, step;
	bool struck;

	open_desk(&d, f, UNARMED / 2); /* none fails: how many are there */
	type_once(&d, f->name, &row);
	calls = d.tally[0];
	close_desk(&d);
	if (calls == 0)
		return true;
	step = most > 0 && calls > most ? (calls + most - 1) / most : 1;
	do {
		open_desk(&d, f, k);
		struck = type_once(&d, f->name, &row);
		close_desk(&d);
		k += step;
	} while (struck && row.lost + row.twice + row.other == 0);
	return report_row(&row);
}

int main(void)
{
	size_t most = report_length("CALLS", 1, 4), i;
	const char *build = getenv("BUILD"), *all = getenv("CALLS");
	bool good = true;

	if (build != NULL && strstr(build, "san") != NULL) {
		report_skipped("syscalls", "typing", "a sanitizer has the calls already");
		return 0;
	}
	if (all != NULL && strcmp(all, "0") == 0)
		most = 0;
	for (i = 0; i < sizeof failings / sizeof *failings; i++)
		if (i < 1 || getenv("SHORT") == NULL)
			good &= prove(&failings[i], most);
	return good ? 0 : 1;
}

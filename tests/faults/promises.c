/*
 * What the centre's store in one file has promised, by its log of letters, by a commit or by a
 * checkpoint: letters come alone, by few and by crowds, between them somebody reads, something else
 * is written, there are quiet moments and the file is closed and opened again. All of it under a
 * recorder; then the program is killed, or the power cut, at any of its operations on the disk, and
 * the store that is opened on what is left must know each letter it had said to have, by the number
 * it gave it, and give no number twice. A kill is also followed by a power cut while the store is
 * opened again.
 *
 * CUTS: how many of each; SEED: the stories, where they are and what they leave.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/central/posting.h"
#include "core/central/store.h"
#include "core/central/store_sqlite.h"
#include "tests/faults/chance.h"
#include "tests/faults/record.h"
#include "tests/faults/report.h"
#include "tests/faults/tape.h"
#include "tests/unit/letters.h"

enum {
	STORIES = 4,
	STEPS = 60,
	FEW = 6,
	CROWD = 40,
	QUIET_MS = 1000,
	NOTES_MAX = 5,
	NEW_LETTER = 900000
};

enum trouble {
	KILLED,
	CUT,
	OPENED_AGAIN,
	KINDS_OF_TROUBLE
};

static const char mark_key[] = "story";

/* ---- the story: in a program of its own, under the recorder ---- */

static struct posting *application(int number)
{
	struct posting *p = letter_new("application", number, number, "");

	p->now_ms = 1700000000000; /* one day, so one series of numbers */
	return p;
}

/* In a folder below, so that its names are a folder's. */
static struct central_store *opened(const char *folder)
{
	struct central_store *s = NULL;
	struct buf why = {0};
	char data[100];

	snprintf(data, sizeof data, "%s/data", folder);
	if (store_sqlite_open(&s, data, &why) != OK)
		fprintf(stderr, "# %s\n", buf_str(&why));
	buf_fini(&why);
	return s;
}

static void promise(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	char line[ID_UUID_SIZE + PROJECT_NO_SIZE + 4];
	size_t i;

	(void)arg;
	(void)took_us;
	for (i = 0; i < count; i++) {
		tape_must(postings[i]->result == POSTING_TAKEN, "a letter is taken");
		snprintf(line, sizeof line, "L%d %s", atoi(postings[i]->key + 24),
			postings[i]->project_no);
		puts(line);
		letter_free(postings[i]);
	}
}

static void send(struct central_store *s, int *number, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		tape_must(s->ops->post(s, application((*number)++)), "a thread for the store");
	s->ops->settled(s, true, promise, NULL);
}

static void write_mark(struct central_store *s, int number)
{
	char value[16], line[24];

	snprintf(value, sizeof value, "%d", number);
	tape_must(s->ops->meta_set(s, mark_key, value) == OK, "something else is written");
	snprintf(line, sizeof line, "Lmark %s", value);
	puts(line);
}

static void read_one(struct central_store *s, int number)
{
	char no[PROJECT_NO_SIZE];

	letter_project_no(s, number, no);
}

static struct central_store *take_step(
	struct central_store *s, const char *folder, int *number, struct chance *c)
{
	switch (chance_below(c, 13)) {
	case 0:
		send(s, number, 1 + (size_t)chance_below(c, FEW));
		break;
	case 1:
		send(s, number, CROWD);
		break;
	case 2:
	case 3:
		read_one(s, *number - 1);
		break;
	case 4:
		write_mark(s, *number);
		break;
	case 5:
		s->ops->idle(s, QUIET_MS);
		s->ops->settled(s, true, promise, NULL);
		break;
	case 6:
		tape_must(s->ops->notice(s, "停电通知", *number) == OK, "a notice");
		break;
	case 7:
		s->ops->close(s);
		s = opened(folder);
		tape_must(s != NULL, "the store is opened again");
		break;
	default:
		send(s, number, 1);
	}
	return s;
}

static int live_story(const char *folder, uint64_t seed)
{
	struct central_store *s = opened(folder);
	struct chance c = {seed};
	int number = 1, i;

	if (s == NULL)
		return 1;
	for (i = 0; i < STEPS; i++)
		s = take_step(s, folder, &number, &c);
	/* killed: what was flushed so far is all that may be counted on */
	fflush(NULL);
	_exit(0);
}

/* Opened, asked and left as a kill leaves it. */
static int live_opening(const char *folder)
{
	struct central_store *s = opened(folder);

	if (s == NULL)
		return 1;
	read_one(s, 1);
	_exit(0);
}

static bool live(
	const char *program, const char *what, const char *folder, uint64_t seed, const char *tape)
{
	const char *build = getenv("BUILD");
	char preload[600], here[400], number[24];
	int status = -1;
	pid_t child;

	tape_must(getcwd(here, sizeof here) != NULL, "getcwd");
	snprintf(preload, sizeof preload, "%s/%s/tests/faults/shim_record.so", here,
		build != NULL ? build : "build");
	snprintf(number, sizeof number, "%llu", (unsigned long long)seed);
	unlink(tape);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		setenv("LD_PRELOAD", preload, 1);
		setenv("RECORD_ROOT", folder, 1);
		setenv("RECORD_LOG", tape, 1);
		if (freopen("/dev/null", "w", stdout) != NULL)
			execl(program, program, what, folder, number, (char *)NULL);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

/* ---- what is left ---- */

static bool count_case(void *arg, const struct case_record *c)
{
	(void)c;
	++*(size_t *)arg;
	return true;
}

static void check_letter(struct central_store *s, const char *promise, struct row *row)
{
	int number = atoi(promise + 1);
	const char *no = strchr(promise, ' ');
	struct posting *p = application(number);

	s->ops->take(s, &p, 1);
	if (p->result == POSTING_TAKEN || p->result == POSTING_FAILED)
		row->lost++;
	else if (p->result != POSTING_AGAIN || no == NULL || strcmp(p->project_no, no + 1) != 0)
		row->twice++;
	letter_free(p);
}

static void check_mark(struct central_store *s, const char *promise, struct row *row)
{
	struct buf value = {0};

	if (s->ops->meta_get(s, mark_key, &value) != OK ||
		atoi(buf_str(&value)) < atoi(promise + strlen("Lmark ")))
		row->lost++;
	buf_fini(&value);
}

/* What is there goes on: a new letter is one case more. */
static void check_going_on(struct central_store *s, struct row *row)
{
	const struct case_filter all = {.limit = 100000};
	size_t before = 0, after = 0;

	row->other += s->ops->case_each(s, &all, count_case, &before) != OK;
	row->other += letter_apply(s, NEW_LETTER, 0) != POSTING_TAKEN;
	row->other += s->ops->case_each(s, &all, count_case, &after) != OK;
	row->twice += after != before + 1;
}

/* Its pages are those of one moment. */
static void check_file(const char *folder, struct row *row)
{
	struct db *db = NULL;
	char path[120];

	snprintf(path, sizeof path, "%s/data/central.db", folder);
	row->other += db_open(&db, path, DB_SINGLE, NULL) != OK || db_check(db, NULL) != OK;
	db_close(db);
}

static void check(const char *folder, const struct tape *t, size_t cut, struct row *row)
{
	struct central_store *s = opened(folder);
	size_t i;

	row->count++;
	if (s == NULL) {
		row->other++;
		return;
	}
	for (i = 0; i < cut; i++) {
		const struct entry *e = &t->entries[i];
		char *promise;
		if (e->head->kind != RECORD_PROMISE)
			continue;
		promise = mem_strndup(e->data, e->head->len);
		if (strncmp(promise, "Lmark", 5) == 0)
			check_mark(s, promise, row);
		else
			check_letter(s, promise, row);
		free(promise);
	}
	check_going_on(s, row);
	s->ops->close(s);
	check_file(folder, row);
}

/* ---- trouble ---- */

struct places {
	const char *program;
	char root[64], before[80], folder[100], killed[80], tape[80], other_tape[80];
};

static bool is_bad(const struct row *row)
{
	return row->lost + row->twice + row->other > 0;
}

/* Half of them right behind a promise, where the next write has not come to its help. */
static size_t draw_cut(const struct tape *t, struct chance *c)
{
	size_t cut = 1 + (size_t)chance_below(c, t->count);

	if (chance_below(c, 2) == 0)
		while (cut < t->count && t->entries[cut - 1].head->kind != RECORD_PROMISE)
			cut++;
	return cut;
}

static void at_any_moment(const struct places *at, const struct tape *t, struct row *row,
	struct chance *c, bool power)
{
	size_t cuts = report_length("CUTS", 12, 400) / STORIES, i, cut;

	for (i = 0; i < cuts && !is_bad(row); i++) {
		cut = draw_cut(t, c);
		tape_cut(t, at->before, cut, power ? c : NULL, at->folder);
		check(at->folder, t, cut, row);
		if (is_bad(row))
			report_note("… after %zu of %zu operations", cut, t->count);
	}
}

/* The power is cut at any moment of the opening, and until then nothing was known to be flushed but
 * what the killed program had. */
static void while_opened_again(
	const struct places *at, const struct tape *t, struct row *row, struct chance *c)
{
	size_t cuts = report_length("CUTS", 8, 200) / STORIES, i, cut, second;
	struct tape both;

	for (i = 0; i < cuts && !is_bad(row); i++) {
		cut = draw_cut(t, c);
		tape_cut(t, at->before, cut, NULL, at->killed);
		if (!live(at->program, "opening", at->killed, 0, at->other_tape)) {
			row->other++;
			break;
		}
		tape_read(&both, at->other_tape);
		second = (size_t)chance_below(c, both.count + 1);
		tape_cut_twice(t, at->before, cut, &both, second, c, at->folder);
		tape_free(&both);
		check(at->folder, t, cut, row);
		if (is_bad(row))
			report_note("… after %zu of %zu operations, and %zu of the opening", cut,
				t->count, second);
	}
}

static void make_places(struct places *at, const char *program)
{
	const char *tmp = getenv("TMPDIR");
	struct central_store *s;

	at->program = program;
	snprintf(at->root, sizeof at->root, "%s/promises.XXXXXX", tmp != NULL ? tmp : "/tmp");
	tape_must(mkdtemp(at->root) != NULL, "mkdtemp");
	snprintf(at->before, sizeof at->before, "%s/before", at->root);
	snprintf(at->killed, sizeof at->killed, "%s/killed", at->root);
	snprintf(at->tape, sizeof at->tape, "%s/tape", at->root);
	snprintf(at->other_tape, sizeof at->other_tape, "%s/tape2", at->root);
	snprintf(at->folder, sizeof at->folder, "%s/data", at->before);
	tape_must(mkdir(at->before, 0700) == 0 && mkdir(at->folder, 0700) == 0, "mkdir");
	snprintf(at->folder, sizeof at->folder, "%s/centre", at->root);
	s = opened(at->before);
	tape_must(s != NULL, "the store is made");
	s->ops->close(s);
}

static void tell_story(const struct places *at, uint64_t seed, struct row rows[KINDS_OF_TROUBLE])
{
	struct chance c = {seed};
	struct tape t;

	tape_copy_folder(at->before, at->folder);
	tape_must(live(at->program, "story", at->folder, seed, at->tape), "the story");
	tape_read(&t, at->tape);
	at_any_moment(at, &t, &rows[KILLED], &c, false);
	at_any_moment(at, &t, &rows[CUT], &c, true);
	while_opened_again(at, &t, &rows[OPENED_AGAIN], &c);
	tape_free(&t);
}

static bool prove(const char *program)
{
	struct row rows[KINDS_OF_TROUBLE] = {
		[KILLED] = {.part = "promises", .what = "killed at any moment"},
		[CUT] = {.part = "promises", .what = "power cut at any moment"},
		[OPENED_AGAIN] = {.part = "promises",
			.what = "killed, power cut while opened again"},
	};
	uint64_t seed = report_length("SEED", 1, 1);
	struct places at;
	bool good = true;
	size_t i;

	make_places(&at, program);
	for (i = 0; i < STORIES; i++)
		tell_story(&at, seed + i, rows);
	for (i = 0; i < KINDS_OF_TROUBLE; i++)
		good &= report_row(&rows[i]);
	tape_remove_folder(at.root);
	return good;
}

int main(int argc, char **argv)
{
	const char *build = getenv("BUILD");

	if (argc == 4 && strcmp(argv[1], "story") == 0)
		return live_story(argv[2], strtoull(argv[3], NULL, 10));
	if (argc == 4)
		return live_opening(argv[2]);
	if (build != NULL && strstr(build, "san") != NULL) {
		report_skipped("promises", "all", "a sanitizer has the calls already");
		return 0;
	}
	return prove(argv[0]) ? 0 : 1;
}

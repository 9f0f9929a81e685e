/*
 * Power cuts of the whole hall: station and centre do their work under a recorder that writes down
 * each write, flush, removal and rename of their files, and each promise (a receipt shown, an
 * answer sent). Then the power is cut at any moment of it: what was flushed is there, of the rest
 * any part. The real programs start on what is left, and every promise made before the cut must
 * hold: a receipt the centre had answered is at the centre, a receipt a person was shown comes
 * there, once.
 *
 * CUTS: how many; SEED: where they are and what they leave.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"
#include "tests/faults/count.h"
#include "tests/faults/record.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"
#include "tests/faults/tape.h"

enum {
	ROUNDS = 6,
	PEACE_ROUNDS = 20,
	NOTES_MAX = 5
};

/* ---- recording ---- */

static void record(struct stage *s, const char *log)
{
	char preload[600], root[128], to[128], here[400];
	const char *const env[] = {preload, root, to, NULL};
	const char *build = getenv("BUILD");
	struct program p = {0};
	int i;

	tape_must(getcwd(here, sizeof here) != NULL, "getcwd");
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s/%s/tests/faults/shim_record.so", here,
		build != NULL ? build : "build");
	snprintf(root, sizeof root, "RECORD_ROOT=%s", s->folder);
	snprintf(to, sizeof to, "RECORD_LOG=%s", log);
	tape_must(stage_centre_start(s, NULL, env), "centre under the recorder");
	for (i = 0; i < ROUNDS; i++) {
		stage_apply(s, &p, env);
		tape_must(program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0,
			"apply under the recorder");
		if (i % 3 == 1) /* two together */
			continue;
		stage_deliver(s, &p, "--once", env);
		tape_must(program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0,
			"deliver under the recorder");
	}
	program_fini(&p);
	stage_centre_kill(s);
}

static bool lists(const struct program *p, const char *receipt)
{
	return strstr(buf_str(&p->said), receipt) != NULL;
}

/* What the centre had answered is there before anybody sends it again. */
static void check_answers(struct stage *s, const struct tape *t, size_t cut, struct row *row)
{
	const char *const cases[] = {"case", "list", "--json", NULL};
	struct program p = {0};
	char *receipt;
	size_t i;

	row->other += stage_central(s, &p, cases) != 0;
	for (i = 0; i < cut; i++) {
		const struct entry *e = &t->entries[i];
		if (e->head->kind != RECORD_PROMISE)
			continue;
		receipt = mem_strndup(e->data, e->head->len);
		if (e->head->at == 0)
			stage_promise_receipt(s, receipt);
		else if (!lists(&p, receipt))
			row->lost++;
		free(receipt);
	}
	program_fini(&p);
}

static void forget_promises(struct stage *s)
{
	while (s->receipt_count > 0)
		free(s->receipts[--s->receipt_count]);
}

static void cut_at(struct stage *s, const struct tape *t, const char *before, size_t cut,
	struct chance *chance, struct row *row)
{
	size_t bad = row->lost + row->twice + row->other;
	struct count c;

	tape_cut(t, before, cut, chance, s->folder);
	forget_promises(s);
	check_answers(s, t, cut, row);
	if (!stage_centre_start(s, NULL, NULL)) {
		row->other++;
		report_note("the centre does not start: %s", buf_str(&s->centre.sighed));
		return;
	}
	row->other += !stage_peace(s, PEACE_ROUNDS);
	stage_centre_stop(s);
	count_both(s, &c);
	count_into(&c, row);
	row->count++;
	if (row->lost + row->twice + row->other > bad)
		report_note("… cut after %zu of %zu operations", cut, t->count);
}

int main(void)
{
	size_t cuts = report_length("CUTS", 3, 60), i, faults = 0;
	struct chance chance = {report_length("SEED", 1, 1)};
	struct row row = {.part = "power", .what = "cut at any moment, station and centre"};
	const char *build = getenv("BUILD");
	char before[100], log[100], folder[64];
	struct stage s;
	struct tape t;

	if (build != NULL && strstr(build, "san") != NULL) {
		report_skipped("power", "all", "a sanitizer has the calls already");
		return 0;
	}
	stage_open(&s);
	snprintf(folder, sizeof folder, "%s", s.folder);
	snprintf(before, sizeof before, "%s.before", folder);
	snprintf(log, sizeof log, "%s.log", folder);
	stage_apply_now(&s); /* the tables are made, both sides have been at work before */
	tape_must(stage_centre_start(&s, NULL, NULL) && stage_peace(&s, 2), "the first letter");
	stage_centre_stop(&s);
	tape_copy_folder(folder, before);
	record(&s, log);
	tape_read(&t, log);
	report_note("%zu operations recorded", t.count);
	for (i = 0; i < cuts && faults < NOTES_MAX; i++) {
		cut_at(&s, &t, before, 1 + (size_t)chance_below(&chance, t.count), &chance, &row);
		faults = row.lost + row.twice + row.other;
	}
	tape_free(&t);
	stage_close(&s);
	unlink(log);
	tape_remove_folder(before);
	return report_row(&row) ? 0 : 1;
}

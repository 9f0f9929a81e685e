/*
 * kill -9 at random moments: of whoever applies, of the deliverer, of the centre, of all of them in
 * one story; with papers that travel too, with corrections, with letters carried by hand to another
 * window; and of the workstation at the moment of its submission. Then peace, then the count.
 * N: how many kills in all; SEED: of the moments.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"
#include "tests/faults/count.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"
#include "tests/screens/hall.h"

enum {
	APPLY_US = 45000, /* a little longer than the program lives, so that the end is hit too */
	ONCE_US = 60000,
	WATCH_US = 40000,
	CENTRE_US = 30000,
	SUBMIT_US = 90000,
	PAPER_BYTES_MAX = 200 * 1000,
	PEACE_ROUNDS = 20
};

struct story {
	struct stage stage;
	struct chance chance;
	struct program watcher;
	size_t kills;
	bool failed; /* a program did what none may: see the note */
};

static void need_centre(struct story *s)
{
	if (stage_centre_runs(&s->stage) || stage_centre_start(&s->stage, NULL, NULL))
		return;
	report_note("the centre does not come back: %s", buf_str(&s->stage.centre.sighed));
	s->failed = true;
}

/* ---- the victims; each turn kills one program once ---- */

static void kill_apply(struct story *s)
{
	struct program p = {0};
	int code;

	stage_apply(&s->stage, &p, NULL);
	code = program_end(&p, (int64_t)chance_below(&s->chance, APPLY_US), SIGKILL);
	stage_promise(&s->stage, &p);
	s->kills += p.late;
	if (!p.late && code != 0) {
		report_note("apply: exit %d, %s", code, buf_str(&p.sighed));
		s->failed = true;
	}
	program_fini(&p);
}

static void kill_once(struct story *s)
{
	struct program p = {0};

	stage_apply_now(&s->stage);
	stage_deliver(&s->stage, &p, "--once", NULL);
	program_end(&p, (int64_t)chance_below(&s->chance, ONCE_US), SIGKILL);
	s->kills += p.late;
	program_fini(&p);
}

static void kill_watch(struct story *s)
{
	if (s->watcher.pid == 0)
		stage_deliver(&s->stage, &s->watcher, "--watch", NULL);
	stage_apply_now(&s->stage);
	program_end(&s->watcher, (int64_t)chance_below(&s->chance, WATCH_US), SIGKILL);
	s->kills++;
}

static void kill_centre(struct story *s)
{
	struct program p = {0};

	stage_apply_now(&s->stage);
	stage_deliver(&s->stage, &p, "--once", NULL);
	program_end(&s->stage.centre, (int64_t)chance_below(&s->chance, CENTRE_US), SIGKILL);
	s->kills++;
	program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	program_fini(&p);
	need_centre(s);
}

/* Two apply, one delivers, the centre takes: any of them dies. */
static void kill_any(struct story *s)
{
	struct program apply = {0}, other = {0};
	struct program *all[] = {&apply, &other, &s->watcher, &s->stage.centre};
	size_t victim = (size_t)chance_below(&s->chance, 4), i;

	if (s->watcher.pid == 0)
		stage_deliver(&s->stage, &s->watcher,
			chance_below(&s->chance, 2) == 0 ? "--watch" : "--once", NULL);
	stage_apply(&s->stage, &apply, NULL);
	stage_apply(&s->stage, &other, NULL);
	program_end(all[victim], (int64_t)chance_below(&s->chance, APPLY_US), SIGKILL);
	s->kills += all[victim]->late;
	for (i = 0; i < 2; i++) {
		if (all[i]->pid > 0)
			program_end(all[i], PROGRAM_PATIENCE_US, SIGKILL);
		stage_promise(&s->stage, all[i]);
		program_fini(all[i]);
	}
	need_centre(s);
}

/* ---- papers, corrections, letters carried by hand ---- */

/* A scan of its own and an application that names it. */
static void write_paper(struct story *s)
{
	struct stage *stage = &s->stage;
	size_t len = 1 + (size_t)chance_below(&s->chance, PAPER_BYTES_MAX), i;
	char paper[128];
	FILE *f;

	snprintf(paper, sizeof paper, "%s/scan.pdf", stage->folder);
	f = fopen(paper, "w");
	if (f == NULL)
		exit(3);
	fprintf(f, "%%PDF-1.4 %zu", s->kills);
	for (i = 0; i < len; i++)
		putc((int)(chance_below(&s->chance, 256)), f);
	fclose(f);
	stage_write_answers(stage, paper);
}

static void kill_with_papers(struct story *s)
{
	struct program p = {0};

	write_paper(s);
	stage_apply_now(&s->stage);
	stage_deliver(&s->stage, &p, "--once", NULL);
	if (chance_below(&s->chance, 2) == 0) {
		program_end(&p, (int64_t)chance_below(&s->chance, ONCE_US), SIGKILL);
		s->kills += p.late;
	} else {
		program_end(
			&s->stage.centre, (int64_t)chance_below(&s->chance, CENTRE_US), SIGKILL);
		program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
		s->kills++;
	}
	program_fini(&p);
	need_centre(s);
}

/* The last case is corrected again and again, whatever became of the correction before. */
static void kill_correction(struct story *s)
{
	struct stage *stage = &s->stage;
	char answers[128];
	const char *words[] = {"yimen", "case", "correct", NULL, "--answers", answers, NULL};
	struct program p = {0};
	FILE *f;

	if (stage->receipt_count == 0 || chance_below(&s->chance, 4) == 0)
		stage_apply_now(stage);
	words[3] = stage->receipts[stage->receipt_count - 1];
	snprintf(answers, sizeof answers, "%s/correct.json", stage->folder);
	f = fopen(answers, "w");
	if (f == NULL)
		exit(3);
	fprintf(f, "{\"applicant_mobile\": \"138%08zu\"}\n", s->kills);
	fclose(f);
	program_start(&p, words, stage->env);
	program_end(&p, (int64_t)chance_below(&s->chance, APPLY_US), SIGKILL);
	s->kills += p.late;
	stage_deliver(stage, &p, "--once", NULL);
	program_end(&p, (int64_t)chance_below(&s->chance, ONCE_US), SIGKILL);
	s->kills += p.late;
	program_fini(&p);
}

/* Letters go into a sealed file, another window takes them in and delivers them, so does their own:
 * each of the three dies at times. */
static void kill_carriers(struct story *s)
{
	struct stage *stage = &s->stage;
	char file[128], home[320];
	const char *const put_out[] = {"yimen", "outbox", "export", file, NULL};
	const char *const take_in[] = {"yimen", "outbox", "import", file, NULL};
	const char *const once[] = {"yimen-deliver", "--once", NULL};
	const char *const other[] = {home, stage->env_url, NULL};
	const char *const *const acts[] = {put_out, take_in, once};
	struct program p = {0};
	int i;

	snprintf(file, sizeof file, "%s/letters.yimen", stage->folder);
	snprintf(home, sizeof home, "YIMEN_HOME=%s/other", stage->folder);
	stage_apply_now(stage);
	for (i = 0; i < 3; i++) {
		program_start(&p, acts[i], i == 0 ? stage->env : other);
		program_end(&p,
			chance_below(&s->chance, 2) == 0
				? PROGRAM_PATIENCE_US
				: (int64_t)chance_below(&s->chance, ONCE_US),
			SIGKILL);
		s->kills += p.late;
	}
	program_fini(&p);
}

/* The other window's letters come to their end as well. */
static bool other_window_ends(struct story *s)
{
	char home[320];
	const char *const once[] = {"yimen-deliver", "--once", NULL};
	const char *const other[] = {home, s->stage.env_url, NULL};
	struct program p = {0};
	int rounds, code = 3;

	snprintf(home, sizeof home, "YIMEN_HOME=%s/other", s->stage.folder);
	for (rounds = 0; code == 3 && rounds < PEACE_ROUNDS; rounds++)
		code = program_run(&p, once, other);
	if (code != 0)
		report_note("the other window: exit %d, %s", code, buf_str(&p.sighed));
	program_fini(&p);
	return code == 0;
}

/* Two windows admitted by a centre that asks for it: sealed files need the hall's key. */
static void admit_both(struct story *s)
{
	struct stage *stage = &s->stage;
	char home[320], name[32];
	const char *const add[] = {"station", "add", name, NULL};
	const char *env[] = {stage->env_home, NULL};
	const char *const asks[] = {"--quiet", NULL};
	struct program p = {0};
	const char *code;
	int i;

	stage_centre_stop(stage);
	if (!stage_centre_start(stage, asks, NULL))
		exit(3);
	snprintf(home, sizeof home, "YIMEN_HOME=%s/other", stage->folder);
	for (i = 0; i < 2; i++) {
		const char *words[] = {"yimen-deliver", "enrol", stage->url, NULL, NULL};
		snprintf(name, sizeof name, "window-%d", i);
		stage_central(stage, &p, add);
		code = buf_str(&p.said);
		words[3] = mem_strndup(code, strcspn(code, "\n"));
		env[0] = i == 0 ? stage->env_home : home;
		if (program_run(&p, words, env) != 0) {
			report_note("enrol: %s%s", buf_str(&p.said), buf_str(&p.sighed));
			s->failed = true;
		}
		free((char *)(uintptr_t)words[3]);
	}
	program_fini(&p);
}

/* ---- a story ---- */

static bool tell(const char *what, void (*turn)(struct story *), size_t kills, uint64_t seed)
{
	struct story s = {.chance = {seed}};
	struct row row = {.part = "kills", .what = what};
	size_t turns = 0;
	struct count c;

	stage_open(&s.stage);
	need_centre(&s);
	if (turn == kill_carriers)
		admit_both(&s);
	while (s.kills < kills && turns++ < 4 * kills + 20 && !s.failed)
		turn(&s);
	program_fini(&s.watcher);
	need_centre(&s);
	row.other += !stage_peace(&s.stage, PEACE_ROUNDS);
	if (turn == kill_carriers)
		row.other += !other_window_ends(&s);
	row.other += stage_centre_stop(&s.stage) != 0;
	count_both(&s.stage, &c);
	row.count = s.kills;
	row.other += s.failed;
	count_into(&c, &row);
	stage_close(&s.stage);
	return report_row(&row);
}

/* ---- the workstation ---- */

/* From today to the last question of 残疾人证新办: one key and Enter submit it. */
static struct term *to_the_brink(struct hall *h, const char *id)
{
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>");
	term_keys(t, id);
	term_keys(t, "<Enter>");
	term_wait(t, id);
	term_keys(t, "13800138000<Tab>");
	term_wait(t, "13800138000");
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	return t;
}

static void kill_workstation(struct story *s, struct hall *h)
{
	struct timespec moment = {0, (long)chance_below(&s->chance, SUBMIT_US) * 1000};
	char receipt[64], id[HALL_PERSON_SIZE];
	struct term *t;

	hall_person(s->kills, id);
	t = to_the_brink(h, id);
	term_keys(t, "y<Enter>");
	nanosleep(&moment, NULL); /* the moment of the kill, not a wait for anything */
	kill(term_pid(t), SIGKILL);
	term_rest(t, 10000); /* what it had still written */
	if (term_has(t, "已提交") && term_word(t, "L2", receipt, sizeof receipt))
		stage_promise_receipt(&s->stage, receipt);
	term_stop(t);
	s->kills++;
}

static size_t drafts(struct story *s)
{
	const char *const words[] = {"yimen", "draft", "list", "--json", NULL};
	struct program p = {0};
	size_t n = 0;
	const char *at;

	stage_station(&s->stage, &p, words);
	for (at = buf_str(&p.said); (at = strchr(at, '\n')) != NULL; at++)
		n++;
	program_fini(&p);
	return n;
}

/* The hall's own home and matters; its centre knows no catalogue, so it takes every matter. */
static void use_hall(struct story *s, struct hall *h)
{
	struct stage *stage = &s->stage;

	snprintf(stage->home, sizeof stage->home, "%s/home", h->folder);
	snprintf(stage->env_home, sizeof stage->env_home, "%s", h->home_env);
	strcat(stage->data, "2");
	need_centre(s);
	h->env[3] = stage->env_url;
	h->env[4] = NULL;
}

static bool tell_of_screen(size_t kills, uint64_t seed)
{
	struct story s = {.chance = {seed}};
	struct row row = {.part = "kills", .what = "workstation, at its submission"};
	struct count c;
	struct hall h;

	stage_open(&s.stage);
	hall_make(&h);
	use_hall(&s, &h);
	while (s.kills < kills)
		kill_workstation(&s, &h);
	row.other += !stage_peace(&s.stage, PEACE_ROUNDS);
	count_both(&s.stage, &c);
	/* Each form typed is a draft still, or a case: never both, never neither. */
	if (drafts(&s) + c.letters != kills) {
		report_note(
			"%zu drafts and %zu letters of %zu forms", drafts(&s), c.letters, kills);
		row.lost++;
	}
	row.count = s.kills;
	row.other += s.failed;
	count_into(&c, &row);
	hall_drop(&h);
	stage_close(&s.stage);
	return report_row(&row);
}

int main(void)
{
	size_t kills = report_length("N", 16, 200), screens = kills / 20 + 1;
	uint64_t seed = report_length("SEED", 1, 1);
	bool good = true;

	good &= tell("yimen apply", kill_apply, kills / 8, seed);
	good &= tell("deliver --once", kill_once, kills / 8, seed + 1);
	good &= tell("deliver --watch", kill_watch, kills / 8, seed + 2);
	good &= tell("centre", kill_centre, kills / 8, seed + 3);
	good &= tell("papers: deliverer and centre", kill_with_papers, kills / 8, seed + 6);
	good &= tell("corrections: correcting, delivering", kill_correction, kills / 8, seed + 7);
	good &= tell("carried by hand: all who carry", kill_carriers, kills / 8, seed + 8);
	good &= tell("all of them together", kill_any, kills - kills / 8 * 7 - screens, seed + 4);
	good &= tell_of_screen(screens, seed + 5);
	return good ? 0 : 1;
}

/*
 * Power cuts of a mounted disk (lossy.c): station and centre, the real programs, work on a file
 * system that loses what was not flushed, through the kernel's own page cache. The power fails at
 * any of their operations, all of them are dead, and start again on what is left. Before every
 * other cut they are killed at one of their operations and begin again on what was written, flushed
 * or not: what they believe of it and say of it must stand when the power fails soon after. Each
 * receipt that a person was shown must come to the centre, once; scans travel along.
 *
 * CUTS: how many; SEED: where they are and what they leave.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/chance.h"
#include "tests/faults/count.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	APPLICATIONS = 3, /* between two cuts; every other one carries a scan */
	OPERATIONS = 700, /* about as many as they cost */
	SOON = 80,	  /* a part of them */
	SCAN_BYTES_MAX = 60 * 1000,
	PEACE_ROUNDS = 20,
	MOUNT_US = 5000 * 1000,
	NOTES_MAX = 5
};

struct story {
	struct stage stage;
	struct chance chance;
	struct program disk; /* the file system */
	char place[80];	     /* where it is mounted */
	size_t cuts, scans;
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(3);
}

/* ---- the disk ---- */

/* false: there is no FUSE here, or we may not mount. */
static bool mount_disk(struct story *s)
{
	const char *build = getenv("BUILD");
	char program[200];
	const char *words[] = {program, s->place, NULL};

	snprintf(program, sizeof program, "%s/tests/faults/lossy", build != NULL ? build : "build");
	if (access(program, X_OK) != 0 || access("/dev/fuse", R_OK | W_OK) != 0)
		return false;
	must(mkdir(s->place, 0700) == 0, s->place);
	program_start(&s->disk, words, NULL);
	return program_says(&s->disk, "mounted\n", MOUNT_US);
}

static void unmount_disk(struct story *s)
{
	if (s->disk.pid > 0)
		program_end(&s->disk, 0, SIGTERM); /* it unmounts itself */
	program_fini(&s->disk);
	rmdir(s->place);
}

static void order(const struct story *s, const char *line)
{
	char path[100];
	FILE *f;

	snprintf(path, sizeof path, "%s/.power", s->place);
	f = fopen(path, "w");
	must(f != NULL && fputs(line, f) >= 0 && fclose(f) == 0, path);
}

static void cut_after(struct story *s, unsigned long operations)
{
	char line[60];

	snprintf(line, sizeof line, "cut %lu %lu\n", operations,
		(unsigned long)chance_below(&s->chance, 1 << 30));
	order(s, line);
}

static void stop_after(struct story *s, unsigned long operations)
{
	char line[40];

	snprintf(line, sizeof line, "stop %lu\n", operations);
	order(s, line);
}

/* ---- work ---- */

/* A scan that is on another disk, as one from a scanner's share. */
static void write_scan(struct story *s, const char *folder)
{
	size_t len = 1 + (size_t)chance_below(&s->chance, SCAN_BYTES_MAX), i;
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/scan.pdf", folder);
	f = fopen(path, "w");
	must(f != NULL && fprintf(f, "%%PDF-1.4 %zu", s->scans++) > 0, path);
	for (i = 0; i < len; i++)
		putc((int)chance_below(&s->chance, 256), f);
	must(fclose(f) == 0, path);
	stage_write_answers(&s->stage, path);
}

/* The power fails somewhere in here; whatever they say of it, what they promised counts. */
static void work(struct story *s, const char *folder)
{
	struct program apply = {0}, deliver = {0};
	int i;

	for (i = 0; i < APPLICATIONS; i++) {
		if (i % 2 == 0)
			write_scan(s, folder);
		else
			stage_write_answers(&s->stage, NULL);
		stage_apply(&s->stage, &apply, NULL);
		if (i > 0) /* while the one before is on its way */
			stage_deliver(&s->stage, &deliver, "--once", NULL);
		program_end(&apply, PROGRAM_PATIENCE_US, SIGKILL);
		stage_promise(&s->stage, &apply);
		program_fini(&apply);
		if (i > 0)
			program_end(&deliver, PROGRAM_PATIENCE_US, SIGKILL);
		program_fini(&deliver);
	}
}

/* What is left must be fit to work with. */
static void work_on(struct story *s, struct row *row)
{
	struct program p = {0};

	stage_write_answers(&s->stage, NULL);
	stage_apply(&s->stage, &p, NULL);
	program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	if (!stage_promise(&s->stage, &p)) {
		row->other++;
		report_note("after a cut nothing is taken: %s", buf_str(&p.sighed));
	}
	program_fini(&p);
}

static bool start_again(struct story *s, struct row *row)
{
	stage_centre_kill(&s->stage);
	if (stage_centre_start(&s->stage, NULL, NULL))
		return true;
	row->other++;
	report_note("the centre does not start%s: %s", s->stage.centre.late ? " in time" : "",
		buf_str(&s->stage.centre.sighed));
	return false;
}

/* All are killed at one operation, and go on with what they had written. */
static void live_through_a_kill(struct story *s, const char *folder, struct row *row)
{
	stop_after(s, 1 + (unsigned long)chance_below(&s->chance, OPERATIONS));
	work(s, folder);
	stop_after(s, 0);
	start_again(s, row);
}

static void live_through_a_cut(struct story *s, const char *folder, struct row *row)
{
	bool soon = s->cuts % 2 == 1;
	struct count c;

	if (soon)
		live_through_a_kill(s, folder, row);
	cut_after(s, 1 + (unsigned long)chance_below(&s->chance, soon ? SOON : OPERATIONS));
	work(s, folder);
	cut_after(s, 0); /* at the latest; a second one hurts nobody */
	s->cuts++;
	if (!start_again(s, row))
		return;
	work_on(s, row);
	row->other += !stage_peace(&s->stage, PEACE_ROUNDS);
	count_both(&s->stage, &c);
	count_into(&c, row);
}

/* The stage is laid out on a disk of the machine and moved onto the mounted one. */
static void move_in(struct story *s, const char *folder)
{
	char command[400];

	snprintf(command, sizeof command, "cp -R '%s/station' '%s/centre' '%s/'", folder, folder,
		s->place);
	must(system(command) == 0, command);
	order(s, "keep\n");
	stage_move(&s->stage, s->place);
	snprintf(s->stage.answers, sizeof s->stage.answers, "%s/answers.json", folder);
	stage_url(&s->stage, s->stage.url);
}

int main(void)
{
	struct story s = {.chance = {report_length("SEED", 1, 1)}};
	size_t cuts = report_length("CUTS", 2, 60);
	struct row row = {.part = "mounted", .what = "a disk that loses what is not flushed"};
	char folder[64];

	stage_open(&s.stage);
	snprintf(folder, sizeof folder, "%s", s.stage.folder);
	snprintf(s.place, sizeof s.place, "%s.disk", folder);
	if (!mount_disk(&s)) {
		report_skipped("mounted", "all", "no FUSE here, or not allowed to mount");
		unmount_disk(&s);
		stage_close(&s.stage);
		return 0;
	}
	move_in(&s, folder);
	if (!stage_centre_start(&s.stage, NULL, NULL))
		must(false, buf_str(&s.stage.centre.sighed));
	while (s.cuts < cuts && row.lost + row.twice + row.other < NOTES_MAX)
		live_through_a_cut(&s, folder, &row);
	row.count = s.cuts;
	stage_centre_stop(&s.stage);
	unmount_disk(&s);
	snprintf(s.stage.folder, sizeof s.stage.folder, "%s", folder);
	stage_close(&s.stage);
	return report_row(&row) ? 0 : 1;
}

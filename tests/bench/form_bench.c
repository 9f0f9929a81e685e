/*
 * A form of 300 fields and 500 expressions: opening it (definition from its CSV folder, checked,
 * compiled, first computation), and one answer recomputed and committed to the draft. Beside it the
 * floors: the same answer written to the same file without a form, and the bare flushes that such a
 * commit must wait for (the records of the journal, its header, the file, the header again).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/store.h"
#include "forms/form_library.h"
#include "tests/unit/scratch.h"
#include "tui/intake.h"

enum {
	FIELDS = 300,
	OPENINGS = 200,
	ANSWERS = 1500,
	FLUSHES = 4,
	PAGE_BYTES = 4096
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "form_bench: %s\n", what);
	exit(3);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of this program alone: what else runs on the machine does not count. */
static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void report(const char *what, double *ms, size_t count, const char *limit)
{
	qsort(ms, count, sizeof *ms, compare);
	printf("  %-44s p50 %6.3f  p99 %6.3f  max %6.3f ms  (%zu)  %s\n", what, ms[count / 2],
		ms[count * 99 / 100], ms[count - 1], count, limit);
	fflush(stdout);
}

/*
 * Twelve groups of 25: questions with a rule when they are asked and one what they may be, sums
 * over the group, and a chain from group to group, as long forms have them.
 */
static size_t write_survey(struct buf *out)
{
	size_t expressions = 0;

	buf_adds(out, "type,name,label,relevant,constraint,calculation,required,appearance\n");
	for (int i = 0; i < FIELDS; i++) {
		int group = i / 25;
		if (i % 25 == 0)
			buf_printf(out, "%sbegin_group,g%d,第%d部分,,,,,\n",
				i ? "end_group,,,,,,,\n" : "", group, group + 1);
		if (i % 25 == 24) {
			buf_printf(out, "calculate,f%d,小计,,,\"", i);
			for (int k = group * 25; k < i; k++)
				buf_printf(out, "%sif(${f%d} != '', ${f%d}, 0)",
					k > group * 25 ? " + " : "", k, k);
			if (group > 0)
				buf_printf(out, " + ${f%d}", group * 25 - 1);
			buf_adds(out, "\",,\n");
			expressions += 1;
		} else {
			buf_printf(out, "integer,f%d,第%d栏,%s,. >= 0 and . <= 1000000,,%s,\n", i,
				i,
				i % 2 == 1 ? "string-length(${f0}) >= 0 and (${f0} != 5 or . = '')"
					   : "",
				i % 5 == 4 ? "${f0} > 10" : "");
			expressions += 1 + (i % 2 == 1) + (i % 5 == 4);
		}
	}
	buf_adds(out, "end_group,,,,,,,\n");
	return expressions;
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);

	must(paths_replace(path, text, strlen(text)) == OK, name);
	free(path);
}

static void make_catalogue(struct catalogue **out, const char *folder)
{
	static const char line[] =
		"{\"task_code\":\"B1\",\"task_name\":\"量一量\",\"form\":\"long\","
		"\"materials\":[{\"material_name\":\"甲\"}]}\n";
	const struct catalogue_import how = {.source = "bench"};
	struct catalogue_result r;
	char *path = paths_join(folder, "catalogue.db");
	FILE *f = tmpfile();

	must(f && fputs(line, f) >= 0 && fseek(f, 0, SEEK_SET) == 0, "no temporary file");
	must(catalogue_open(out, path, clock_day(clock_wall_ms(&clock_system)), NULL) == OK &&
			catalogue_import(*out, f, &how, &r, NULL) == OK,
		"no catalogue");
	fclose(f);
	free(path);
}

static void time_opening(struct catalogue *catalogue, struct store *store)
{
	double ms[OPENINGS], cpu[OPENINGS], whole[OPENINGS];
	struct buf faults = {0};

	for (int i = 0; i < OPENINGS; i++) {
		double t = now_ms(), c = cpu_ms();
		struct form *form;
		struct entry *e;
		must(form_library_read(&form, store_home(store), "long", &faults) == OK,
			buf_str(&faults));
		e = entry_new(form, &clock_system);
		ms[i] = now_ms() - t;
		cpu[i] = cpu_ms() - c;
		entry_free(e);
		form_free(form);
	}
	for (int i = 0; i < OPENINGS; i++) {
		double t = now_ms();
		struct intake *in;
		must(intake_open(&in, catalogue, store, "B1", "0317", "03", NULL) == OK, "opening");
		whole[i] = now_ms() - t;
		intake_free(in);
	}
	report("open: definition read, compiled, computed", ms, OPENINGS, "limit 5 ms");
	report("  of it processor time", cpu, OPENINGS, "");
	report("open: the whole application", whole, OPENINGS, "");
}

static void time_answers(struct catalogue *catalogue, struct store *store)
{
	static double computed[ANSWERS], committed[ANSWERS], cpu[ANSWERS], floor_ms[ANSWERS];
	struct intake *in;

	must(intake_open(&in, catalogue, store, "B1", "0317", "03", NULL) == OK, "opening");
	for (int i = 0; i < ANSWERS; i++) {
		char place[16], value[16];
		const struct entry_line *lines;
		double t = now_ms(), c = cpu_ms(), half;
		/* every seventh answer is the one that all others depend on */
		snprintf(place, sizeof place, "f%d",
			i % 7 == 0 ? 0 : (i * 37) % FIELDS / 25 * 25 + i % 24);
		snprintf(value, sizeof value, "%d", 6 + i % 900);
		must(entry_set_place(in->entry, place, value) == OK, place);
		intake_follow(in);
		entry_lines(in->entry, &lines);
		half = now_ms();
		must(intake_save(in) == OK, "saving");
		computed[i] = half - t;
		committed[i] = now_ms() - t;
		cpu[i] = cpu_ms() - c;
	}
	for (int i = 0; i < ANSWERS; i++) {
		char value[16];
		const struct draft_answer a = {DRAFT_FORM, "f1", value};
		double t = now_ms();
		snprintf(value, sizeof value, "%d", i);
		must(draft_put(store, in->draft_id, &a, 1) == OK, "writing");
		floor_ms[i] = now_ms() - t;
	}
	report("an answer: recomputed, lines anew", computed, ANSWERS, "");
	report("an answer: recomputed and committed", committed, ANSWERS, "limit p99 2 ms");
	report("  of it processor time", cpu, ANSWERS, "");
	report("floor: one answer committed, no form", floor_ms, ANSWERS, "");
	intake_free(in);
}

/* A page written over and flushed, as often as a commit does it, and nothing else. */
static void time_flushes(const char *folder)
{
	static double ms[ANSWERS];
	static const char page[PAGE_BYTES];
	char *path = paths_join(folder, "page");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	must(fd >= 0 && pwrite(fd, page, sizeof page, 0) == PAGE_BYTES && fsync(fd) == 0, path);
	for (int i = 0; i < ANSWERS; i++) {
		double t = now_ms();
		for (int k = 0; k < FLUSHES; k++)
			must(pwrite(fd, page, sizeof page, 0) == PAGE_BYTES && fdatasync(fd) == 0,
				"flushing");
		ms[i] = now_ms() - t;
	}
	report("floor: four pages flushed, no database", ms, ANSWERS, "");
	close(fd);
	free(path);
}

int main(void)
{
	char *folder = scratch_folder(), *forms = paths_join(folder, "forms/long");
	char *shelf = paths_join(folder, "forms");
	struct catalogue *catalogue;
	struct store *store;
	struct buf survey = {0};
	size_t expressions = write_survey(&survey);

	must(mkdir(shelf, 0700) == 0 && mkdir(forms, 0700) == 0, "no folder");
	write_file(forms, "survey.csv", buf_str(&survey));
	write_file(forms, "settings.csv", "form_id,version\nlong,1\n");
	make_catalogue(&catalogue, folder);
	must(store_open(&store, folder, &clock_system, &entropy_system, NULL) == OK, "no station");
	printf("form: %d fields, %zu expressions\n", FIELDS, expressions);
	time_opening(catalogue, store);
	time_answers(catalogue, store);
	time_flushes(folder);
	store_close(store);
	catalogue_close(catalogue);
	free(forms);
	free(shelf);
	buf_fini(&survey);
	scratch_remove(folder);
	return 0;
}

/* A catalogue comes in slices: until its last commit who reads finds what was there before, at
 * once, and whoever is killed in between has changed nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "core/station/matter.h"
#include "core/station/search.h"
#include "tests/unit/scratch.h"

enum {
	MATTERS = 3000, /* with TEXT_BYTES each more than a connection keeps in memory */
	TEXT_BYTES = 3000,
	TODAY = 20700
};

struct office {
	char *folder, *path;
	struct catalogue *c;
};

static void open_office(struct office *o)
{
	o->folder = scratch_folder();
	o->path = paths_join(o->folder, "catalogue.db");
	assert_int_equal(catalogue_open(&o->c, o->path, TODAY, NULL), OK);
}

static void close_office(struct office *o)
{
	catalogue_close(o->c);
	free(o->path);
	scratch_remove(o->folder);
}

/* Matters first to last (not included), whose text is made of one letter. */
static void write_lines(FILE *f, int first, int last, char letter)
{
	char text[TEXT_BYTES + 1];
	int i;

	memset(text, letter, TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
	for (i = first; i < last; i++)
		fprintf(f, "{\"task_code\":\"T%05d\",\"task_name\":\"%c%d\",\"by_law\":\"%s\"}\n",
			i, letter, i, text);
}

static FILE *lines(int first, int last, char letter)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	write_lines(f, first, last, letter);
	rewind(f);
	return f;
}

static struct catalogue_intake *begin(struct catalogue *c, FILE *in)
{
	const struct catalogue_import how = {.source = "test", .complete = "set", .now_ms = 1000};
	struct catalogue_intake *im;

	assert_int_equal(catalogue_intake_open(&im, c, in, &how), OK);
	return im;
}

static struct catalogue_result import(struct office *o, FILE *in)
{
	struct catalogue_result r = {0};
	struct catalogue_intake *im = begin(o->c, in);

	while (catalogue_intake_step(im))
		continue;
	assert_int_equal(catalogue_intake_close(im, &r, NULL), OK);
	fclose(in);
	return r;
}

static char letter_of(struct catalogue *c, const char *code)
{
	struct matter *m;
	char letter;
	enum err e = catalogue_get(c, code, &m);

	if (e == ERR_NOT_FOUND)
		return '-';
	assert_int_equal(e, OK);
	letter = m->name[0];
	matter_free(m);
	return letter;
}

/* What a clerk sees who opens the catalogue now. */
static char seen(const struct office *o, const char *code)
{
	struct catalogue *c;
	char letter;

	assert_int_equal(catalogue_open(&c, o->path, TODAY, NULL), OK);
	letter = letter_of(c, code);
	catalogue_close(c);
	return letter;
}

static void count_one(void *arg, const struct catalogue_version *v)
{
	int *n = arg;

	(void)v;
	++*n;
}

static int versions(const struct office *o, const char *code)
{
	int n = 0;

	catalogue_versions(o->c, code, count_one, &n);
	return n;
}

static struct catalogue_info info(const struct office *o)
{
	struct catalogue_info i;

	assert_int_equal(catalogue_info(o->c, &i), OK);
	return i;
}

/* With one that is open all the time, as a workstation's is, and one that opens it anew. */
static void who_reads_meanwhile_finds_what_was_there(void **state)
{
	struct office o;
	struct catalogue *reader;
	struct catalogue_intake *im;
	struct catalogue_result r;
	int steps;
	FILE *in;

	(void)state;
	open_office(&o);
	import(&o, lines(0, MATTERS, 'a'));
	assert_int_equal(catalogue_open(&reader, o.path, TODAY, NULL), OK);
	in = lines(10, MATTERS + 10, 'b');
	im = begin(o.c, in);
	for (steps = 1; catalogue_intake_step(im); steps++) {
		assert_int_equal(letter_of(reader, "T02999"), 'a');
		assert_int_equal(letter_of(reader, "T03005"), '-');
		assert_int_equal(seen(&o, "T00003"), 'a');
	}
	assert_int_equal(catalogue_intake_close(im, &r, NULL), OK);
	fclose(in);
	assert_true(steps > MATTERS / 256 + MATTERS / 512);
	assert_int_equal(letter_of(reader, "T02999"), 'b');
	assert_int_equal(letter_of(reader, "T03005"), 'b');
	assert_int_equal(letter_of(reader, "T00003"), '-');
	assert_int_equal(r.added, 10);
	assert_int_equal(r.changed, MATTERS - 10);
	assert_int_equal(r.withdrawn, 10);
	assert_int_equal(info(&o).in_force, MATTERS);
	catalogue_close(reader);
	close_office(&o);
}

/* Another program, killed after so many slices; its exit status tells whether it came to the end.
 */
static bool killed_after(const struct office *o, int steps)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct catalogue *c;
		struct catalogue_intake *im;
		bool more = true;

		if (catalogue_open(&c, o->path, TODAY, NULL) != OK)
			_exit(9);
		im = begin(c, lines(10, MATTERS + 10, 'b'));
		while (more && steps-- > 0)
			more = catalogue_intake_step(im);
		_exit(more ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

static void who_is_killed_has_changed_nothing(void **state)
{
	struct catalogue_result r;
	struct catalogue_info before;
	struct office o;
	int steps;

	(void)state;
	open_office(&o);
	import(&o, lines(0, MATTERS, 'a'));
	before = info(&o);
	/* no connection of ours is open while another program has its own */
	catalogue_close(o.c);
	for (steps = 1; killed_after(&o, steps); steps += 3) {
		assert_int_equal(catalogue_open(&o.c, o.path, TODAY, NULL), OK);
		assert_int_equal(letter_of(o.c, "T00003"), 'a');
		assert_int_equal(letter_of(o.c, "T00011"), 'a');
		assert_int_equal(letter_of(o.c, "T03005"), '-');
		assert_int_equal(versions(&o, "T00011"), 1);
		assert_int_equal(info(&o).generation, before.generation);
		assert_int_equal(info(&o).in_force, MATTERS);
		assert_string_equal(info(&o).version, before.version);
		catalogue_close(o.c);
	}
	assert_true(steps > 12);
	assert_int_equal(catalogue_open(&o.c, o.path, TODAY, NULL), OK);
	assert_int_equal(letter_of(o.c, "T00011"), 'b');
	/* and what comes next takes the place of what was put aside */
	catalogue_close(o.c);
	assert_true(killed_after(&o, 5));
	assert_int_equal(catalogue_open(&o.c, o.path, TODAY, NULL), OK);
	r = import(&o, lines(10, MATTERS + 20, 'c'));
	assert_int_equal(r.changed, MATTERS);
	assert_int_equal(r.added, 10);
	assert_int_equal(letter_of(o.c, "T00011"), 'c');
	assert_int_equal(letter_of(o.c, "T03015"), 'c');
	assert_int_equal(versions(&o, "T00011"), 3);
	r = import(&o, lines(10, MATTERS + 20, 'c'));
	assert_int_equal(r.same, MATTERS + 10);
	assert_int_equal(versions(&o, "T00011"), 3);
	close_office(&o);
}

/* What was put aside and given up does not come into force by a day's change. */
static void what_was_given_up_never_comes_into_force(void **state)
{
	struct catalogue_result r;
	struct catalogue_intake *im;
	struct office o;
	FILE *in = tmpfile();

	(void)state;
	open_office(&o);
	import(&o, lines(0, 2, 'a'));
	fputs("{\"task_code\":\"T00000\",\"task_name\":\"b\",\"plan_effective_date\":\"2026-09-05\"}\n",
		in);
	write_lines(in, 2, 600, 'b');
	rewind(in);
	im = begin(o.c, in);
	assert_true(catalogue_intake_step(im));
	assert_int_equal(catalogue_intake_close(im, &r, NULL), ERR_STATE);
	fclose(in);
	assert_int_equal(catalogue_advance(o.c, TODAY + 30), OK);
	assert_int_equal(letter_of(o.c, "T00000"), 'a');
	assert_int_equal(letter_of(o.c, "T00002"), '-');
	assert_int_equal(info(&o).in_force, 2);
	close_office(&o);
}

static void a_matter_twice_in_a_file_is_in_force_as_it_came_last(void **state)
{
	struct catalogue_result r;
	struct office o;
	FILE *in;

	(void)state;
	open_office(&o);
	in = tmpfile();
	write_lines(in, 0, 3, 'a');
	write_lines(in, 1, 2, 'b');
	write_lines(in, 2, 3, 'a');
	rewind(in);
	r = import(&o, in);
	assert_int_equal(r.added, 3);
	assert_int_equal(r.changed, 1);
	assert_int_equal(r.same, 1);
	assert_int_equal(letter_of(o.c, "T00001"), 'b');
	assert_int_equal(letter_of(o.c, "T00002"), 'a');
	assert_int_equal(info(&o).in_force, 3);
	/* withdrawn, and back as it was */
	assert_int_equal(import(&o, lines(0, 1, 'a')).withdrawn, 2);
	assert_int_equal(letter_of(o.c, "T00002"), '-');
	assert_int_equal(import(&o, lines(2, 3, 'a')).added, 1);
	assert_int_equal(letter_of(o.c, "T00002"), 'a');
	assert_int_equal(versions(&o, "T00002"), 1);
	close_office(&o);
}

/* An administrator imports by hand while the centre's comes: one of them is told to try again. */
static void two_at_once_are_not_mixed(void **state)
{
	struct office o;
	struct catalogue *other;
	struct catalogue_intake *slow;
	struct catalogue_result r;
	FILE *in = lines(0, 1000, 'b'), *quick = lines(0, 1000, 'c');

	(void)state;
	open_office(&o);
	import(&o, lines(0, 1000, 'a'));
	slow = begin(o.c, in);
	assert_true(catalogue_intake_step(slow));
	assert_int_equal(catalogue_open(&other, o.path, TODAY, NULL), OK);
	assert_int_equal(
		catalogue_import(other, quick, &(struct catalogue_import){.source = "c"}, &r, NULL),
		OK);
	catalogue_close(other);
	while (catalogue_intake_step(slow))
		continue;
	assert_int_equal(catalogue_intake_close(slow, &r, NULL), ERR_BUSY);
	assert_int_equal(letter_of(o.c, "T00000"), 'c');
	assert_int_equal(letter_of(o.c, "T00999"), 'c');
	assert_int_equal(versions(&o, "T00000"), 2);
	rewind(in);
	assert_int_equal(import(&o, in).changed, 1000);
	assert_int_equal(letter_of(o.c, "T00999"), 'b');
	fclose(quick);
	close_office(&o);
}

/* An office whose thousand matters two programs are about to replace by the same others. */
struct both {
	struct office o;
	struct catalogue *other;
	struct catalogue_intake *a, *b; /* a: of the office's own program, b: of the other one */
	FILE *for_a, *for_b;
};

static void open_both(struct both *t)
{
	open_office(&t->o);
	import(&t->o, lines(0, 1000, 'a'));
	assert_int_equal(catalogue_open(&t->other, t->o.path, TODAY, NULL), OK);
	t->for_a = lines(10, 1010, 'b');
	t->for_b = lines(10, 1010, 'b');
	t->a = begin(t->o.c, t->for_a);
	t->b = begin(t->other, t->for_b);
}

/* First a comes to its end, then b, and both have done well; *of_a, *of_b: what they did. */
static void end_both(struct both *t, struct catalogue_result *of_a, struct catalogue_result *of_b)
{
	while (catalogue_intake_step(t->a))
		continue;
	while (catalogue_intake_step(t->b))
		continue;
	assert_int_equal(catalogue_intake_close(t->a, of_a, NULL), OK);
	assert_int_equal(catalogue_intake_close(t->b, of_b, NULL), OK);
	assert_int_equal(info(&t->o).in_force, 1000);
}

static void close_both(struct both *t)
{
	catalogue_close(t->other);
	fclose(t->for_a);
	fclose(t->for_b);
	close_office(&t->o);
}

/* The watcher has letters to deliver: while another import holds the file its slices come back at
 * once, nothing done, and go on when it is over. */
static void who_finds_another_in_the_file_comes_back(void **state)
{
	struct catalogue_result of_a, of_b;
	struct both t;

	(void)state;
	open_both(&t);
	while (letter_of(t.o.c, "T00011") == 'a')
		assert_true(catalogue_intake_step(t.a));
	/* a is putting its matters in force now */
	assert_int_equal(letter_of(t.other, "T00011"), 'a');
	assert_true(catalogue_intake_step(t.b));
	assert_true(catalogue_intake_step(t.b));
	assert_int_equal(ftell(t.for_b), 0);
	end_both(&t, &of_a, &of_b);
	assert_int_equal(of_a.changed, 990);
	assert_int_equal(of_b.same, 1000);
	close_both(&t);
}

/* The watcher and a clerk's `yimen sync`: both fetch the same, and one is quicker. */
static void two_with_the_same_both_come_to_their_end(void **state)
{
	struct catalogue_result of_a, of_b;
	struct both t;

	(void)state;
	open_both(&t);
	assert_true(catalogue_intake_step(t.b));
	end_both(&t, &of_a, &of_b);
	assert_int_equal(letter_of(t.o.c, "T00011"), 'b');
	assert_int_equal(letter_of(t.o.c, "T01005"), 'b');
	assert_int_equal(letter_of(t.o.c, "T00003"), '-');
	assert_int_equal(versions(&t.o, "T00011"), 2);
	assert_int_equal(info(&t.o).imported_ms, 1000);
	close_both(&t);
}

static void is_dated(void *arg, const struct catalogue_version *v)
{
	(void)arg;
	assert_in_range(v->imported_ms, 1, 5000);
}

/* What was put aside and is met again unchanged is not written a second time; it has its date. */
static void what_a_killed_import_left_is_used(void **state)
{
	struct catalogue_result r;
	struct office o;

	(void)state;
	open_office(&o);
	catalogue_close(o.c);
	assert_true(killed_after(&o, 4));
	assert_int_equal(catalogue_open(&o.c, o.path, TODAY, NULL), OK);
	assert_int_equal(info(&o).imported_ms, 0);
	r = import(&o, lines(10, MATTERS + 10, 'b'));
	assert_int_equal(r.added, MATTERS);
	assert_int_equal(catalogue_versions(o.c, "T00011", is_dated, NULL), OK);
	assert_int_equal(catalogue_versions(o.c, "T02999", is_dated, NULL), OK);
	assert_int_equal(versions(&o, "T00011"), 1);
	assert_int_equal(info(&o).imported_ms, 1000);
	close_office(&o);
}

/* Another catalogue comes into force while the index is made in slices: it would be old at its
 * birth. */
static void an_index_is_of_what_is_in_force_at_its_end(void **state)
{
	struct index_making *m;
	struct search *s;
	struct office o;
	char *path;
	int steps;

	(void)state;
	open_office(&o);
	path = paths_join(o.folder, "catalogue.idx");
	import(&o, lines(0, MATTERS, 'a'));
	m = index_making_begin(o.c, path);
	for (steps = 0; steps < 4; steps++) /* its rows, and a part of the file */
		assert_true(index_making_step(m));
	import(&o, lines(0, MATTERS, 'b'));
	while (index_making_step(m))
		steps++;
	assert_true(steps > 8);
	assert_int_equal(index_making_end(m, NULL), OK);
	assert_int_equal(search_open(&s, o.c, path, NULL), OK);
	assert_false(search_stale(s));
	search_close(s);
	m = index_making_begin(o.c, path);
	assert_true(index_making_step(m));
	assert_int_equal(index_making_end(m, NULL), ERR_STATE); /* given up, and nothing is lost */
	free(path);
	close_office(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_reads_meanwhile_finds_what_was_there),
		cmocka_unit_test(who_is_killed_has_changed_nothing),
		cmocka_unit_test(what_was_given_up_never_comes_into_force),
		cmocka_unit_test(a_matter_twice_in_a_file_is_in_force_as_it_came_last),
		cmocka_unit_test(two_at_once_are_not_mixed),
		cmocka_unit_test(who_finds_another_in_the_file_comes_back),
		cmocka_unit_test(two_with_the_same_both_come_to_their_end),
		cmocka_unit_test(what_a_killed_import_left_is_used),
		cmocka_unit_test(an_index_is_of_what_is_in_force_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

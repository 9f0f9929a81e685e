/* Undo and redo: whatever was done within a form can be taken back and done again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/entry_history.h"
#include "forms/instance.h"

static const char definition[] =
	"| survey |\n"
	"| | type | name | label | relevant | calculation | appearance | constraint |\n"
	"| | text | name | name | | | | |\n"
	"| | integer | age | age | | | | |\n"
	"| | text | guardian | guardian | ${age} < 18 | | | |\n"
	"| | text | passport | passport | | | passport | |\n"
	"| | begin_repeat | member | member | | | | |\n"
	"| | text | who | who | | | | |\n"
	"| | decimal | share | share | | | | |\n"
	"| | end_repeat | | | | | | |\n"
	"| | calculate | total | total | | sum(${share}) | | |\n";

struct fixture {
	struct form *form;
	struct entry *entry;
	struct history *history;
};

static int make(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (form_read_markdown(&f->form, definition, strlen(definition), NULL) != OK)
		return 1;
	f->entry = entry_new(f->form, &clock_system);
	f->history = history_new(f->entry);
	*state = f;
	return 0;
}

static int drop(void **state)
{
	struct fixture *f = *state;

	history_free(f->history);
	entry_free(f->entry);
	form_free(f->form);
	free(f);
	return 0;
}

static void set(struct fixture *f, const char *place, const char *value)
{
	assert_int_equal(entry_set_place(f->entry, place, value), OK);
	history_note(f->history);
}

static void is(struct fixture *f, const char *text)
{
	struct buf b = {0};

	entry_json(f->entry, &b);
	assert_string_equal(buf_str(&b), text);
	buf_fini(&b);
}

static void undo(struct fixture *f, const char *place)
{
	struct buf b = {0};

	assert_int_equal(history_undo(f->history, &b), OK);
	assert_string_equal(buf_str(&b), place);
	buf_fini(&b);
}

static void redo(struct fixture *f)
{
	struct buf b = {0};

	assert_int_equal(history_redo(f->history, &b), OK);
	buf_fini(&b);
}

static void answers_go_back_and_forth(void **state)
{
	struct fixture *f = *state;
	struct buf b = {0};

	assert_false(history_can_undo(f->history));
	set(f, "name", "王示范");
	set(f, "age", "12");
	set(f, "guardian", "李样例");
	set(f, "age", "40"); /* hides the guardian, whose answer stays */
	is(f, "{\"name\":\"王示范\",\"age\":40,\"total\":\"0\"}");
	undo(f, "age");
	is(f, "{\"name\":\"王示范\",\"age\":12,\"guardian\":\"李样例\",\"total\":\"0\"}");
	undo(f, "guardian");
	undo(f, "age");
	undo(f, "name");
	is(f, "{\"total\":\"0\"}");
	assert_int_equal(history_undo(f->history, &b), ERR_NOT_FOUND);
	redo(f);
	redo(f);
	is(f, "{\"name\":\"王示范\",\"age\":12,\"total\":\"0\"}");
	set(f, "name", "陈试例"); /* what was taken back is gone for good */
	assert_false(history_can_redo(f->history));
	assert_int_equal(history_redo(f->history, &b), ERR_NOT_FOUND);
	buf_fini(&b);
}

static void nothing_done_is_no_step(void **state)
{
	struct fixture *f = *state;

	set(f, "name", "王");
	history_note(f->history);
	set(f, "name", "王");
	undo(f, "name");
	assert_false(history_can_undo(f->history));
}

static void repetitions_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct node *second;

	set(f, "member[1]/who", "甲");
	set(f, "member[2]/who", "乙");
	set(f, "member[2]/share", "40");
	set(f, "member[3]/who", "丙");
	second = entry_find(f->entry, "member[2]");
	assert_non_null(second);
	assert_int_equal(entry_repeat_remove(f->entry, second), OK);
	history_note(f->history);
	is(f, "{\"member\":[{\"who\":\"甲\"},{\"who\":\"丙\"}],\"total\":\"0\"}");
	undo(f, "member[2]/share");
	is(f, "{\"member\":[{\"who\":\"甲\"},{\"who\":\"乙\",\"share\":40},{\"who\":\"丙\"}],"
	      "\"total\":\"40\"}");
	redo(f);
	is(f, "{\"member\":[{\"who\":\"甲\"},{\"who\":\"丙\"}],\"total\":\"0\"}");
	undo(f, "member[2]/share");
	undo(f, "member[3]");
	undo(f, "member[2]/share");
	undo(f, "member[2]");
	assert_null(entry_find(f->entry, "member[2]"));
	is(f, "{\"member\":[{\"who\":\"甲\"}],\"total\":\"0\"}");
}

/* A warning that was accepted is accepted again after undo. */
static void reasons_come_back(void **state)
{
	struct fixture *f = *state;
	struct node *n;
	const struct entry_fault *faults;

	set(f, "passport", "X1234567"); /* not one of China's: doubtful, not impossible */
	n = entry_find(f->entry, "passport");
	assert_int_equal(entry_finding(f->entry, n)->verdict, VERDICT_WARNING);
	assert_int_equal(entry_accept(f->entry, n, "外国护照, 已核原件"), OK);
	history_note(f->history);
	set(f, "passport", "E12345678");
	undo(f, "passport");
	assert_int_equal(entry_check(f->entry, &faults), 0);
	undo(f, "passport");
	assert_int_equal(entry_check(f->entry, &faults), 1);
}

/* Any walk of answers, additions and removals comes back to where it began. */
static void a_random_walk_returns(void **state)
{
	struct fixture *f = *state;
	struct buf first = {0}, last = {0};
	unsigned seed = 20261124;
	size_t steps = 0;

	for (int i = 0; i < 200; i++) {
		char place[40], value[12];
		seed = seed * 1103515245u + 12345u;
		snprintf(value, sizeof value, "%u", seed >> 24);
		if ((seed >> 16) % 5 == 0) {
			struct node *n = entry_find(f->entry, "member[1]");
			if (n)
				entry_repeat_remove(f->entry, n);
		} else if ((seed >> 16) % 5 == 1) {
			entry_set_place(f->entry, "age", value);
		} else {
			snprintf(place, sizeof place, "member[%u]/%s", 1 + (seed >> 20) % 6,
				(seed >> 9) & 1 ? "who" : "share");
			entry_set_place(f->entry, place, value);
		}
		history_note(f->history);
	}
	entry_json(f->entry, &last);
	while (history_can_undo(f->history)) {
		struct buf b = {0};
		history_undo(f->history, &b);
		buf_fini(&b);
		steps++;
	}
	assert_true(steps > 100);
	entry_json(f->entry, &first);
	assert_string_equal(buf_str(&first), "{\"total\":\"0\"}");
	while (history_can_redo(f->history))
		redo(f);
	buf_clear(&first);
	entry_json(f->entry, &first);
	assert_string_equal(buf_str(&first), buf_str(&last));
	buf_fini(&first);
	buf_fini(&last);
}

/* What is rare by another answer is no longer so, and is again when that is taken back. */
static void a_reason_comes_back_though_nothing_is_rare_yet(void **state)
{
	static const char rare[] = "| survey |\n| | type | name | label | soft_constraint |\n"
				   "| | integer | usual | usual | |\n"
				   "| | integer | weight | weight | . >= ${usual} |\n";
	struct fixture f = {0};
	struct node *weight;

	(void)state;
	assert_int_equal(form_read_markdown(&f.form, rare, strlen(rare), NULL), OK);
	f.entry = entry_new(f.form, &clock_system);
	f.history = history_new(f.entry);
	weight = entry_find(f.entry, "weight");
	set(&f, "usual", "500");
	set(&f, "weight", "400");
	assert_int_equal(entry_accept(f.entry, weight, "weighed"), OK);
	history_note(f.history);
	set(&f, "usual", "300");
	set(&f, "weight", "450");
	undo(&f, "weight");
	assert_null(entry_reason(f.entry, weight)); /* nothing to give one for */
	undo(&f, "usual");
	assert_string_equal(entry_reason(f.entry, weight), "weighed");
	undo(&f, "weight");
	assert_null(entry_reason(f.entry, weight));
	undo(&f, "weight");
	set(&f, "weight", "399");
	assert_null(entry_reason(f.entry, weight)); /* it was another value's */
	history_free(f.history);
	entry_free(f.entry);
	form_free(f.form);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_go_back_and_forth, make, drop),
		cmocka_unit_test_setup_teardown(nothing_done_is_no_step, make, drop),
		cmocka_unit_test_setup_teardown(repetitions_come_and_go, make, drop),
		cmocka_unit_test_setup_teardown(reasons_come_back, make, drop),
		cmocka_unit_test_setup_teardown(a_random_walk_returns, make, drop),
		cmocka_unit_test(a_reason_comes_back_though_nothing_is_rare_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A scanner, a card reader or a paste on every screen there is, whatever is asked there: what is
 * read lands in a field or nowhere, and nothing is submitted, drawn, called, closed or left by it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "core/base/db.h"
#include "tests/screens/roads.h"
#include "tui/app_private.h"
#include "tui/screen.h"
#include "tui/session.h"

enum {
	READER_MS = 8, /* between two characters of a keyboard's port */
	HAND_MS = 120,
	SETTLE_MS = 1000
};

/* As readers end what they read: with Enter, with Tab, with both halves of a line end. */
static const char *const lines[] = {
	HALL_PERSON "\r", "6901234567892\t", "6901234567892\r\n", "A036\r", "A036\t\r"};

/* All that only a person may have done. (Who was called is served once anything is looked up.) */
static char *acts_of(const struct hall *h)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM letter) || ' letters, ' || "
				  "(SELECT count(*) FROM evaluation) || ' evaluations, ' || "
				  "(SELECT count(*) FROM day_close) || ' days, ' || "
				  "(SELECT count(*) FROM slip) || ' slips, ' || "
				  "(SELECT coalesce(group_concat(number || replace(state, "
				  "'serving', 'called')), '') FROM ticket)";
	char path[400];
	struct db *db;
	struct stmt *s;
	char *out;

	snprintf(path, sizeof(path), "%s/station.db", h->folder);
	assert_int_equal(db_open(&db, path, DB_READ, NULL), 0);
	s = db_prepare(db, sql);
	assert_true(db_row(s));
	out = strdup(db_text(s, 0));
	assert_int_equal(db_done(s), 0);
	db_close(db);
	return out;
}

static void settle(struct inside *in)
{
	for (int ms = 0; ms < SETTLE_MS; ms += 50)
		inside_pass(in, 50);
}

static void at_once(struct inside *in, const char *line)
{
	term_send(inside_term(in), line, strlen(line));
}

static void one_by_one(struct inside *in, const char *line)
{
	for (; *line; line++) {
		term_send(inside_term(in), line, 1);
		inside_step(in, READER_MS);
	}
}

static void pasted(struct inside *in, const char *line)
{
	char text[200];

	snprintf(text, sizeof(text), "y\r\n1\n%s\n\n", line);
	term_paste(inside_term(in), text);
}

static void read_everywhere(void (*arrives)(struct inside *in, const char *line), const char *line)
{
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false, false, .chance = 3};
	char why[256];

	for (size_t i = 0; i < roads_count; i++) {
		struct hall copy;
		struct inside *in;
		char *before, *after;
		bool asked;
		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &o);
		roads_go(in, &roads[i]);
		before = acts_of(&copy);
		asked = inside_app(in)->question && !inside_app(in)->prompted;
		arrives(in, line);
		settle(in);
		after = acts_of(&copy);
		if (strcmp(before, after) != 0 || inside_ended(in))
			print_error("%s, %s: was %s\n", roads[i].name, line, before);
		assert_string_equal(before, after);
		assert_false(inside_ended(in));
		assert_true(!asked || inside_app(in)->question); /* it still waits for a hand */
		if (!inside_same(in, why, sizeof(why)))
			fail_msg("%s: %s", roads[i].name, why);
		free(before);
		free(after);
		inside_close(in);
	}
}

static void a_reader_does_nothing_by_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		read_everywhere(at_once, lines[i]);
}

static void nor_one_that_is_slow(void **state)
{
	(void)state;
	read_everywhere(one_by_one, lines[0]);
	read_everywhere(one_by_one, lines[1]);
}

static void nor_what_is_pasted(void **state)
{
	(void)state;
	read_everywhere(pasted, HALL_PERSON);
}

static struct inside *open_at(struct hall *copy, const char *keys)
{
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false, false, .chance = 3};
	struct inside *in;

	roads_copy(&roads_home, copy);
	in = inside_open(copy, &o);
	roads_go(in, &(struct road){"there", keys, 0});
	return in;
}

/* The same keys from a hand are taken. */
static void a_hand_is_not_kept_waiting(void **state)
{
	struct hall copy;
	struct inside *in = open_at(&copy, "<M-8><C-e>");
	char *acts;

	(void)state;
	term_keys(inside_term(in), "1");
	inside_pass(in, 1);
	inside_pass(in, KEY_GAP_MS + 1);
	acts = acts_of(&copy);
	assert_non_null(strstr(acts, "A001"));
	free(acts);
	term_keys(inside_term(in), "<C-d>"); /* it is asked whether the ticket is to go */
	inside_pass(in, HAND_MS);
	assert_non_null(inside_app(in)->question);
	term_keys(inside_term(in), "1");
	inside_pass(in, 1);
	inside_pass(in, KEY_GAP_MS + 1);
	assert_null(inside_app(in)->question);
	acts = acts_of(&copy);
	assert_null(strstr(acts, "A001waiting"));
	free(acts);
	inside_close(in);
}

static const char *const endings[] = {"\r", "\n", "\r\n", "\t", "\t\r", "\t\r\n"};
enum {
	ENDINGS = sizeof(endings) / sizeof(*endings)
};

static void reads(struct inside *in, const char *text, const char *ending, bool slowly)
{
	char line[80];

	snprintf(line, sizeof(line), "%s%s", text, ending);
	(slowly ? one_by_one : at_once)(in, line);
	settle(in);
}

/* What is asked for in the message row has what was read, and waits for a hand. */
static void waits_with(struct inside *in, const char *text, const char *where)
{
	if (!inside_app(in)->question)
		fail_msg("%s: the reader's Enter has answered", where);
	assert_string_equal(line_text(&inside_app(in)->prompt), text);
}

static void a_prompt_waits_for_a_hand(void **state)
{
	static const char *const prompts[] = {"残疾人证新<Enter><C-f>",
		"残疾人证新<Enter><Enter><C-t>", "<M-4><C-t>", "<M-4><C-f>",
		"残疾人证新<Enter><Enter>12<Enter><C-x>park<Enter>"};

	(void)state;
	for (size_t i = 0; i < sizeof(prompts) / sizeof(*prompts) * ENDINGS; i++) {
		struct hall copy;
		const char *prompt = prompts[i / ENDINGS];
		struct inside *in = open_at(&copy, prompt);
		assert_non_null(inside_app(in)->question);
		reads(in, "6901234567892", endings[i % ENDINGS], i % 2);
		waits_with(in, "6901234567892", prompt);
		reads(in, "A036", endings[i % ENDINGS], i % 2 == 0);
		waits_with(in, "6901234567892A036", prompt);
		term_keys(inside_term(in), "<Enter>");
		inside_pass(in, HAND_MS);
		assert_null(inside_app(in)->question);
		inside_close(in);
	}
}

/* One field further, whatever the reader ends with, and no further. */
static void a_field_is_ended_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ENDINGS; i++) {
		struct hall copy;
		struct inside *in =
			open_at(&copy, "残疾人证新<Enter><Enter>12<Enter>陈晓燕<Enter>1<Enter>");
		assert_true(term_has(inside_term(in), "> 证件号码"));
		reads(in, HALL_PERSON, endings[i % ENDINGS], i >= ENDINGS);
		assert_true(term_has(inside_term(in), "> 联系电话"));
		assert_true(term_has(inside_term(in), HALL_PERSON));
		reads(in, HALL_MOBILE, endings[i % ENDINGS], i >= ENDINGS);
		assert_false(term_has(inside_term(in), "> 联系电话"));
		for (int field = 0; field < 30; field++) /* on to the last: it stays there */
			reads(in, "6901", endings[i % ENDINGS], false);
		assert_true(term_has(inside_term(in), "填表"));
		inside_close(in);
	}
}

/* A command is looked for and a clerk signs in: by a hand. */
static void nothing_is_run_by_a_reader(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	for (size_t i = 0; i < ENDINGS; i++) {
		in = open_at(&copy, ":");
		reads(in, "slow", endings[i], i % 2);
		assert_false(app_slow(inside_app(in)));
		assert_true(term_has(inside_term(in), "命令 /"));
		term_keys(inside_term(in), "<Enter>");
		inside_pass(in, HAND_MS);
		assert_true(app_slow(inside_app(in)));
		inside_close(in);
		in = open_at(&copy, ":jjb<Enter><C-g>");
		reads(in, HALL_OPERATOR, endings[i], i % 2);
		reads(in, HALL_PASS, endings[i], i % 2);
		assert_false(inside_app(in)->session->signed_in);
		term_keys(inside_term(in), "<Enter>");
		inside_pass(in, HAND_MS);
		assert_true(inside_app(in)->session->signed_in);
		inside_close(in);
	}
}

/* The line stood still while a hand typed: all of it comes at once, and each in its field. */
static void signing_in_may_be_typed_ahead(void **state)
{
	struct hall copy;
	struct inside *in = open_at(&copy, ":jjb<Enter><C-g>");

	(void)state;
	term_burst(inside_term(in), HALL_OPERATOR "<Tab>" HALL_PASS "<Tab><C-u>07");
	inside_pass(in, HAND_MS);
	term_keys(inside_term(in), "<Enter>");
	inside_pass(in, HAND_MS);
	assert_true(inside_app(in)->session->signed_in);
	assert_string_equal(inside_app(in)->session->window, "07");
	inside_close(in);
}

/* An arrow torn apart by a bad line: its rest is no text. */
static void a_torn_arrow_is_no_text(void **state)
{
	struct hall copy;
	struct inside *in = open_at(&copy, "残疾<Enter>");

	(void)state;
	at_once(in, "\033");
	for (int i = 0; i < 4; i++)
		inside_pass(in, 100);
	assert_false(term_has(inside_term(in), "1概要")); /* back among the hits: it was an Esc */
	assert_true(term_has(inside_term(in), "查 残疾"));
	at_once(in, "[B");
	settle(in);
	assert_true(term_has(inside_term(in), "查 残疾"));
	assert_false(term_has(inside_term(in), "[B"));
	inside_close(in);
}

/* It is stopped when this returns. */
static void suspend(struct term *t)
{
	time_t deadline = time(NULL) + 20;
	int status = 0;

	kill(term_pid(t), SIGTSTP);
	while (waitpid(term_pid(t), &status, WNOHANG | WUNTRACED) == 0 && time(NULL) < deadline)
		term_rest(t, 20);
	assert_true(WIFSTOPPED(status));
}

/* Suspended in one window, gone on with in another. */
static void it_goes_on_in_another_window(void **state)
{
	struct hall h;
	struct term *t;

	(void)state;
	hall_make(&h);
	t = hall_today(&h);
	suspend(t);
	term_resize(t, 30, 100);
	kill(term_pid(t), SIGCONT);
	term_wait(t, "要您处理");
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_wait_row(t, 29, "待发"); /* the status is in the last row */
	term_stop(t);
	hall_drop(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_does_nothing_by_itself),
		cmocka_unit_test(nor_one_that_is_slow),
		cmocka_unit_test(nor_what_is_pasted),
		cmocka_unit_test(a_hand_is_not_kept_waiting),
		cmocka_unit_test(a_prompt_waits_for_a_hand),
		cmocka_unit_test(a_field_is_ended_once),
		cmocka_unit_test(nothing_is_run_by_a_reader),
		cmocka_unit_test(signing_in_may_be_typed_ahead),
		cmocka_unit_test(a_torn_arrow_is_no_text),
		cmocka_unit_test(it_goes_on_in_another_window),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}

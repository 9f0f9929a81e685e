/* The exercise of a training hall: the status row tells that the line is cut, and mended, at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/inside.h"
#include "tests/screens/roads.h"
#include "tui/app_private.h"
#include "tui/session.h"

enum {
	ROWS = 24,
	COLS = 80
};

static void take_id(void *arg, const struct letter *l)
{
	memcpy(arg, l->id, sizeof(l->id));
}

static bool toggle(void *training)
{
	bool *cut = training;

	*cut = !*cut;
	return *cut;
}

/* As the deliverer says it. */
static void hear(struct inside *in, const char *event)
{
	char line[200];

	snprintf(line, sizeof(line), "%s", event);
	if (session_event(inside_app(in)->session, line))
		app_refresh_top(inside_app(in));
	inside_pass(in, 50);
}

static struct inside *open_hall(struct hall *h, const char *language, bool *cut)
{
	const struct inside_options o = {.type = "xterm-256color",
		.locale = "C.UTF-8",
		.language = language,
		.rows = ROWS,
		.cols = COLS};
	struct inside *in = inside_open(h, &o);

	inside_app(in)->options.cut_line = toggle;
	inside_app(in)->options.training = cut;
	return in;
}

static struct inside *open_online(struct hall *h, const char *language, bool *cut)
{
	struct inside *in = open_hall(h, language, cut);

	hear(in, "link\tup\t12\t");
	return in;
}

static void exercise(struct inside *in)
{
	term_keys(inside_term(in), ":yxdw");
	inside_pass(in, 200);
	term_keys(inside_term(in), "<Enter>");
	inside_pass(in, 200);
}

static void it_is_shown_at_once(void **state)
{
	bool cut = false;
	struct inside *in = open_online(*state, "", &cut);
	struct term *t = inside_term(in);

	term_wait(t, "联网");
	exercise(in);
	assert_true(cut);
	term_wait(t, "演习: 线路断了。");
	term_wait(t, "断网 ");
	term_wait_gone(t, "联网 ");
	hear(in, "link\tup\t12\t"); /* what was under way when it was cut */
	term_wait(t, "断网 ");
	hear(in, "link\tdown\t0\t中心没有应答");
	term_wait(t, "断网 ");
	exercise(in);
	assert_false(cut);
	term_wait(t, "演习: 线路恢复了。");
	term_wait_gone(t, "断网 ");
	term_wait(t, "联网 ");
	/* and from now on the deliverer is believed again */
	hear(in, "link\tdown\t0\t中心没有应答");
	term_wait(t, "断网 ");
	hear(in, "link\tup\t9\t");
	term_wait(t, "联网 ");
	inside_close(in);
}

static void the_outbox_says_why(void **state)
{
	bool cut = false;
	struct inside *in = open_online(*state, "", &cut);
	struct term *t = inside_term(in);

	term_keys(t, "<M-4>");
	term_wait(t, "中心 连通, 往返 12 毫秒");
	exercise(in);
	term_wait(t, "中心 连不上: 演习断开了线路");
	hear(in, "link\tdown\t0\t中心没有应答");
	exercise(in);
	term_wait(t, "中心 连通, 往返 12 毫秒");
	hear(in, "link\tup\t-1\t"); /* sent into the dead line: as long as it took before */
	hear(in, "link\tup\t9\t");
	term_wait(t, "中心 连通, 往返 9 毫秒");
	hear(in, "link\tup\t0\t"); /* a centre on this computer */
	term_wait(t, "中心 连通, 往返不到 1 毫秒");
	inside_close(in);
}

static void go(struct inside *in, const char *keys)
{
	roads_go(in, &(struct road){"go", keys, 0});
}

/* As the deliverer writes it when the line gives no answer. */
static void note_no_answer(const struct hall *h)
{
	struct store *s = hall_store(h);
	struct outbox_outcome o = {.state = LETTER_WAITING, .reason = "中心没有及时答复"};

	outbox_each(s, NULL, take_id, o.id);
	assert_int_equal(outbox_settle(s, &o, 1), OK);
	store_close(s);
}

/* What the deliverer finds on a line that was cut on purpose is that, wherever it is told. */
static void a_cut_line_has_one_name(void **state)
{
	static const char silent[] = "link\tdown\t0\t中心没有及时答复";
	bool cut = false;
	struct inside *in = open_online(*state, "", &cut);
	struct term *t = inside_term(in);

	roads_submit(in, "孙立");
	exercise(in);
	note_no_answer(*state);
	go(in, "<M-4>");
	hear(in, silent);
	term_wait(t, "中心 连不上: 演习断开了线路");
	term_wait(t, "原因    演习断开了线路");
	term_wait_gone(t, "及时答复");
	go(in, "<M-1><M-4><Enter>");
	term_wait(t, "原因          演习断开了线路");
	go(in, "<M-1>");
	term_wait(t, "待发 演习断开了线路");
	term_wait_gone(t, "及时答复");
	exercise(in);
	hear(in, silent); /* and this is another matter */
	go(in, "<M-4>");
	term_wait(t, "中心 连不上: 中心没有及时答复");
	term_wait(t, "原因    中心没有及时答复");
	inside_close(in);
}

/* The first that is heard was sent before there was a line. */
static void a_line_that_was_not_measured_has_no_figure(void **state)
{
	bool cut = false;
	struct inside *in = open_hall(*state, "", &cut);
	struct term *t = inside_term(in);

	hear(in, "link\tup\t-1\t");
	term_keys(t, "<M-4>");
	term_wait(t, "中心 连通");
	term_wait_gone(t, "往返");
	inside_close(in);
}

static void in_english(void **state)
{
	bool cut = false;
	struct inside *in = open_online(*state, "en", &cut);
	struct term *t = inside_term(in);

	term_wait(t, "Online");
	exercise(in);
	term_wait(t, "Offline since");
	exercise(in);
	term_wait_gone(t, "Offline since");
	term_wait(t, "Online");
	inside_close(in);
}

/* A real hall has no such exercise. */
static void only_in_training(void **state)
{
	bool cut = false;
	struct inside *in = open_online(*state, "", &cut);

	inside_app(in)->options.cut_line = NULL;
	exercise(in);
	assert_false(cut);
	term_wait(inside_term(in), "联网");
	inside_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_shown_at_once, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_outbox_says_why, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_cut_line_has_one_name, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_line_that_was_not_measured_has_no_figure, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(in_english, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(only_in_training, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

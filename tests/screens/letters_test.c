/*
 * The letters of one case side by side: its application that was refused, the correction that
 * stands in for it, what was done with it meanwhile. Each says which of them it is and what comes
 * next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/cases.h"
#include "core/station/deliver_lock.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/roads.h"
#include "tui/letter_view.h"

static const char refused[] =
	"{\"type\":\"urn:yimen:problem:invalid\",\"title\":\"核对没有通过\",\"status\":422,\"errors\":"
	"[{\"pointer\":\"/answers/applicant_mobile\",\"detail\":\"手机号已注销\"}]}";
static const char no_step[] =
	"{\"type\":\"urn:yimen:problem:state\",\"title\":\"现在不能这样办\",\"status\":409,\"detail\":"
	"\"这一件在中心已经撤回, 不能受理\",\"other_language\":{\"language\":\"en\",\"title\":\"Not now\","
	"\"detail\":\"At the centre this case is withdrawn and cannot be accepted\"}}";
static const char too_late[] =
	"{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"办件当前状态不能这样做\",\"status\":409,"
	"\"detail\":\"收件以后、受理以前才能更正; 这一件今天上午已经由审批部门受理, 材料也已经转给了经办人, "
	"请不要再更正, 有问题的请先和审批部门联系再说\",\"other_language\":{\"language\":\"en\",\"title\":"
	"\"Not possible in the case's present state\",\"detail\":\"Only before it is accepted: this "
	"morning the department has accepted it and given its papers to whoever decides, so please "
	"ask the department before anything else is done\"}}";
static const char receipt[] =
	"{\"project_no\":\"37012300000020261128000001\",\"query_password\":\"ABCD2345\"}";

static struct store *open_store(const struct hall *h)
{
	struct store *s = NULL;
	struct buf why = {0};

	assert_int_equal(
		store_open(&s, strchr(h->home_env, '=') + 1, &inside_clock, &entropy_system, &why),
		OK);
	buf_fini(&why);
	return s;
}

static void take_id(void *arg, const struct letter *l)
{
	memcpy(arg, l->id, sizeof(l->id)); /* the oldest comes last */
}

/* What the deliverer writes of the first waiting letter of this person. */
static void settle(const struct hall *h, const char *name, struct outbox_outcome o)
{
	const struct outbox_filter waiting = {.state = LETTER_WAITING, .text = name};
	struct store *s = open_store(h);

	outbox_each(s, &waiting, take_id, o.id);
	assert_int_equal(outbox_settle(s, &o, 1), OK);
	store_close(s);
}

static void refuse(const struct hall *h, const char *name, const char *problem, const char *reason)
{
	settle(h, name,
		(struct outbox_outcome){.state = LETTER_HELD,
			.hold = HOLD_REFUSED,
			.reason = reason,
			.problem = problem});
}

static void go(struct inside *in, const char *keys)
{
	roads_go(in, &(struct road){"go", keys, 0});
}

/* Accepted here, its application refused then, and corrected. */
static void corrected(const struct hall *h, struct inside *in)
{
	go(in, "<M-3><Enter><Enter>1<C-g>1");
	refuse(h, "陈晓燕", refused, "核对没有通过: 手机号已注销");
	go(in, "<M-1><M-4><C-e><C-u>13900139000<Enter><C-g>1<Enter>");
}

/* The centre has it, but does not take that it was accepted. */
static void not_accepted(const struct hall *h, struct inside *in)
{
	roads_submit(in, "孙立");
	settle(h, "孙立", (struct outbox_outcome){.state = LETTER_DELIVERED, .receipt = receipt});
	go(in, "<M-1><M-3><Enter><Enter>1<C-g>1");
	refuse(h, "孙立", no_step, "这一件在中心已经撤回, 不能受理");
}

/* A clerk keeps the correction back: its case is not refused. */
static void kept(struct inside *in)
{
	go(in, "<M-1><M-4><Down><Down><C-t>等户口簿<Enter>");
}

static void golden(struct inside *in, const char *what, const char *language)
{
	char file[80];

	snprintf(file, sizeof(file), "filled-%s-%s-80x24.txt", what, *language ? "en" : "zh");
	term_golden(inside_term(in), file);
}

static void story(const char *language)
{
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", language, 24, 80, THEME_DEFAULT, .chance = 4};
	struct hall copy;
	struct inside *in;

	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &o);
	corrected(&copy, in);
	not_accepted(&copy, in);
	kept(in);
	go(in, "<M-1><M-4>");
	golden(in, "letters", language);
	go(in, "<Enter>");
	golden(in, "letter-step", language);
	go(in, "<Esc><End>");
	golden(in, "letters-ended", language);
	go(in, "<M-3>");
	golden(in, "cases-held", language);
	go(in, "<Enter>");
	golden(in, "case-held", language);
	inside_close(in);
}

/* A correction that comes too late: in the few rows below the list what to do now is whole. */
static void late(const char *language)
{
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", language, 24, 80, THEME_DEFAULT, .chance = 5};
	struct hall copy;
	struct inside *in;
	struct term *t;

	roads_copy(&roads_home, &copy);
	settle(&copy, "陈晓燕",
		(struct outbox_outcome){.state = LETTER_DELIVERED, .receipt = receipt});
	in = inside_open(&copy, &o);
	t = inside_term(in);
	go(in, "<M-3><Enter><C-e><Up><C-u>13900139000<Enter><C-g>1<Enter>");
	refuse(&copy, "陈晓燕", too_late, "办件当前状态不能这样做");
	go(in, "<M-1><M-4>");
	assert_true(term_has(t, ".."));
	if (*language) {
		assert_true(term_has(t, "Ctrl-D gives this version"));
		assert_true(term_has(t, "changes go when the centre asks for them."));
		assert_true(term_has(t, "Ctrl-D Take back  Ctrl-E Correct"));
	} else {
		assert_true(term_has(t, "现在不收更正: Ctrl-D 放弃这一版"));
		assert_true(term_has(t, "要求补正时再改。"));
		assert_true(term_has(t, "Ctrl-D 撤回  Ctrl-E 更正重报"));
	}
	inside_close(in);
}

/* In a process of its own: a language is a process's. */
static void tells(const char *language, void (*told)(const char *language))
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		told(language);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void letters_of_one_case_are_told_apart(void **state)
{
	(void)state;
	tells("", story);
	tells("en", story);
}

static void what_comes_too_late_is_given_up(void **state)
{
	(void)state;
	tells("", late);
	tells("en", late);
}

/* How often the screen says it. */
static int said(struct inside *in, const char *text)
{
	int count = 0;

	for (int row = 0; row < 24; row++)
		for (const char *p = term_row(inside_term(in), row); (p = strstr(p, text)); p++)
			count++;
	return count;
}

static void each_thing_is_said_once(void **state)
{
	static const struct inside_options options = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	go(in, "<M-3><Enter><Enter>1<C-g>1");
	refuse(&copy, "陈晓燕", refused, "核对没有通过: 手机号已注销");
	go(in, "<M-1><M-4><Enter>");
	assert_int_equal(said(in, "手机号已注销"), 1);
	assert_true(term_has(inside_term(in), "联系电话      手机号已注销"));
	assert_true(term_has(inside_term(in), "原因          核对没有通过"));
	not_accepted(&copy, in);
	go(in, "<M-1><M-4><Enter>");
	assert_int_equal(said(in, "这一件在中心已经撤回"), 1);
	inside_close(in);
}

/* Nobody delivers what waits when the program is closed, or a program in the background does. */
static void who_leaves_it_alone_knows_who_delivers(void **state)
{
	static const struct inside_options options = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};
	struct deliver_lock background;
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	go(in, "<M-4>");
	assert_true(term_has(inside_term(in), "连得通就报送; 别关工作台。"));
	assert_int_equal(deliver_lock_open(&background, strchr(copy.home_env, '=') + 1), OK);
	assert_true(deliver_lock_watch(&background));
	go(in, "<Enter>");
	assert_true(term_has(inside_term(in), "连得通就报送; 不用守着。"));
	deliver_lock_close(&background);
	go(in, "<Esc>");
	assert_false(term_has(inside_term(in), "不用守着"));
	inside_close(in);
}

static void take_case(void *arg, const struct case_view *v)
{
	memcpy(arg, v->id, sizeof(v->id));
}

/* A program has no number and no name, a visitor's mark is not the centre's, and what says that it
 * is the centre's does not say so twice. */
static void a_history_tells_who_it_was(void **state)
{
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 4};
	char id[ID_UUID_SIZE] = "";
	struct hall copy;
	struct inside *in;
	struct store *s;

	(void)state;
	roads_copy(&roads_home, &copy);
	s = open_store(&copy);
	case_each(s, -1, NULL, take_case, id);
	assert_int_equal(case_add_event(s, id, "command", "accept", NULL), OK);
	assert_int_equal(case_add_event(s, id, "", "evaluated", NULL), OK);
	assert_int_equal(case_add_event(s, id, "", "refused", NULL), OK);
	store_close(s);
	in = inside_open(&copy, &o);
	go(in, "<M-3><Enter>");
	assert_true(term_has(inside_term(in), "受理  命令行"));
	assert_true(term_has(inside_term(in), "办事人已评价"));
	assert_false(term_has(inside_term(in), "办事人已评价  中心"));
	assert_true(term_has(inside_term(in), "中心退回"));
	assert_false(term_has(inside_term(in), "中心退回  中心"));
	inside_close(in);
}

static void is_about(struct letter l, const char *want)
{
	struct buf b = {0};

	letter_subject(&b, &l);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void a_letter_says_what_it_is(void **state)
{
	char matter[] = "居住证申领", station[] = "许家湖便民站", act[] = "accept",
	     mark[] = "evaluation", application[] = "application";

	(void)state;
	is_about((struct letter){.kind = application, .version = 1, .task_name = matter},
		"居住证申领");
	is_about((struct letter){.kind = application, .version = 2, .task_name = matter},
		"更正: 居住证申领");
	is_about((struct letter){.kind = application, .version = 4, .task_name = matter},
		"第 3 次更正: 居住证申领");
	is_about((struct letter){.kind = act, .version = 2, .task_name = matter},
		"受理: 居住证申领");
	is_about((struct letter){.kind = mark, .version = 2, .task_name = matter},
		"评价: 居住证申领");
	is_about(
		(struct letter){
			.kind = application, .version = 2, .task_name = matter, .origin = station},
		"代送: 更正: 居住证申领");
	is_about(
		(struct letter){
			.kind = application, .version = 3, .task_name = matter, .origin = station},
		"代送: 第 2 次更正: 居住证申领");
	is_about((struct letter){.kind = act, .version = 1, .origin = station}, "代送: 受理: ");
}

static void is_in_state(struct letter l, const char *want)
{
	struct buf b = {0};

	letter_state_words(&b, &l);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void a_letter_says_how_far_it_is(void **state)
{
	(void)state;
	is_in_state((struct letter){.state = LETTER_WAITING}, "待发");
	is_in_state((struct letter){.state = LETTER_WAITING, .papers_bytes = 9, .papers_sent = 9},
		"待发");
	is_in_state((struct letter){.state = LETTER_WAITING, .papers_bytes = 9, .papers_sent = 4},
		"待发 44%");
	is_in_state((struct letter){.state = LETTER_HELD, .papers_bytes = 9, .hold = HOLD_KEPT},
		"暂缓");
	is_in_state((struct letter){.state = LETTER_REPLACED}, "已放弃");
}

/* The only letter of the copy is held for that reason. */
static void hold(const struct hall *h, enum hold_reason why)
{
	struct outbox_outcome o = {.state = LETTER_HELD, .hold = why, .reason = "未接入"};
	struct store *s = open_store(h);

	outbox_each(s, NULL, take_id, o.id);
	assert_int_equal(outbox_settle(s, &o, 1), OK);
	store_close(s);
}

/* Nobody has refused what needs a person, and the clerk would look for a fault in the form. */
static void the_status_row_tells_refused_from_in_need(void **state)
{
	static const struct inside_options options = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	hold(&copy, HOLD_PERSON);
	inside_pass(in, 2000);
	assert_true(term_has(inside_term(in), "待处理 1"));
	assert_false(term_has(inside_term(in), "退回 1"));
	hold(&copy, HOLD_REFUSED);
	inside_pass(in, 2000);
	assert_true(term_has(inside_term(in), "退回 1"));
	assert_false(term_has(inside_term(in), "待处理 1"));
	inside_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_says_what_it_is),
		cmocka_unit_test(a_letter_says_how_far_it_is),
		cmocka_unit_test(a_history_tells_who_it_was),
		cmocka_unit_test(letters_of_one_case_are_told_apart),
		cmocka_unit_test(what_comes_too_late_is_given_up),
		cmocka_unit_test(each_thing_is_said_once),
		cmocka_unit_test(who_leaves_it_alone_knows_who_delivers),
		cmocka_unit_test(the_status_row_tells_refused_from_in_need),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}

/*
 * The line mode beside the road of an application: evaluation, the ledger, browsing, what changed,
 * letters by hand, tickets, the end of a shift.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/station/catalogue.h"
#include "core/station/draft.h"
#include "core/station/evaluation.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/queue.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"
#include "tests/screens/lines.h"

static const struct lines_options chinese = {"dumb", "C.UTF-8", "", false};
static const struct lines_options english = {"dumb", "C.UTF-8", "en", false};
static const struct lines_options on_terminal = {"dumb", "C.UTF-8", "", true};

static const char *const sign_in[] = {HALL_OPERATOR, HALL_PASS, "03", NULL};
static const char *const one_whole[] = {"残疾人证新", "1", "1", "1", "1", "", "", "陈晓燕", "1",
	HALL_PERSON, HALL_MOBILE, "1990-03-07", "示范村18号", "", "", "", "", "2", "1", NULL};

static void start(struct lines *l, struct hall *h, const struct lines_options *o)
{
	lines_start(l, h, o);
	lines_answers(l, sign_in);
}

static void add_colleague(struct hall *h)
{
	struct store *s = hall_store(h);

	assert_int_equal(operator_add(s, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	store_close(s);
}

static void end(struct lines *l)
{
	assert_int_equal(lines_end(l), EXIT_DONE);
	lines_fini(l);
}

/* ---- evaluation ---- */

struct seen {
	int count, mark;
	enum evaluation_state state;
	enum complaint_cause cause;
};

static void see(void *arg, const struct evaluation *e)
{
	*(struct seen *)arg =
		(struct seen){((struct seen *)arg)->count + 1, e->mark, e->state, e->cause};
}

static struct seen evaluations(struct hall *h)
{
	struct store *s = hall_store(h);
	int32_t day = clock_day(store_now_ms(s));
	struct seen seen = {0};

	evaluation_each(s, day, day, see, &seen);
	store_close(s);
	return seen;
}

static void to_the_visitor(struct lines *l)
{
	lines_answers(l, one_whole);
	lines_answer(l, ":qpj");
	lines_answer(l, "");
	lines_expect(l, "请您评价这次服务: 03号窗口, 残疾人证新办");
	lines_expect(l, "5 非常不满意");
}

/* What he types stands nowhere, and what stands in the ledger is for somebody else. */
static void a_visitor_rates_and_a_colleague_looks_into_it(void **state)
{
	struct lines l;
	struct seen seen;

	add_colleague(*state);
	start(&l, *state, &chinese);
	to_the_visitor(&l);
	lines_answer(&l, "?");
	lines_expect(&l, "请打 0 到 5");
	lines_answer(&l, "6");
	lines_answer(&l, ""); /* nothing is no choice */
	lines_answer(&l, "５");
	lines_expect(&l, "哪里让您不满意?");
	lines_answer(&l, "2");
	lines_expect(&l, "谢谢您的评价。");
	lines_answer(&l, "");
	lines_expect(&l, "接着");
	assert_null(strstr(buf_str(&l.said), "您选的"));
	lines_answer(&l, ":qpj"); /* once a service */
	lines_expect(&l, "这里没有: qpj");
	lines_answer(&l, "0");
	lines_answer(&l, ":cptz");
	lines_expect(&l, "没有了结的 0 条");
	end(&l);
	seen = evaluations(*state);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.state, EVALUATION_ANSWERED);
	assert_int_equal(seen.mark, 5);
	assert_int_equal(seen.cause, CAUSE_SPEED);

	lines_start(&l, *state, &chinese);
	lines_answer(&l, "0318");
	lines_answer(&l, "zhaoshili0318");
	lines_answer(&l, "05");
	lines_answer(&l, ":差评台账");
	lines_expect(&l, "残疾人证新办, 非常不满意, 03号窗口, 待核实");
	lines_answer(&l, "1");
	lines_expect(&l, "原因: 办事太慢");
	lines_answer(&l, "1");
	lines_answer(&l, "-");
	lines_expect(&l, "没有记下。");
	lines_answer(&l, "1");
	lines_answer(&l, "1");
	lines_answer(&l, "等了四十分钟");
	lines_expect(&l, "已记入台账。");
	lines_expect(&l, "属实, 待整改");
	lines_answer(&l, "1");
	lines_expect(&l, "核实: 等了四十分钟 (0318)");
	lines_answer(&l, ":整改完成");
	lines_answer(&l, "加开窗口, 已致歉");
	lines_expect(&l, "没有了结的 0 条");
	lines_answer(&l, "1");
	lines_expect(&l, "已整改");
	end(&l);
}

static void nobody_has_to_rate(void **state)
{
	struct lines l;

	start(&l, *state, &chinese);
	to_the_visitor(&l);
	lines_answer(&l, "0");
	lines_expect(&l, "祝您一切顺利");
	end(&l);
	assert_int_equal(evaluations(*state).state, EVALUATION_DECLINED);
}

/* The clerk's keys before it are thrown away, nothing is echoed, and time runs out. */
static void on_a_terminal_only_the_visitor_counts(void **state)
{
	struct lines l;
	char path[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/yimen.conf",
		strchr(((struct hall *)*state)->home_env, '=') + 1);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("evaluation.seconds = 2\n", f);
	fclose(f);
	start(&l, *state, &on_terminal);
	lines_answers(&l, one_whole);
	lines_answer(&l, ":qpj");
	lines_asked(&l);
	lines_bytes(&l, "\r1\r1", 4); /* typed ahead */
	lines_expect(&l, "请您评价这次服务");
	while (strstr(buf_str(&l.said), "评价时间已过") == NULL && lines_asked(&l))
		continue;
	assert_int_equal(evaluations(*state).state, EVALUATION_TIMED_OUT);
	end(&l);
}

/* ---- the catalogue ---- */

static void import(struct hall *h, const char *line)
{
	char path[400];
	const char *home = strchr(h->home_env, '=') + 1;
	struct catalogue_result r;
	struct catalogue *c;
	struct catalogue_import how = {.source = "test", .now_ms = clock_wall_ms(&clock_system)};
	FILE *f = tmpfile();

	fputs(line, f);
	rewind(f);
	snprintf(path, sizeof(path), "%s/catalogue.db", home);
	assert_int_equal(catalogue_open(&c, path, clock_day(how.now_ms), NULL), OK);
	assert_int_equal(catalogue_import(c, f, &how, &r, NULL), OK);
	assert_int_equal(r.changed, 1);
	catalogue_close(c);
	fclose(f);
}

static void matters_are_browsed(void **state)
{
	struct lines l;

	start(&l, *state, &chinese);
	lines_answer(&l, ":浏览");
	lines_expect(&l, "2 部门");
	lines_answer(&l, "2");
	lines_expect(&l, "县残疾人联合会, 2 项");
	lines_answer(&l, ":残疾");
	lines_expect(&l, "县残疾人联合会, 2 项:");
	lines_answer(&l, "换领");
	lines_expect(&l, "县残疾人联合会, 1 项:");
	lines_answer(&l, "1");
	lines_expect(&l, "1 开始办理");
	lines_answer(&l, "0");
	lines_answer(&l, "0");
	lines_expect(&l, "县残疾人联合会, 2 项:");
	lines_answer(&l, "0");
	lines_answer(&l, "0");
	lines_answer(&l, "1");
	lines_expect(&l, "事项目录里没有写明这一类。");
	lines_answer(&l, "0");
	lines_expect(&l, "主菜单");
	end(&l);
}

static void what_changed_is_told(void **state)
{
	struct lines l;

	import(*state,
		"{\"task_code\":\"11370000000000002B237000200001\",\"catalog_code\":\"000200001000\","
		"\"task_name\":\"老年人优待证办理\",\"task_type\":\"20\",\"dept_code\":"
		"\"11370000000000002B\",\"dept_name\":\"县卫生健康局\",\"region_code\":"
		"\"370123000000\",\"region_name\":\"示范县\",\"use_level\":\"4\",\"server_type\":[\"1\"],"
		"\"project_type\":\"2\",\"promise_day\":3,\"promise_type\":\"G\",\"is_fee\":\"0\","
		"\"form\":\"probe\"}\n");
	start(&l, *state, &chinese);
	lines_answer(&l, ":jrbg");
	lines_expect(&l, "变更: 老年人优待证办理, 县卫生健康局");
	lines_answer(&l, "1");
	lines_expect(&l, "没有变更");
	lines_answer(&l, "2");
	lines_answer(&l, ":变更: 老年人");
	lines_expect(&l, "原来 0; 现在 3");
	lines_answer(&l, "1");
	lines_expect(&l, "1 开始办理");
	end(&l);
}

/* ---- letters by hand ---- */

static void letters_travel_in_a_file(void **state)
{
	struct hall other;
	struct lines l;
	char path[400];

	snprintf(path, sizeof(path), "%s/letters", ((struct hall *)*state)->folder);
	start(&l, *state, &chinese);
	lines_answers(&l, one_whole);
	lines_answer(&l, "0");
	lines_answer(&l, ":待发");
	lines_answer(&l, ":导出");
	lines_answer(&l, "/no/such/folder/letters");
	lines_expect(&l, "没有导出: ");
	lines_answer(&l, "1");
	lines_answer(&l, ":导出");
	lines_answer(&l, path);
	lines_expect(&l, "已导出 1 件, 扫描件 0 份, 文件 ");
	lines_answer(&l, "0");
	lines_answer(&l, ":收下");
	lines_answer(&l, path);
	lines_expect(&l, "没有新的: 文件里的 1 件以前收过。");
	end(&l);
	assert_int_equal(hall_waiting(*state), 1);
	hall_make(&other);
	start(&l, &other, &chinese);
	lines_answer(&l, ":待发");
	lines_answer(&l, ":收下");
	lines_answer(&l, "letters-that-are-not");
	lines_expect(&l, "没有收下: ");
	lines_answer(&l, ":收下");
	lines_answer(&l, path);
	lines_expect(&l, "没有收下: 这个文件是别的大厅封的");
	end(&l);
	assert_int_equal(hall_waiting(&other), 0);
	hall_drop(&other);
}

/* ---- tickets ---- */

static void tickets_are_drawn_and_sent_on(void **state)
{
	struct store *s;
	struct ticket t;
	struct lines l;

	start(&l, *state, &chinese);
	lines_answer(&l, ":叫号");
	lines_expect(&l, "没有人等候");
	lines_answer(&l, ":发号");
	lines_answer(&l, "1");
	lines_expect(&l, "发号 A001, 前面还有 0 人。");
	lines_answer(&l, ":发号");
	lines_answer(&l, "0");
	lines_answer(&l, "3");
	lines_answer(&l, ":转");
	lines_answer(&l, "1");
	lines_expect(&l, "A001: 转发");
	end(&l);
	s = hall_store(*state);
	assert_int_equal(queue_get(s, "A001", &t), OK);
	assert_string_equal(t.for_window, "01");
	ticket_fini(&t);
	store_close(s);
}

/* ---- the end of a shift ---- */

static void see_draft(void *arg, const struct draft *d)
{
	snprintf(arg, 64, "%s", d->parked_note ? d->parked_note : "");
}

static void a_shift_ends(void **state)
{
	struct store *s;
	struct lines l;
	char note[64] = "";

	add_colleague(*state);
	start(&l, *state, &chinese);
	for (size_t i = 0; i < 8; i++)
		lines_answer(&l, one_whole[i]);
	lines_answer(&l, ":暂存");
	lines_answer(&l, "去拿照片");
	lines_answer(&l, "残疾人证新");
	for (size_t i = 1; i < 8; i++)
		lines_answer(&l, one_whole[i]);
	lines_end(&l);
	lines_fini(&l);
	start(&l, *state, &chinese);
	lines_answer(&l, ":交接班");
	lines_expect(&l, "王小明, 03号窗口。");
	lines_expect(&l, "没办完的 2 件");
	lines_expect(&l, "残疾人证新办, 陈*燕, 留着, 交班时暂存");
	lines_answer(&l, "1");
	lines_answer(&l, "0318");
	lines_answer(&l, "他明天来");
	lines_expect(&l, "已交 0318: 他明天来");
	lines_answer(&l, ":交班");
	lines_expect(&l, "已交班: 留下暂存 1 件, 交出 1 件。请下一位登录。");
	lines_expect(&l, "工号");
	end(&l);
	s = hall_store(*state);
	draft_each(s, HALL_OPERATOR, see_draft, note);
	store_close(s);
	assert_true(note[0] != '\0');
}

/* Every part of the menu is reached in English too, and left again. */
static void in_english(void **state)
{
	static const char *const parts[] = {
		":browse", ":changes", ":ledger", ":shift", ":queue", NULL};
	struct lines l;

	start(&l, *state, &english);
	for (size_t i = 0; parts[i]; i++) {
		lines_answer(&l, parts[i]);
		lines_answer(&l, "0");
		lines_expect(&l, "Main menu");
	}
	for (const char *p = buf_str(&l.said); *p; p++)
		if ((unsigned char)*p >= 0xe4 && (unsigned char)*p <= 0xe9)
			assert_non_null(strstr(buf_str(&l.said), "王小明"));
	end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_visitor_rates_and_a_colleague_looks_into_it, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(nobody_has_to_rate, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			on_a_terminal_only_the_visitor_counts, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(matters_are_browsed, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(what_changed_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			letters_travel_in_a_file, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			tickets_are_drawn_and_sent_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_shift_ends, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(in_english, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

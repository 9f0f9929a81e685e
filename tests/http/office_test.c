/* The back office of a real centre: decided by command and by rule, told by the feed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <regex.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/domain/lifecycle.h"
#include "tests/http/centre.h"

enum {
	PATIENCE_S = 15 /* no step of the rules here takes as long */
};

/* Applications from 1 to n; the number of the first is in no, the others follow it. */
static void take_in(struct centre *c, int n, char no[64])
{
	struct answer a = {0};
	int i;

	for (i = 1; i <= n; i++) {
		post_application(c, &a, i, i, "");
		assert_int_equal(a.status, 201);
		if (i == 1)
			snprintf(no, 64, "%s", member(&a, "project_no"));
	}
	answer_fini(&a);
}

static int command(struct centre *c, struct buf *out, const char *fmt, const char *no)
{
	char words[512];

	snprintf(words, sizeof words, fmt, no);
	return centre_command(c, words, out);
}

/* The feed from the beginning holds this. */
static bool feed_has(struct centre *c, const char *text)
{
	struct answer a = {0};
	bool has;

	centre_ask(c, &a, "GET", "/v1/changes?cursor=0", "", NULL);
	has = answer_has(&a, text);
	if (!has)
		print_message("feed without %s: %s\n", text, buf_str(&a.body));
	answer_fini(&a);
	return has;
}

static void letter(struct centre *c, struct answer *a, int key, int case_number, const char *kind,
	const char *answers)
{
	struct buf body = {0};
	char headers[160];

	snprintf(headers, sizeof headers,
		"Content-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-a000-%012d\r\n",
		key);
	buf_printf(&body,
		"{\"kind\":\"%s\",\"case_id\":\"018f0000-0000-7000-8000-%012d\","
		"\"operator\":\"0317\",\"answers\":%s}",
		kind, case_number, answers);
	centre_ask(c, a, "POST", "/v1/letters", headers, body.data);
	buf_fini(&body);
}

static void every_defect_is_told_with_its_reason(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char no[64];

	centre_start(c, "--open");
	take_in(c, 1, no);
	assert_int_equal(command(c, &out, "case return %s", no), 1); /* none is named */
	assert_int_equal(command(c, &out, "case return %s --defect 照片", no), 2); /* no reason */
	assert_int_equal(command(c, &out,
				 "case return %s --defect 照片:不是白底:重拍 --defect "
				 "申请表：没有签字；身份证:过期 --last-day 2199-01-31 --who 周示例",
				 no),
		0);
	assert_non_null(strstr(out.data, "correcting"));
	assert_true(feed_has(c, "\"kind\":\"request-correction\""));
	assert_true(feed_has(c, "{\"name\":\"照片\",\"defect\":\"不是白底\",\"how\":\"重拍\"}"));
	assert_true(feed_has(c, "{\"name\":\"身份证\",\"defect\":\"过期\""));
	assert_true(feed_has(c, "\"last_day\":\"2199-01-31\""));
	assert_true(feed_has(c, "\"who\":\"周示例\""));
	/* once, all together: not a second time */
	assert_int_equal(command(c, &out, "case return %s --defect 照片:又不行", no), 1);
	assert_int_equal(command(c, &out, "case return %s --defect 照片:不是白底", "no-such"), 1);
	buf_fini(&out);
}

/* A line of the output is like this, from its first sign to its last. */
static void assert_line(const struct buf *out, const char *pattern)
{
	regex_t line;
	bool found;

	assert_int_equal(regcomp(&line, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB), 0);
	found = regexec(&line, buf_str(out), 0, NULL, 0) == 0;
	regfree(&line);
	if (!found)
		print_message("no line %s: %s\n", pattern, buf_str(out));
	assert_true(found);
}

#define MOMENT "20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"

/* For a person, not for a program: that has --json. */
static void moments_are_told_to_the_minute(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char no[64], header[128];

	centre_start(c, "");
	take_in(c, 1, no);
	assert_int_equal(command(c, &out, "case advance %s", no), 0);
	assert_int_equal(command(c, &out, "case show %s", no), 0);
	assert_line(&out, "^收件时间: " MOMENT "$");
	assert_line(&out, "^  " MOMENT "  收件  收下申请");
	assert_line(&out, "^  " MOMENT "  受理  审批部门办理$");
	assert_int_equal(command(c, &out, "case show %s --json", no), 0);
	assert_line(&out, "\"received_at\":\"20[0-9]{2}-[0-9]{2}-[0-9]{2}T");
	centre_enrol(c, "window", header);
	assert_int_equal(centre_command(c, "station list", &out), 0);
	assert_line(&out, "^window\t" MOMENT "$");
	buf_fini(&out);
}

static void a_day_that_is_none_is_refused(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char no[64];

	centre_start(c, "--open");
	take_in(c, 1, no);
	assert_int_equal(
		command(c, &out, "case return %s --defect 照片:旧 --last-day 2026-02-30", no), 1);
	assert_int_equal(
		command(c, &out, "case return %s --defect 照片:旧 --last-day 2001-01-01", no), 1);
	assert_int_equal(command(c, &out, "case show %s", no), 0);
	assert_null(strstr(out.data, "待补正"));
	buf_fini(&out);
}

static void a_result_has_a_document_to_hand_over(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char no[64], path[96];
	FILE *f;

	snprintf(path, sizeof path, "%s/m.jsonl", c->dir);
	f = fopen(path, "w");
	fputs("{\"task_code\":\"T1\",\"task_name\":\"事项\",\"result_name\":\"营业执照\","
	      "\"project_type\":\"2\",\"promise_day\":10,\"promise_type\":\"G\"}\n",
		f);
	fclose(f);
	assert_int_equal(command(c, &out, "import %s", path), 0);
	centre_start(c, "--open");
	take_in(c, 1, no);
	assert_int_equal(command(c, &out, "case finish %s", no), 1); /* not accepted yet */
	assert_int_equal(command(c, &out, "case act %s accept --who 周示例", no), 0);
	assert_true(feed_has(c, "\"due_date\":\"")); /* by the promised time */
	assert_int_equal(command(c, &out, "case finish %s --who 孙样本", no), 0);
	assert_non_null(strstr(out.data, "营业执照"));
	assert_true(feed_has(c, "\"name\":\"营业执照\",\"number\":\"〔"));
	assert_true(feed_has(c, "\"result_type\":\"0\""));
	assert_int_equal(command(c, &out, "case finish %s", no), 1); /* once */
	buf_fini(&out);
}

static void a_refusal_names_its_remedy(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char no[64], second[64];

	centre_start(c, "--open");
	take_in(c, 2, no);
	snprintf(second, sizeof second, "%s", no);
	second[strlen(second) - 1] = '2';
	/* before the acceptance 不予受理 */
	assert_int_equal(
		command(c, &out, "case finish %s --refuse 不属本机关 --body 市自然资源局", no), 0);
	assert_non_null(strstr(out.data, "rejected"));
	assert_true(feed_has(c, "行政复议"));
	assert_true(feed_has(c, "\"competent_body\":\"市自然资源局\""));
	/* after it a decision, with its document */
	assert_int_equal(command(c, &out, "case advance %s accepted", second), 0);
	assert_int_equal(
		command(c, &out, "case finish %s --refuse 条件不符 --remedy 可以申诉", second), 0);
	assert_non_null(strstr(out.data, "completed"));
	assert_true(feed_has(c, "\"remedy\":\"可以申诉\""));
	assert_true(feed_has(c, "\"name\":\"不予办理决定书\""));
	buf_fini(&out);
}

static void the_time_is_extended_once(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	struct answer a = {0};
	char no[64];

	centre_start(c, "--open");
	take_in(c, 1, no);
	assert_int_equal(
		command(c, &out, "case extend %s --reason 复杂", no), 1); /* not accepted */
	letter(c, &a, 1, 1, "accept", "{\"due_date\":\"2027-03-01\"}");
	assert_int_equal(a.status, 201);
	assert_int_equal(command(c, &out, "case extend %s --reason 复杂 --days 11", no), 1);
	assert_int_equal(command(c, &out, "case extend %s --days 5", no), 2);
	assert_int_equal(command(c, &out, "case extend %s --reason 复杂 --days 5", no), 0);
	assert_non_null(strstr(out.data, "accepted"));
	assert_true(feed_has(c, "\"due_date\":\"2027-03-08\"")); /* Monday and five days */
	assert_int_equal(command(c, &out, "case extend %s --reason 复杂 --days 5", no), 1);
	answer_fini(&a);
	buf_fini(&out);
}

/* What was accepted on a promise to supply is not decided before; and only returned when the day
 * has passed. */
static void what_is_owed_holds_the_decision(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	struct answer a = {0};
	char no[64], second[64], path[80], words[200];
	FILE *f;

	centre_start(c, "--open");
	take_in(c, 2, no);
	snprintf(second, sizeof second, "%s", no);
	second[strlen(second) - 1] = '2';
	letter(c, &a, 1, 1, "accept",
		"{\"due_date\":\"2199-03-01\",\"owed\":[{\"name\":\"照片\",\"due_date\":\"2199-01-01\"},"
		"{\"name\":\"户口簿\",\"due_date\":\"2199-01-01\"}]}");
	assert_int_equal(a.status, 201);
	assert_int_equal(command(c, &out, "case finish %s", no), 1);
	assert_int_equal(command(c, &out, "case act %s return --note 逾期", no), 1);
	letter(c, &a, 2, 1, "supply", "{\"supplied\":[]}");
	assert_int_equal(a.status, 422);
	letter(c, &a, 3, 1, "supply", "{\"supplied\":[\"照片\"]}");
	assert_int_equal(a.status, 201);
	assert_string_equal(member(&a, "state"), "accepted");
	assert_int_equal(command(c, &out, "case finish %s", no), 1); /* one is still owed */
	assert_int_equal(command(c, &out, "case show %s --json", no), 0);
	assert_null(strstr(out.data, "{\"name\":\"照片\",\"due_date\""));
	assert_non_null(strstr(out.data, "{\"name\":\"户口簿\",\"due_date\":\"2199-01-01\"}"));
	letter(c, &a, 4, 1, "supply", "{\"supplied\":[\"户口簿\"]}");
	assert_int_equal(command(c, &out, "case finish %s", no), 0);

	letter(c, &a, 5, 2, "accept",
		"{\"owed\":[{\"name\":\"照片\",\"due_date\":\"2020-01-01\"}]}");
	snprintf(path, sizeof path, "%s/f.json", c->dir);
	f = fopen(path, "w");
	fputs("{\"reason\":\"容缺材料逾期没有补交\"}", f);
	fclose(f);
	snprintf(words, sizeof words, "case act %s return --facts %s", second, path);
	assert_int_equal(centre_command(c, words, &out), 0);
	assert_non_null(strstr(out.data, "returned"));
	answer_fini(&a);
	buf_fini(&out);
}

/* ---- by rule ---- */

static void write_rules(struct centre *c, char path[96], const char *rows)
{
	FILE *f;

	snprintf(path, 96, "%s/rules.csv", c->dir);
	f = fopen(path, "w");
	fprintf(f, "state,matter,weight,after,spread,act,corrections,documents,reason,days,who\n%s",
		rows);
	fclose(f);
}

static const char some_rules[] =
	"received,,60,1,3,accept,,,,,周示例\n"
	"received,,40,1,2,request-correction,*: 不清楚; 申请表: 没签字,,,,周示例\n"
	"received,T3,1,1,0,refuse,,,不属于本机关,,周示例\n"
	"accepted,,50,2,2,decide,,,,,孙样本\n"
	"accepted,,20,limit-1d,0,extend,,,情况复杂,5,钱范例\n"
	"accepted,,20,1d,0,suspend,,,现场核查,5,钱范例\n"
	"accepted,,10,1,1,deny,,,不符合条件,,钱范例\n"
	"suspended,,1,2,0,resume,,,,,钱范例\n";

/* number TAB state of every case */
static void states(struct centre *c, struct buf *out)
{
	struct buf list = {0};
	char *line, *rest;

	buf_clear(out);
	assert_int_equal(centre_command(c, "case list --json", &list), 0);
	rest = list.data;
	while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
		json *row = NULL;
		assert_int_equal(json_parse(&row, line, strlen(line), NULL), OK);
		buf_printf(out, "%s\t%s\n", json_get_str(row, "project_no"),
			json_get_str(row, "state"));
		json_free(row);
	}
	buf_fini(&list);
}

static bool settled(const struct buf *states)
{
	return strstr(states->data, "received") == NULL &&
	       strstr(states->data, "accepted") == NULL &&
	       strstr(states->data, "suspended") == NULL;
}

/* Every step that the feed tells is one that the office may take, and none is there twice. */
static void check_steps(struct centre *c, int cases)
{
	struct answer a = {0};
	json *root = NULL;
	const json *e;
	enum case_state at[64];
	int acts[64][CASE_ACT__MAX] = {{0}}, i;

	for (i = 0; i < 64; i++)
		at[i] = CASE_DRAFT;
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0", "", NULL);
	assert_int_equal(json_parse(&root, buf_str(&a.body), a.body.len, NULL), OK);
	for (e = json_first(json_get(root, "changes")); e != NULL; e = json_next(e)) {
		const char *no = json_get_str(e, "project_no"), *why = "";
		enum case_act act;
		enum case_state to;
		if (no == NULL)
			continue;
		i = atoi(no + strlen(no) - 5);
		assert_in_range(i, 1, cases);
		if (strcmp(json_get_str(e, "kind"), "application") == 0) {
			at[i] = CASE_RECEIVED;
			continue;
		}
		assert_true(case_act_parse(json_get_str(e, "kind"), &act));
		assert_true(lifecycle_next(at[i], act, ACTOR_OFFICE, &to, &why));
		assert_string_equal(case_state_name(to), json_get_str(e, "state"));
		at[i] = to;
		acts[i][act]++;
		assert_true(acts[i][act] == 1);
	}
	json_free(root);
	answer_fini(&a);
}

/* The feed tells of each step: the states are looked at again after every one. */
static void see_it_settled(struct centre *c, struct buf *out)
{
	struct answer a = {0};
	char path[96] = "/v1/changes";

	for (;;) {
		centre_ask(c, &a, "GET", path, "", NULL);
		assert_int_equal(a.status, 200);
		states(c, out);
		if (settled(out))
			break;
		if (strstr(path, "wait") != NULL && answer_has(&a, "\"changes\":[]"))
			fail_msg("cases stay: %s", out->data);
		snprintf(path, sizeof path, "/v1/changes?wait=%d&cursor=%s", PATIENCE_S,
			member(&a, "cursor"));
	}
	answer_fini(&a);
}

/* Until nothing more happens by itself. */
static void let_it_work(struct centre *c, const char *words, struct buf *out)
{
	int fd;
	pid_t pid = centre_begin(c, words, &fd);

	see_it_settled(c, out);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(fd);
}

/* The same, killed again and again. */
static void kill_it_at_work(struct centre *c, const char *words, struct buf *out)
{
	pid_t pid;
	int fd, turn;

	for (turn = 0; turn < 200; turn++) {
		pid = centre_begin(c, words, &fd);
		/* any moment is a good one; later ones where a start takes long */
		usleep(30000u + (unsigned)(turn * 7919 % 60000) * (1u + (unsigned)turn / 10));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		close(fd);
		states(c, out);
		if (settled(out))
			return;
	}
	fail_msg("cases stay: %s", out->data);
}

static void story(struct centre *c, int seed, bool kill_it, struct buf *out)
{
	char path[96], no[64], words[256];

	centre_start(c, "--open");
	write_rules(c, path, some_rules);
	take_in(c, 24, no);
	snprintf(words, sizeof words,
		"backoffice --rules %s --seed %d --speed 1000 --day 2 --quiet", path, seed);
	if (kill_it)
		kill_it_at_work(c, words, out);
	else
		let_it_work(c, words, out);
	check_steps(c, 24);
}

/* Killed at any moment or not, the same seed tells the same story; another one another. */
static void the_same_seed_tells_the_same_story(void **state)
{
	struct centre *c = *state, again = {0}, other = {0};
	struct buf first = {0}, second = {0}, third = {0};

	story(c, 7, false, &first);
	centre_init(&again);
	story(&again, 7, true, &second);
	assert_string_equal(first.data, second.data);
	assert_non_null(strstr(first.data, "00003\trejected")); /* the rule that names its matter */
	assert_non_null(strstr(first.data, "completed"));
	assert_non_null(strstr(first.data, "correcting"));
	centre_init(&other);
	story(&other, 8, false, &third);
	assert_string_not_equal(first.data, third.data);
	centre_fini(&again);
	centre_fini(&other);
	buf_fini(&first);
	buf_fini(&second);
	buf_fini(&third);
}

/* One look at what is due, also when no centre runs; nothing before its time. */
static void once_needs_no_running_centre(void **state)
{
	struct centre *c = *state;
	struct buf out = {0};
	char path[96], no[64];

	centre_start(c, "--open");
	take_in(c, 1, no);
	centre_stop(c, SIGTERM);
	write_rules(c, path, "received,,1,100,0,accept,,,,,\n");
	assert_int_equal(command(c, &out, "backoffice --once --rules %s", path), 0);
	assert_int_equal(out.len, 0);
	write_rules(c, path, "received,,1,0,0,accept,,,,,\n");
	assert_int_equal(command(c, &out, "backoffice --once --rules %s", path), 0);
	assert_non_null(strstr(out.data, "accepted"));
	/* the demo hall's own rules can be read */
	assert_int_equal(centre_command(c, "backoffice --once", &out), 0);
	buf_fini(&out);
}

static void rules_with_faults_do_nothing(void **state)
{
	static const char *const bad[] = {"received,,1,1,0,decide,,,,,\n",
		"nowhere,,1,1,0,accept,,,,,\n", "received,,1,soon,0,accept,,,,,\n",
		"received,,1,1,0,request-correction,照片,,,,\n", "received,,1,1,0,refuse,,,,,\n",
		"received,,x,1,0,accept,,,,,\n", "received,,1,limit2,0,accept,,,,,\n",
		"received,,1,1,0,destroy,,,,,\n"};
	struct centre *c = *state;
	struct buf out = {0};
	char path[96];
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		write_rules(c, path, bad[i]);
		assert_int_equal(command(c, &out, "backoffice --once --rules %s", path), 1);
	}
	assert_int_equal(command(c, &out, "backoffice --once --rules %s", "/no/such/file"), 1);
	assert_int_equal(centre_command(c, "backoffice --once --speed 0", &out), 2);
	assert_int_equal(centre_command(c, "backoffice --once what", &out), 2);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_defect_is_told_with_its_reason, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			moments_are_told_to_the_minute, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_day_that_is_none_is_refused, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_result_has_a_document_to_hand_over, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_refusal_names_its_remedy, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			the_time_is_extended_once, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_owed_holds_the_decision, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			the_same_seed_tells_the_same_story, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			once_needs_no_running_centre, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			rules_with_faults_do_nothing, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

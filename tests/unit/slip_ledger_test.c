/* The ledger of slips: numbers without gaps, reprints that are the same paper, what was decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/station/acts.h"
#include "core/station/audit.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/receipt.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

#define DATA "tests/unit/data/slips/"

static void read_file(struct buf *out, const char *path)
{
	assert_int_equal(paths_read(out, path, 1 << 20), OK);
}

static struct conf *settings(void)
{
	struct conf *c = conf_new(settings_keys);

	conf_set(c, "station.name", "window-03", "test");
	return c;
}

static enum err issue(struct store *s, enum slip k, const char *facts, struct slip_record *out)
{
	struct conf *c = settings();
	const struct slip_order order = {k, NULL, "L261124-03-0018-7F3A", facts, "0317"};
	enum err e = slip_issue(s, c, &order, out, NULL);

	conf_free(c);
	return e;
}

static const char some[] = "{\"applicant\": \"李样例\", \"matter\": \"高龄津贴\"}";

static void numbers_are_of_kind_and_year(void **state)
{
	static const struct {
		enum slip kind;
		const char *number;
	} rows[] = {{SLIP_RECEIPT, "收件字〔2026〕03-0001号"},
		{SLIP_RECEIPT, "收件字〔2026〕03-0002号"}, {SLIP_NOTICE, "告知字〔2026〕03-0001号"},
		{SLIP_RECEIPT, "收件字〔2026〕03-0003号"}};
	struct slip_record r;
	struct world w;

	(void)state;
	world_open(&w, 1);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(issue(w.store, rows[i].kind, some, &r), OK);
		assert_string_equal(r.number, rows[i].number);
		slip_record_fini(&r);
	}
	world_pass(&w, (int64_t)60 * 86400 * 1000);
	assert_int_equal(issue(w.store, SLIP_RECEIPT, some, &r), OK);
	assert_string_equal(r.number, "收件字〔2027〕03-0001号");
	slip_record_fini(&r);
	world_close(&w);
}

/* The hall named it, or not; whatever it is called, another station gives no number of this one. */
static void numbers_tell_the_stations_apart(void **state)
{
	static const struct {
		const char *name, *part; /* NULL: none was set; the mark of its receipts */
	} rows[] = {{"window-03", "03"}, {"03号窗口", "03"}, {"一楼2厅07窗", "07"}, {"东厅", NULL},
		{"", NULL}, {NULL, NULL}};
	struct buf want = {0};
	struct slip_record r;
	struct world w;
	char *mark;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct conf *c = conf_new(settings_keys);
		const struct slip_order order = {
			SLIP_RECEIPT, NULL, "L261124-03-0018-7F3A", some, "0317"};
		if (rows[i].name != NULL)
			conf_set(c, "station.name", rows[i].name, "test");
		world_open(&w, 10 + i);
		assert_int_equal(slip_issue(w.store, c, &order, &r, NULL), OK);
		assert_int_equal(receipt_mark(w.store, &mark), OK);
		buf_clear(&want);
		buf_printf(&want, "收件字〔2026〕%s-0001号",
			rows[i].part != NULL ? rows[i].part : mark);
		assert_string_equal(r.number, want.data);
		slip_record_fini(&r);
		free(mark);
		world_close(&w);
		conf_free(c);
	}
	buf_fini(&want);
}

static void a_refused_slip_uses_no_number(void **state)
{
	struct slip_record r;
	struct world w;

	(void)state;
	world_open(&w, 2);
	assert_int_equal(issue(w.store, SLIP_REJECTION, some, &r), ERR_INVALID);
	assert_int_equal(issue(w.store, SLIP_REJECTION, "[]", &r), ERR_INVALID);
	assert_int_equal(issue(w.store, SLIP_REJECTION,
				 "{\"applicant\": \"李样例\", \"reason\": \"无管辖权\"}", &r),
		OK);
	assert_string_equal(r.number, "不予受理字〔2026〕03-0001号");
	slip_record_fini(&r);
	world_close(&w);
}

static void print(struct store *s, struct slip_record *r, struct buf *lines)
{
	static const enum slip_copy both[] = {SLIP_ORIGINAL, SLIP_STUB};
	struct paper p = {0};

	assert_int_equal(slip_print(s, r, both, 2, false, "0317", &p, NULL), OK);
	paper_write(lines, &p);
	paper_fini(&p);
}

/* The hall changes the wording, the station starts anew: a reprint is the same paper but for its
 * mark. */
static void a_reprint_is_the_same_paper(void **state)
{
	static const char own[] = "# 别的收件凭证\n全部改写\n";
	struct slip_record r, again;
	struct buf first = {0}, second = {0}, path = {0}, facts = {0};
	const char *rest;
	struct world w;
	int64_t rows;

	(void)state;
	world_open(&w, 3);
	read_file(&facts, DATA "facts.json");
	assert_int_equal(issue(w.store, SLIP_RECEIPT, facts.data, &r), OK);
	print(w.store, &r, &first);
	assert_non_null(strstr(first.data, "copy\t正本\n"));
	assert_non_null(strstr(first.data, "page\ncopy\t存根\n"));
	buf_printf(&path, "%s/slips", w.folder);
	assert_int_equal(mkdir(path.data, 0700), 0);
	buf_adds(&path, "/receipt.tmpl");
	assert_int_equal(paths_replace(path.data, own, strlen(own)), OK);
	world_restart(&w);
	assert_int_equal(slip_find(w.store, SLIP_RECEIPT, "L261124-03-0018-7F3A", &again), OK);
	assert_string_equal(again.number, r.number);
	print(w.store, &again, &second);
	assert_int_equal(again.printed[SLIP_STUB], 2);
	assert_non_null(strstr(second.data, "copy\t正本 补打 第1次\n"));
	rest = strstr(strstr(second.data, "copy\t") + 5, "\n");
	assert_memory_equal(rest, strstr(strstr(first.data, "copy\t"), "\n"),
		(size_t)(strstr(rest, "\npage\n") - rest));
	slip_record_fini(&r);
	slip_record_fini(&again);
	assert_int_equal(issue(w.store, SLIP_RECEIPT, facts.data, &r), OK);
	assert_non_null(strstr(r.paper, "全部改写"));
	slip_record_fini(&r);
	assert_int_equal(audit_verify(w.store, &rows, NULL), OK);
	assert_int_equal(rows, 6); /* two issues, four printings */
	world_close(&w);
	buf_fini(&first);
	buf_fini(&second);
	buf_fini(&path);
	buf_fini(&facts);
}

static void a_faulty_template_stops_and_is_named(void **state)
{
	static const char faulty[] = "# 收件凭证\n{{applicnat}}\n";
	struct buf path = {0}, why = {0};
	struct slip_record r;
	struct conf *c = settings();
	const struct slip_order order = {SLIP_RECEIPT, NULL, "x", some, "0317"};
	struct world w;

	(void)state;
	world_open(&w, 4);
	buf_printf(&path, "%s/slips", w.folder);
	assert_int_equal(mkdir(path.data, 0700), 0);
	buf_adds(&path, "/receipt.tmpl");
	assert_int_equal(paths_replace(path.data, faulty, strlen(faulty)), OK);
	assert_int_equal(slip_issue(w.store, c, &order, &r, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "receipt.tmpl:2: 没有 {{applicnat}} 这一项"));
	conf_free(c);
	world_close(&w);
	buf_fini(&path);
	buf_fini(&why);
}

/* ---- what was decided ---- */

static void decide(struct world *w, const char *id, enum case_act act, const char *facts)
{
	const struct act_order o = {id, act, "test", "0317", "03", NULL, facts, NULL};
	struct buf why = {0};

	if (act_do(w->store, &o, &why) != OK)
		fail_msg("%s: %s", case_act_name(act), buf_str(&why));
	buf_fini(&why);
}

static void assert_says(struct world *w, const struct conf *c, enum slip k, const char *number,
	const char *given_text, const char *const *wanted)
{
	struct slip_source source = {w->store, NULL, c, "0317", "03", NULL};
	struct slip_record r;
	struct buf why = {0};
	json *given = NULL;

	if (given_text != NULL)
		assert_int_equal(json_parse(&given, given_text, strlen(given_text), NULL), OK);
	source.given = given;
	if (slip_issue_from(&source, k, number, &r, &why) != OK)
		fail_msg("%s: %s", slip_name(k), buf_str(&why));
	for (; *wanted != NULL; wanted++)
		if (strstr(r.paper, *wanted) == NULL)
			fail_msg("%s lacks %s:\n%s", slip_name(k), *wanted, r.paper);
	slip_record_fini(&r);
	json_free(given);
	buf_fini(&why);
}

/* The paper says what the decision said; a fact that is given goes before it. */
static void a_slip_says_what_was_decided(void **state)
{
	static const char *const correction[] = {"text\t请于 2027年1月15日 前",
		"row\t1\t照片\t不是近照\t换一张\n", "to\t李样例:\n", NULL};
	static const char *const again[] = {
		"新的到期日\t2026年12月9日", "停止计时\t2 个工作日", "原因\t鉴定结束", NULL};
	static const char *const accepted[] = {"自 2026年11月23日 起予以受理",
		"到期日\t2026年12月1日", "row\t1\t健康证明\t复印件\t2026年12月8日\n", NULL};
	static const char *const other_day[] = {"到期日\t2026年11月30日", NULL};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct conf *c = settings();
	struct world w;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	decide(&w, id, ACT_REQUEST_CORRECTION,
		"{\"last_day\": \"2027-01-15\", \"corrections\": [{\"name\": \"照片\","
		" \"defect\": \"不是近照\", \"how\": \"换一张\"}]}");
	assert_says(&w, c, SLIP_CORRECTION, receipt, NULL, correction);
	decide(&w, id, ACT_SUPPLEMENT, "{\"supplement_date\": \"2026-11-24\"}");
	decide(&w, id, ACT_ACCEPT,
		"{\"accept_date\": \"2026-11-23\", \"due_date\": \"2026-12-01\", \"owed\":"
		" [{\"name\": \"健康证明\", \"form\": \"复印件\", \"due_date\": \"2026-12-08\"}]}");
	assert_says(&w, c, SLIP_ACCEPTANCE, receipt, NULL, accepted);
	assert_says(&w, c, SLIP_ACCEPTANCE, id, "{\"due_date\": \"2026-11-30\"}", other_day);
	decide(&w, id, ACT_SUSPEND, "{\"reason\": \"专家评审\"}");
	world_pass(&w, 1000);
	decide(&w, id, ACT_RESUME,
		"{\"supplement_date\": \"2026-11-24\", \"reason\": \"鉴定结束\","
		" \"stopped_days\": 2, \"due_date\": \"2026-12-09\"}");
	assert_says(&w, c, SLIP_RESTART, receipt, NULL, again);
	world_close(&w);
	conf_free(c);
}

/* What is not accepted has no day of acceptance that a paper could say; what the centre has
 * accepted has, though nothing of the decision is known here. */
static void only_what_is_accepted_is_said_to_be(void **state)
{
	static const char *const accepted[] = {
		"自 2026年11月24日 起予以受理", "到期日\t2026年12月1日", NULL};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct conf *c = settings();
	struct slip_source source = {.conf = c, .operator_name = "0317", .window = "03"};
	struct slip_record r;
	struct buf why = {0};
	struct world w;

	(void)state;
	world_open(&w, 9);
	source.store = w.store;
	world_submit(&w, receipt, id);
	assert_int_equal(slip_issue_from(&source, SLIP_ACCEPTANCE, receipt, &r, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "accept_date (受理日期)、due_date (到期日)"));
	decide(&w, id, ACT_REQUEST_CORRECTION,
		"{\"last_day\": \"2027-01-15\", \"corrections\": [{\"name\": \"照片\","
		" \"defect\": \"不是近照\"}]}");
	assert_int_equal(slip_issue_from(&source, SLIP_ACCEPTANCE, receipt, &r, NULL), ERR_INVALID);
	db_exec(store_db(w.store), "UPDATE case_ SET state = 'accepted'");
	assert_says(&w, c, SLIP_ACCEPTANCE, receipt, "{\"due_date\": \"2026-12-01\"}", accepted);
	buf_fini(&why);
	world_close(&w);
	conf_free(c);
}

static enum err preview(
	struct world *w, struct conf *c, const char *number, struct buf *text, struct buf *why)
{
	const struct slip_source source = {w->store, NULL, c, "0317", "03", NULL};
	struct paper p = {0};
	enum err e = slip_preview_from(&source, SLIP_RESTART, number, false, &p, why);

	buf_clear(text);
	if (e == OK)
		paper_write(text, &p);
	paper_fini(&p);
	return e;
}

/* The clock of a case starts anew when it had stopped, runs from that day on, and not any more when
 * it stopped again. */
static void only_a_clock_that_stopped_starts_anew(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct conf *c = settings();
	struct buf text = {0}, why = {0};
	struct world w;

	(void)state;
	world_open(&w, 11);
	world_submit(&w, receipt, id);
	assert_int_equal(preview(&w, c, receipt, &text, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "收下补正或恢复以后、办结以前才有"));
	decide(&w, id, ACT_ACCEPT,
		"{\"accept_date\": \"2026-11-24\", \"due_date\": \"2026-12-01\"}");
	assert_int_equal(preview(&w, c, receipt, &text, NULL), ERR_INVALID);
	decide(&w, id, ACT_SUSPEND, "{\"reason\": \"专家评审\"}");
	assert_int_equal(preview(&w, c, receipt, &text, NULL), ERR_INVALID);
	world_pass(&w, (int64_t)2 * 86400 * 1000);
	decide(&w, id, ACT_RESUME, "{\"reason\": \"鉴定结束\", \"due_date\": \"2026-12-03\"}");
	world_pass(&w, (int64_t)86400 * 1000);
	assert_int_equal(preview(&w, c, receipt, &text, NULL), OK);
	assert_non_null(strstr(text.data, "计时自 2026年11月26日 起"));
	assert_non_null(strstr(text.data, "新的到期日\t2026年12月3日"));
	decide(&w, id, ACT_SUSPEND, "{\"reason\": \"听证\"}");
	buf_clear(&why);
	assert_int_equal(preview(&w, c, receipt, &text, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "这件现在是“挂起”"));
	buf_fini(&text);
	buf_fini(&why);
	world_close(&w);
	conf_free(c);
}

/* 一件事: one receipt for all its matters, each paper on it once. */
static void a_bundle_has_one_receipt(void **state)
{
	static const struct application_matter first = {"A1", "设立登记", "1", NULL, NULL, NULL},
					       second = {"B2", "刻章备案", "1", NULL, NULL, NULL};
	static const char shared[] = "[{\"material_name\": \"身份证\", \"state\": \"received\"}]";
	static const char more[] = "[{\"material_name\": \"身份证\", \"state\": \"received\"},"
				   " {\"material_name\": \"印模\", \"state\": \"received\"}]";
	static const char *const both[] = {
		"row\t1\t身份证\t\t\t\t\nrow\t2\t印模\t", "李样例", NULL};
	struct application list[2];
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct conf *c = settings();
	struct world w;

	(void)state;
	world_open(&w, 8);
	world_draft(&w, id);
	list[0] = list[1] = world_application(id);
	list[0].matter = &first;
	list[0].materials_json = shared;
	list[1].matter = &second;
	list[1].materials_json = more;
	assert_int_equal(case_submit_bundle(w.store, list, 2, receipt, NULL), OK);
	assert_says(&w, c, SLIP_RECEIPT, receipt, "{\"applicant\": \"李样例\"}", both);
	world_close(&w);
	conf_free(c);
}

/* ---- numbers without gaps ---- */

/* How many slips there are; fails unless their numbers are 1 to that. */
static int64_t assert_no_gaps(struct store *s)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(*), coalesce(max(seq), 0), count(DISTINCT seq) FROM slip");
	int64_t count;

	assert_true(db_row(st));
	count = db_int(st, 0);
	assert_int_equal(db_int(st, 1), count);
	assert_int_equal(db_int(st, 2), count);
	db_done(st);
	return count;
}

/* A program of its own at the same file; tells of each slip by a byte. */
static pid_t other_station(const struct world *w, int slips, int tell)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (int i = 0; i < slips; i++) {
		struct store *s = NULL;
		struct slip_record r;
		if (store_open(&s, w->folder, &clock_system, &entropy_system, NULL) != OK ||
			issue(s, SLIP_NOTICE, some, &r) != OK)
			_exit(1);
		slip_record_fini(&r);
		store_close(s);
		if (write(tell, ".", 1) != 1)
			_exit(2);
	}
	_exit(0);
}

enum {
	STATIONS = 4,
	SLIPS_EACH = 12
};

static void several_programs_share_one_series(void **state)
{
	int fds[2], status;
	pid_t pids[STATIONS];
	struct world w;

	(void)state;
	world_open(&w, 5);
	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < STATIONS; i++)
		pids[i] = other_station(&w, SLIPS_EACH, fds[1]);
	for (int i = 0; i < STATIONS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(assert_no_gaps(w.store), STATIONS * SLIPS_EACH);
	close(fds[0]);
	close(fds[1]);
	world_close(&w);
}

/* Killed at any moment: what was told of is there, and the series goes on without a gap. */
static void killed_programs_leave_no_gap(void **state)
{
	int64_t told = 0, count;
	struct world w;

	(void)state;
	world_open(&w, 6);
	for (int round = 0; round < 12; round++) {
		int fds[2];
		char c;
		pid_t pid;
		assert_int_equal(pipe(fds), 0);
		pid = other_station(&w, 1000, fds[1]);
		close(fds[1]);
		for (int i = 0; i <= round % 3; i++)
			told += read(fds[0], &c, 1) == 1;
		for (uint64_t spin = world_chance(&w) % 400000; spin > 0; spin--)
			__asm__ volatile("");
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(fds[0], &c, 1) == 1)
			told++;
		close(fds[0]);
	}
	count = assert_no_gaps(w.store);
	assert_true(count >= told && told > 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_of_kind_and_year),
		cmocka_unit_test(numbers_tell_the_stations_apart),
		cmocka_unit_test(a_refused_slip_uses_no_number),
		cmocka_unit_test(a_reprint_is_the_same_paper),
		cmocka_unit_test(a_faulty_template_stops_and_is_named),
		cmocka_unit_test(a_slip_says_what_was_decided),
		cmocka_unit_test(only_what_is_accepted_is_said_to_be),
		cmocka_unit_test(only_a_clock_that_stopped_starts_anew),
		cmocka_unit_test(a_bundle_has_one_receipt),
		cmocka_unit_test(several_programs_share_one_series),
		cmocka_unit_test(killed_programs_leave_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Slips: every paper as text to the cell, what facts may hold, and numbers without gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
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
#include "core/base/text.h"
#include "core/station/acts.h"
#include "core/station/audit.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tests/unit/world.h"
#include "tui/paper_text.h"

#define DATA "tests/unit/data/slips/"

static void read_file(struct buf *out, const char *path)
{
	assert_int_equal(paths_read(out, path, 1 << 20), OK);
}

/* ASCII and wide characters only, and no line over 80 columns. */
static void assert_cells(const char *text)
{
	size_t len = strlen(text), at = 0;
	int cols = 0;

	while (at < len) {
		uint32_t cp;
		at += text_decode(text + at, len - at, &cp);
		if (cp == '\n' || cp == '\f') {
			cols = 0;
			continue;
		}
		assert_true((cp >= 0x20 && cp < 0x7f) || text_cp_cols(cp) == 2);
		cols += text_cp_cols(cp);
		assert_true(cols <= PAPER_TEXT_COLS);
	}
}

static void compose(struct buf *out, enum slip k, bool english, const char *facts)
{
	struct paper p = {0}, marked = {0};
	struct buf why = {0};

	if (slip_preview(&p, "/nowhere", k, english, facts, &why) != OK)
		fail_msg("%s: %s", slip_name(k), buf_str(&why));
	paper_add_copy(&marked, &p, english ? "ORIGINAL" : "正本");
	paper_text(out, &marked);
	paper_fini(&p);
	paper_fini(&marked);
	buf_fini(&why);
}

static void assert_golden(const struct buf *text, const char *path)
{
	struct buf want = {0};

	if (getenv("YIMEN_UPDATE_GOLDEN") != NULL)
		assert_int_equal(paths_replace(path, text->data, text->len), OK);
	read_file(&want, path);
	assert_string_equal(text->data, want.data);
	buf_fini(&want);
}

static void every_slip_is_as_it_was(void **state)
{
	struct buf facts = {0}, text = {0}, path = {0};

	(void)state;
	read_file(&facts, DATA "facts.json");
	for (int k = 0; k < 2 * SLIP__MAX; k++) {
		bool english = k % 2 == 1;
		buf_clear(&text);
		buf_clear(&path);
		compose(&text, (enum slip)(k / 2), english, facts.data);
		assert_cells(text.data);
		buf_printf(&path, DATA "%s%s.txt", slip_name((enum slip)(k / 2)),
			english ? ".en" : "");
		assert_golden(&text, path.data);
	}
	buf_fini(&facts);
	buf_fini(&text);
	buf_fini(&path);
}

/* ---- what facts may hold ---- */

static void empty_facts_make_a_paper(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int k = 0; k < SLIP__MAX; k++) {
		buf_clear(&text);
		compose(&text, (enum slip)k, false, "{\"materials\": [], \"bring\": []}");
		assert_cells(text.data);
		assert_null(strstr(text.data, "{{"));
	}
	buf_fini(&text);
}

static void facts_never_become_markup(void **state)
{
	struct buf text = {0};

	(void)state;
	compose(&text, SLIP_REJECTION, false,
		"{\"applicant\": \"# 标题 | {{query_password}}\\n@seal 假\\u0007\\u001b[2J\\u202e\","
		" \"query_password\": \"SECRET\", \"reason\": \"* 甲 : 乙\\t{{#materials}}\"}");
	assert_cells(text.data);
	assert_non_null(strstr(text.data, "# 标题 | {{query_password}} @seal 假"));
	assert_non_null(strstr(text.data, "    * 甲 : 乙 {{#materials}}"));
	assert_null(strchr(text.data, '\033'));
	buf_fini(&text);
}

static void long_and_rare_names_keep_the_columns(void **state)
{
	struct buf facts = {0}, text = {0};

	(void)state;
	buf_adds(&facts, "{\"applicant\": \"𠮷𡈼㛃䶮〇\", \"materials\": [{\"name\": \"");
	for (int i = 0; i < 500; i++)
		buf_adds(&facts, "极长的名称");
	buf_adds(&facts, "\", \"form\": \"");
	for (int i = 0; i < 300; i++)
		buf_adds(&facts, "Nobreak");
	buf_adds(&facts, "\", \"note\": \"“引号”—①·℃…\"}]}");
	compose(&text, SLIP_RECEIPT, false, facts.data);
	assert_cells(text.data);
	assert_non_null(strstr(text.data, "𠮷𡈼㛃䶮〇:"));
	assert_non_null(strstr(text.data, "〝引号〞"));
	buf_fini(&facts);
	buf_fini(&text);
}

static void three_hundred_materials_are_all_there(void **state)
{
	struct buf facts = {0}, text = {0};

	(void)state;
	buf_adds(&facts, "{\"materials\": [");
	for (int i = 1; i <= 300; i++)
		buf_printf(&facts, "%s{\"name\": \"材料%d号\"}", i > 1 ? "," : "", i);
	buf_adds(&facts, "]}");
	compose(&text, SLIP_HANDOVER, false, facts.data);
	assert_cells(text.data);
	assert_non_null(strstr(text.data, "\n300    材料300号"));
	buf_fini(&facts);
	buf_fini(&text);
}

static void dates_are_written_as_chinese_papers_do(void **state)
{
	struct buf text = {0};

	(void)state;
	compose(&text, SLIP_RECEIPT, false,
		"{\"received_date\": \"2026-02-03\", \"date\": \"2026-02-30\"}");
	assert_non_null(strstr(text.data, "您于 2026年2月3日 向"));
	assert_non_null(strstr(text.data, "2026-02-30")); /* not a day: as it is */
	buf_fini(&text);
}

static void what_must_not_lack_is_named(void **state)
{
	static const struct {
		enum slip kind;
		const char *facts, *first;
	} rows[] = {
		{SLIP_REJECTION, "{\"applicant\": \"李样例\"}", "reason"},
		{SLIP_REJECTION, "{\"applicant\": \"李样例\", \"reason\": \" \"}", "reason"},
		{SLIP_REJECTION, "{\"applicant\": \"李样例\", \"reason\": \"不归本机关管\"}", ""},
		{SLIP_CORRECTION, "{\"applicant\": \"李\", \"last_day\": \"2027-01-01\"}",
			"corrections"},
		{SLIP_CORRECTION,
			"{\"applicant\": \"李\", \"last_day\": \"2027-01-01\","
			" \"corrections\": [{\"name\": \"甲\", \"defect\": \"无章\"}, {\"name\": \"乙\"}]}",
			"corrections.defect"},
		{SLIP_DEFERRAL, "{\"applicant\": \"李\", \"owed\": [{\"name\": \"甲\"}]}",
			"owed.due_date"},
		{SLIP_NOTICE, "{\"matter\": \"高龄津贴\"}", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json *facts = NULL;
		struct buf missing = {0};
		assert_int_equal(
			json_parse(&facts, rows[i].facts, strlen(rows[i].facts), NULL), OK);
		assert_string_equal(slip_first_lack(rows[i].kind, facts, NULL), rows[i].first);
		assert_int_equal(slip_lacks(rows[i].kind, facts, &missing), *rows[i].first != '\0');
		json_free(facts);
		buf_fini(&missing);
	}
}

/* ---- papers as lines ---- */

static void papers_travel_unchanged(void **state)
{
	static const char *const fields[] = {"一\t二\n三\\", ""};
	struct paper p = {0}, back = {0};
	struct buf lines = {0}, again = {0};

	(void)state;
	paper_add(&p, PAPER_PAIR, fields, 2);
	paper_add(&p, PAPER_RULE, NULL, 0);
	paper_write(&lines, &p);
	assert_int_equal(paper_read(&back, lines.data, lines.len, NULL), OK);
	assert_int_equal(back.count, 2);
	assert_string_equal(back.blocks[0].fields[0], fields[0]);
	assert_string_equal(back.blocks[0].fields[1], "");
	paper_write(&again, &back);
	assert_string_equal(lines.data, again.data);
	paper_fini(&p);
	paper_fini(&back);
	buf_fini(&lines);
	buf_fini(&again);
}

static void other_lines_are_refused(void **state)
{
	static const char *const wrong[] = {"", "yimen-paper 2\n", "yimen-paper 1\nblink\tx\n",
		"yimen-paper 1\npair\tonly\n", "yimen-paper 1\ntitle\ta\tb\n", "yimen-paper 1\n\n"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct paper p = {0};
		struct buf why = {0};
		assert_int_equal(paper_read(&p, wrong[i], strlen(wrong[i]), &why), ERR_INVALID);
		assert_true(why.len > 0);
		assert_int_equal(p.count, 0);
		buf_fini(&why);
	}
}

/* ---- the ledger ---- */

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
	const struct act_order o = {id, act, "test", "0317", "03", NULL, facts};
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
		cmocka_unit_test(every_slip_is_as_it_was),
		cmocka_unit_test(empty_facts_make_a_paper),
		cmocka_unit_test(facts_never_become_markup),
		cmocka_unit_test(long_and_rare_names_keep_the_columns),
		cmocka_unit_test(three_hundred_materials_are_all_there),
		cmocka_unit_test(dates_are_written_as_chinese_papers_do),
		cmocka_unit_test(what_must_not_lack_is_named),
		cmocka_unit_test(papers_travel_unchanged),
		cmocka_unit_test(other_lines_are_refused),
		cmocka_unit_test(numbers_are_of_kind_and_year),
		cmocka_unit_test(a_refused_slip_uses_no_number),
		cmocka_unit_test(a_reprint_is_the_same_paper),
		cmocka_unit_test(a_faulty_template_stops_and_is_named),
		cmocka_unit_test(a_slip_says_what_was_decided),
		cmocka_unit_test(several_programs_share_one_series),
		cmocka_unit_test(killed_programs_leave_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

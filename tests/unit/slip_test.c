/* Slips: every paper as text to the cell, and what facts may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip.h"
#include "core/station/documents/slip_ledger.h"
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

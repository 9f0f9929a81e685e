/* Names as they are shown to whoever looks on, and what was done as a history tells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/name_match.h"
#include "tui/case_text.h"
#include "tui/show.h"

static void names_are_masked_alike(void **state)
{
	static const struct {
		const char *name, *masked;
	} names[] = {{"陈晓燕", "陈*燕"}, {"孙立", "孙*"}, {"欧阳小明", "欧**明"}, {"王", "王"},
		{"", ""}, {"示范商贸有限公司", "示范商贸有限公司"}, {"Zhao Old", "Z*** O**"},
		{"Jean-Luc O'Neil", "J***-L** O'N***"}, {"Émile Noël", "É**** N***"}, {"LI", "L*"},
		{"X", "X"}, {"买买提·艾力", "买**·艾*"}, {"ABC公司分部", "ABC公司分部"},
		{"No 3 Works", "No 3 Works"}};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		buf_clear(&b);
		show_name(&b, names[i].name, true);
		assert_string_equal(buf_str(&b), names[i].masked);
		buf_clear(&b);
		show_name(&b, names[i].name, false);
		assert_string_equal(buf_str(&b), names[i].name);
	}
	buf_fini(&b);
}

static void is_shown(const char *number, int cols, const char *want)
{
	struct buf b = {0};

	show_number(&b, number, cols);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void a_long_number_keeps_its_end(void **state)
{
	(void)state;
	is_shown("L261124-03-RP801-5WD", 20, "L261124-03-RP801-5WD");
	is_shown("37012300000020261128000001", 26, "37012300000020261128000001");
	is_shown("37012300000020261128000001", 21, "..0000020261128000001");
	is_shown("123", 2, "..");
	is_shown("123", 0, "..");
	is_shown("", 0, "");
	is_shown("沂水收2026第18号", 8, "沂水收2026第18号"); /* the canvas cuts it */
}

static void what_may_be_a_name(void **state)
{
	static const char *const likely[] = {
		"王小", "王小明", "欧阳小明 ", "买买提·艾力", "Zhao Old", "Jean-Luc Noël"};
	static const char *const unlikely[] = {"", "王", "个体工商户设立", "cjz", "Zhao",
		" Zhao Old", "王小明3", "13800138000", "残疾 证", "·", "\xff\xfe"};

	(void)state;
	for (size_t i = 0; i < sizeof(likely) / sizeof(*likely); i++)
		assert_true(name_is_likely(likely[i]));
	for (size_t i = 0; i < sizeof(unlikely) / sizeof(*unlikely); i++)
		assert_false(name_is_likely(unlikely[i]));
}

/* Submitted, not Submit: each act has its English of what was done. */
static void a_history_tells_what_was_done(void **state)
{
	(void)state;
	assert_string_equal(case_event_text("submit"), case_act_label(ACT_SUBMIT));
	setenv("LANGUAGE", "en", 1);
	msg_init();
	assert_string_equal(case_event_text("submit"), "Submitted");
	for (int a = 0; a < CASE_ACT__MAX; a++)
		for (const char *s = case_act_told((enum case_act)a); *s; s++)
			assert_true((unsigned char)*s < 0x80);
	unsetenv("LANGUAGE");
	msg_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_masked_alike),
		cmocka_unit_test(a_long_number_keeps_its_end),
		cmocka_unit_test(what_may_be_a_name),
		cmocka_unit_test(a_history_tells_what_was_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

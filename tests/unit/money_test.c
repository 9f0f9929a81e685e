/* Amounts and numbers in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/domain/money.h"
#include "tests/unit/table.h"

static void words_row(const struct table_row *r)
{
	struct buf b = {0};

	assert_true(number_words(r->cell[0], &b));
	assert_string_equal(b.data, r->cell[1]);
	buf_fini(&b);
}

struct amount {
	int64_t fen;
	const char *words;
};

static void amounts_in_words(void **state)
{
	static const struct amount amounts[] = {{0, "零元整"}, {1, "壹分"}, {10, "壹角整"},
		{105, "壹元零伍分"}, {100000, "壹仟元整"}, {100500, "壹仟零伍元整"},
		{1000000, "壹万元整"}, {1000100, "壹万零壹元整"}, {10000100, "壹拾万零壹元整"},
		{123456789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"}, {-305, "负叁元零伍分"},
		{100000000000, "壹拾亿元整"}, {100000000100, "壹拾亿零壹元整"},
		{10110000, "壹拾万零壹仟壹佰元整"},
		/* the examples of 支付结算办法 annex 1 */
		{140950, "壹仟肆佰零玖元伍角整"}, {600714, "陆仟零柒元壹角肆分"},
		{168032, "壹仟陆佰捌拾元叁角贰分"}, {10700053, "壹拾万零柒仟元伍角叁分"},
		{1640902, "壹万陆仟肆佰零玖元零贰分"}, {32504, "叁佰贰拾伍元零肆分"},
		{100000000000000, "壹万亿元整"}, {100000000000100, "壹万亿零壹元整"},
		{120000000000000, "壹万贰仟亿元整"}, {100010000000000, "壹万零壹亿元整"},
		{999900000000000000, "玖仟玖佰玖拾玖万亿元整"}};
	static const char *const no_numbers[] = {
		"", "-", ".", "1.", ".5", "1e3", "1,000", "十", "--1", "12345678901234567", "NaN"};
	struct buf b = {0};
	size_t i;

	(void)state;
	assert_true(table_each("number_to_chinese.tsv", words_row) > 5);
	for (i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
		buf_clear(&b);
		assert_true(money_words(amounts[i].fen, &b));
		if (strcmp(b.data, amounts[i].words) != 0)
			fail_msg("%lld: %s, want %s", (long long)amounts[i].fen, b.data,
				amounts[i].words);
	}
	assert_false(money_words(INT64_MAX, &b));
	assert_false(money_words(INT64_MIN, &b));
	assert_false(money_words(1000000000000000000, &b)); /* one yuan more than can be said */
	for (i = 0; i < sizeof no_numbers / sizeof no_numbers[0]; i++)
		assert_false(number_words(no_numbers[i], &b));
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

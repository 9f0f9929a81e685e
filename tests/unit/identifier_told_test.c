/* What is said of a number or a name: what is wrong with it, and where; names of persons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/domain/identifier.h"
#include "tests/unit/table.h"

static const int32_t today = 20781; /* 2026-11-24 */

static int wrong_rows; /* how many rows of a table disagreed */

static void name_row(const struct table_row *r)
{
	struct finding f = {0};
	enum verdict v = identifier_check(IDENTIFIER_NAME, r->cell[0], today, &f);
	const char *want = *r->cell[2] != '\0' ? r->cell[2] : r->cell[0];

	if (strcmp(verdict_name(v), r->cell[1]) != 0 ||
		(v >= VERDICT_WARNING && f.message.len == 0) ||
		(strcmp(want, "-") != 0 && strcmp(buf_str(&f.normalised), want) != 0)) {
		wrong_rows++;
		print_error("%s: %s %s (%s)\n", r->cell[0], verdict_name(v), buf_str(&f.normalised),
			r->cell[3]);
	}
	finding_fini(&f);
}

static void names_of_persons(void **state)
{
	struct finding f = {0};

	(void)state;
	wrong_rows = 0;
	assert_true(table_each("person_name.tsv", name_row) >= 70);
	if (wrong_rows > 0)
		fail_msg("person_name.tsv: %d rows disagree", wrong_rows);
	/* Control signs do not pass for nothing, and ill-formed bytes are said to be such. */
	assert_int_equal(identifier_check(IDENTIFIER_NAME, "王\x07样例", today, &f), VERDICT_ERROR);
	assert_non_null(strstr(f.message.data, "第 2 个字是乱码"));
	assert_int_equal(identifier_check(IDENTIFIER_NAME, "王\xF0\x9F", today, &f), VERDICT_ERROR);
	finding_fini(&f);
}

static void upgrade_row(const struct table_row *r)
{
	struct finding f = {0};

	identifier_check(IDENTIFIER_ID_CARD, r->cell[0], today, &f);
	assert_string_equal(buf_str(&f.normalised), r->cell[1]);
	finding_fini(&f);
}

static void messages_name_the_place(void **state)
{
	struct finding f = {0};

	(void)state;
	assert_true(table_each("id_upgrade_15to18.tsv", upgrade_row) > 0);
	identifier_check(IDENTIFIER_ID_CARD, "371323199002300001", today, &f);
	assert_non_null(strstr(f.message.data, "1990-02-30"));
	/* A name in the wrong field: letters are counted, not bytes. */
	identifier_check(IDENTIFIER_ID_CARD, "37王样例", today, &f);
	assert_non_null(strstr(f.message.data, "第 3 个字"));
	identifier_check(IDENTIFIER_USCC, "示范制衣有限公司", today, &f);
	assert_non_null(strstr(f.message.data, "第 1 个字"));
	identifier_check(IDENTIFIER_ID_CARD, "37132319900307000", today, &f);
	assert_non_null(strstr(f.message.data, "17"));
	identifier_check(IDENTIFIER_ID_CARD, "371323199003070000", today, &f);
	assert_non_null(strstr(f.message.data, "校验码"));
	identifier_check(IDENTIFIER_ID_CARD,
		" 37132319900307000"
		"\xEF\xBC\xB8",
		today, &f);
	assert_int_equal(f.normalised.len, 18);
	assert_int_equal(f.normalised.data[17], 'X');
	identifier_check(IDENTIFIER_MOBILE, "+86 138-0000-0000", today, &f);
	assert_string_equal(f.normalised.data, "13800000000");
	finding_fini(&f);
}

struct told {
	enum identifier_kind kind;
	const char *value;
	const char *says; /* part of the sentence of an error */
};

static void a_fault_is_called_by_its_name(void **state)
{
	static const struct told rows[] = {
		{IDENTIFIER_ID_CARD, "110105900230003", "第 7 到 12 位"},
		{IDENTIFIER_ID_CARD, "371323199002300001", "第 7 到 14 位"},
		{IDENTIFIER_ID_CARD, "911056199003070038", "外国人永久居留"},
		{IDENTIFIER_ID_CARD, "KAZ110190123102", "外国人永久居留"},
		{IDENTIFIER_ID_CARD, "911056199003070039", "校验码"},
		{IDENTIFIER_ID_CARD, "91330100799655058B", "信用代码"},
		{IDENTIFIER_PERSON_ID, "91330100799655058B", "信用代码"},
		{IDENTIFIER_PERSON_ID, "91330100799655058C", "第 18 位"},
		{IDENTIFIER_USCC, "79965505-8", "组织机构代码"},
		{IDENTIFIER_USCC, "799655059", "现在是 9 位"},
		{IDENTIFIER_USCC, "110108000000016", "工商注册号"},
		{IDENTIFIER_USCC, "110108000000017", "现在是 15 位"},
		{IDENTIFIER_USCC, "371323199003070001", "公民身份号码"},
		{IDENTIFIER_MOBILE, "1380013800O", "第 11 位是字母 O"},
		{IDENTIFIER_MOBILE, "138-0013-80o0", "第 10 位是字母 O"},
		{IDENTIFIER_MOBILE, "1380013*000", "第 8 位是 *"},
		{IDENTIFIER_MOBILE, "138王0000", "第 4 个字"},
		{IDENTIFIER_MOBILE, "0539-2251234", "固定电话"},
		{IDENTIFIER_MOBILE, "2251234", "固定电话"},
		{IDENTIFIER_MOBILE, "400-820-8820", "固定电话"},
		{IDENTIFIER_MOBILE, "1380000", "现在是 7 位"},
		{IDENTIFIER_CONTACT, "1380000", "现在是 7 位"},
		{IDENTIFIER_CONTACT, "138-0013-80O0", "第 10 位是字母 O"},
		{IDENTIFIER_CONTACT, "013800000000", "应为 13800000000"},
		{IDENTIFIER_CONTACT, "0539-225123", "现在是 6 位"},
		{IDENTIFIER_CONTACT, "0112345678", "现在是 10 位"},
		{IDENTIFIER_CONTACT, "0539-2251234-1234567", "分机号"},
		{IDENTIFIER_CONTACT, "0539-22512340539-22512340539-22512340539-2251234", "太长"},
		{IDENTIFIER_MOBILE, "013800000000", "应为 13800000000"},
		{IDENTIFIER_PHONE, "0539-225123", "现在是 6 位"},
		{IDENTIFIER_PHONE, "0539-225123456", "现在是 9 位"},
		{IDENTIFIER_PHONE, "225123", "现在是 6 位"},
		{IDENTIFIER_PHONE, "539-2251234", "少了 0, 应为 0539-2251234"},
		{IDENTIFIER_PHONE, "1012345678", "少了 0, 应为 01012345678"},
		{IDENTIFIER_PHONE, "0539-0251234", "不以 0 开头"},
		{IDENTIFIER_PHONE, "0539", "现在是 0 位"},
		{IDENTIFIER_PHONE, "0112345678", "没有 011"},
		{IDENTIFIER_PHONE, "0539-225l234", "第 9 个字是字母 L"},
		{IDENTIFIER_PHONE, "A20-9999999", "第 1 个字是字母 A"},
		{IDENTIFIER_PHONE, "0539-2251234/2251235", "第 13 个字是 /"},
		{IDENTIFIER_PHONE, "0539-王", "第 6 个字"},
		{IDENTIFIER_PHONE, "0539-2251234-1234567", "分机号"},
		{IDENTIFIER_PHONE, "0539-2251234转", "分机号"},
		{IDENTIFIER_PHONE, "400-820-882", "现在是 9 位"},
		{IDENTIFIER_PHONE, "400-820-88200", "现在是 11 位"},
		{IDENTIFIER_PHONE, "400-820-882O", "第 12 个字是字母 O"},
		{IDENTIFIER_PHONE, "13800000000", "手机号"},
		{IDENTIFIER_BANK_CARD, "622202010000000000l", "第 19 位是字母 L"},
		{IDENTIFIER_BANK_CARD, "0000000000000000", "全是 0"},
		{IDENTIFIER_POSTCODE, "2764O0", "第 5 位是字母 O"},
		{IDENTIFIER_POSTCODE, "27640", "现在是 5 位"},
		{IDENTIFIER_NAME, "王样例2", "第 4 个字是数字"},
		{IDENTIFIER_NAME, "371323199003070010", "这是号码"},
		{IDENTIFIER_NAME, "张三、李四", "第 3 个字是 、: 这一栏只填一个人"},
		{IDENTIFIER_NAME, "王*", "遮住"},
		{IDENTIFIER_NAME, "王@", "第 2 个字是 @"},
	};
	struct finding f = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum verdict v = identifier_check(rows[i].kind, rows[i].value, today, &f);
		if (v != VERDICT_ERROR || strstr(buf_str(&f.message), rows[i].says) == NULL)
			fail_msg("%s: %s %s, want %s", rows[i].value, verdict_name(v),
				buf_str(&f.message), rows[i].says);
	}
	finding_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_persons),
		cmocka_unit_test(messages_name_the_place),
		cmocka_unit_test(a_fault_is_called_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

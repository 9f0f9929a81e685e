/* Identifiers, regions, working days, words for numbers, the life of a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/domain/identifier.h"
#include "core/domain/lifecycle.h"
#include "core/domain/money.h"
#include "core/domain/region.h"
#include "core/domain/workday.h"
#include "tests/unit/table.h"

static const int32_t today = 20781; /* 2026-11-24 */

/* The kind under test and how many rows disagreed, for the row callbacks. */
static enum identifier_kind kind;
static int wrong_rows;

static enum verdict verdict_of(enum identifier_kind k, const char *value)
{
	struct finding f = {0};
	enum verdict v = identifier_check(k, value, today, &f);

	if (v >= VERDICT_WARNING)
		assert_true(f.message.len > 0);
	finding_fini(&f);
	return v;
}

/* valid, valid-… must not be refused; invalid must be. Where the source of a row says otherwise,
 * the row tells why. */
static void row(const struct table_row *r)
{
	enum verdict v = verdict_of(kind, r->cell[0]);
	bool want_error = strcmp(r->cell[1], "invalid") == 0;

	if ((v == VERDICT_ERROR) != want_error) {
		wrong_rows++;
		print_error("%s: %s, want %s (%s)\n", r->cell[0], verdict_name(v), r->cell[1],
			r->cell[2]);
	}
}

static void table(enum identifier_kind k, const char *name, int least)
{
	kind = k;
	wrong_rows = 0;
	assert_true(table_each(name, row) >= least);
	if (wrong_rows > 0)
		fail_msg("%s: %d rows disagree", name, wrong_rows);
}

static void citizens_numbers(void **state)
{
	(void)state;
	table(IDENTIFIER_ID_CARD, "resident_id.tsv", 40);
	table(IDENTIFIER_ID_CARD, "resident_id_gen.tsv", 700);
	table(IDENTIFIER_ID_CARD, "residence_permit_hkmotw.tsv", 4);
}

static void credit_codes(void **state)
{
	(void)state;
	table(IDENTIFIER_USCC, "uscc.tsv", 90);
	table(IDENTIFIER_USCC, "uscc_gen.tsv", 700);
	table(IDENTIFIER_ORG_CODE, "org_code.tsv", 50);
	table(IDENTIFIER_BUSINESS_REG, "business_license_15.tsv", 8);
}

static void telephones_and_postcodes(void **state)
{
	(void)state;
	table(IDENTIFIER_MOBILE, "mobile_phone.tsv", 50);
	table(IDENTIFIER_PHONE, "fixed_phone.tsv", 5);
	table(IDENTIFIER_POSTCODE, "postal_code.tsv", 3);
}

static void bank_cards(void **state)
{
	(void)state;
	table(IDENTIFIER_BANK_CARD, "bank_card_luhn.tsv", 8);
	table(IDENTIFIER_BANK_CARD, "bank_card_luhn_gen.tsv", 100);
	table(IDENTIFIER_BANK_CARD, "bank_card_unionpay.tsv", 9);
}

static void travel_documents(void **state)
{
	(void)state;
	table(IDENTIFIER_PASSPORT, "passport_any.tsv", 10);
	table(IDENTIFIER_PASSPORT, "passport_cn.tsv", 4);
	table(IDENTIFIER_HKM_PERMIT, "hkmo_permit.tsv", 7);
	table(IDENTIFIER_TW_PERMIT, "tw_permit.tsv", 4);
	table(IDENTIFIER_FOREIGNER_ID, "foreigner_permanent_id.tsv", 4);
}

struct judged {
	enum identifier_kind kind;
	const char *value;
	enum verdict verdict;
	const char *normalised; /* NULL: as it was given */
};

/* Doc 9303 part 4 appendix A; the others are invented. */
#define UTOPIA	 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define UTOPIA_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"

/* Part 5: a card; the number behind, and a number that is too long for its place. */
#define CARD_END  "9012318M2701013KAZ<<<<<<<<<<<"
#define CARD_NAME "DEMO<<PERSON<<<<<<<<<<<<<<<<<<"
#define CARD	  "I<CHNE123456782KAZ110190123102\n" CARD_END "2\n" CARD_NAME
#define CARD_LONG "I<CHNKAZ110190<1231024<<<<<<<<" CARD_END "6" CARD_NAME
#define CARD_2023 "I<CHN911124198<1080300240<<<<<" CARD_END "0" CARD_NAME
#define CARD_OTHER \
	"I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6" \
	"ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

static void one_by_one(void **state)
{
	static const struct judged rows[] = {
		{IDENTIFIER_FOREIGNER_ID, "KAZ110090123107", VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, "KAZ990090123105", VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, CARD, VERDICT_OK, "KAZ110190123102"},
		{IDENTIFIER_FOREIGNER_ID, CARD_LONG, VERDICT_OK, "KAZ110190123102"},
		{IDENTIFIER_FOREIGNER_ID, CARD_2023, VERDICT_OK, "911124198108030024"},
		{IDENTIFIER_FOREIGNER_ID, CARD_OTHER, VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, "I<CHNE123456782KAZ110190123102", VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, "I<CHNE123456783KAZ110190123102" CARD_END "2" CARD_NAME,
			VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, "I<CHNE123456782KAZ110190123102" CARD_END "3" CARD_NAME,
			VERDICT_ERROR, NULL},
		{IDENTIFIER_FOREIGNER_ID, "I<CHNKAZ110190<<<<<<<<<<<<<<<<" CARD_END "6" CARD_NAME,
			VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, CARD, VERDICT_INFO, "KAZ110190123102"},
		{IDENTIFIER_PERSON_ID, CARD_2023, VERDICT_INFO, "911124198108030024"},
		{IDENTIFIER_PERSON_ID, "C<", VERDICT_ERROR, NULL},
		{IDENTIFIER_PASSPORT, "SE2345678", VERDICT_OK, NULL},
		{IDENTIFIER_PASSPORT, "SC2345678", VERDICT_ERROR, NULL},
		{IDENTIFIER_PASSPORT, "PC2345678", VERDICT_ERROR, NULL},
		{IDENTIFIER_PASSPORT, "L898902C3", VERDICT_WARNING, NULL},
		{IDENTIFIER_PASSPORT, UTOPIA "\n" UTOPIA_2, VERDICT_OK, "L898902C3"},
		{IDENTIFIER_PASSPORT, UTOPIA_2, VERDICT_OK, "L898902C3"},
		{IDENTIFIER_PASSPORT, "L898902C37UTO7408122F1204159ZE184226B<<<<<10", VERDICT_ERROR,
			NULL},
		{IDENTIFIER_PASSPORT, "L898902C36UTO7408122F1204159ZE184226B<<<<<11", VERDICT_ERROR,
			NULL},
		{IDENTIFIER_PASSPORT, UTOPIA, VERDICT_ERROR, NULL},
		{IDENTIFIER_PASSPORT, UTOPIA "<" UTOPIA_2, VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "+86-539-2251234", VERDICT_OK, "0539-2251234"},
		{IDENTIFIER_PHONE, "86 539 2251234", VERDICT_OK, "05392251234"},
		{IDENTIFIER_PHONE, "86 0539 2251234", VERDICT_OK, "05392251234"},
		{IDENTIFIER_PHONE, "86 10 62251234", VERDICT_OK, "01062251234"},
		{IDENTIFIER_PHONE, "86 571 82251234 转 12", VERDICT_OK, "057182251234转12"},
		{IDENTIFIER_PHONE, "86 539 225123", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "0086 10 88888888", VERDICT_OK, "01088888888"},
		{IDENTIFIER_PHONE, "0755-7654321 ext 22", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0755-7654321 ext", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "95588", VERDICT_INFO, NULL},
		{IDENTIFIER_PHONE, "12345", VERDICT_INFO, NULL},
		{IDENTIFIER_PHONE, "400-800-8820", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "54321", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "0539-2251234分机801", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0539-2251234 转分机 801", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0539-2251234(801)", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0539-2251234*801", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "(0539)2251234", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "（0539）2251234转12", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0539(2251234)", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "400-820-8820-1", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "4008208820转1", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "010-8888-8888", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "0539-225-1234-12", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "2251234", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "5550100-12", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "40012345", VERDICT_OK, NULL},
		{IDENTIFIER_PHONE, "86-10-12345678", VERDICT_OK, "010-12345678"},
		{IDENTIFIER_PHONE, "+86(539)2251234", VERDICT_OK, "0539-2251234"},
		{IDENTIFIER_PHONE, "+86 400-820-8820", VERDICT_OK, "400-820-8820"},
		{IDENTIFIER_PHONE, "+852 2123 4567", VERDICT_WARNING, NULL},
		{IDENTIFIER_PHONE, "00852-21234567", VERDICT_WARNING, NULL},
		{IDENTIFIER_PHONE, "010-1234567", VERDICT_WARNING, NULL},
		{IDENTIFIER_PHONE, "+852 1", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "+8521234567890123456", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "()", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "+86-", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "86-0", VERDICT_ERROR, NULL},
		{IDENTIFIER_PHONE, "400", VERDICT_ERROR, NULL},
		{IDENTIFIER_MOBILE, "00852-51234567", VERDICT_WARNING, NULL},
		{IDENTIFIER_ID_CARD, "44190019900101001X", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "442000199001010011", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "620200199001010014", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "460400201601010019", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "310100199001010016", VERDICT_WARNING, NULL},
		{IDENTIFIER_REGION, "441900", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "110100", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "460000", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "441900003", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "653132", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "115500", VERDICT_WARNING, NULL},
		{IDENTIFIER_REGION, "110199", VERDICT_WARNING, NULL},
		{IDENTIFIER_REGION, "810000", VERDICT_OK, NULL},
		{IDENTIFIER_REGION, "990000", VERDICT_ERROR, NULL},
		{IDENTIFIER_MOBILE, "16101234567", VERDICT_OK, NULL},
		{IDENTIFIER_MOBILE, "14812345678", VERDICT_WARNING, NULL},
		{IDENTIFIER_ID_CARD, "140120197901010008", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "441282198101011230", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "653132202605010013", VERDICT_OK, NULL},
		{IDENTIFIER_ID_CARD, "52030219891209794\xC3\x97", VERDICT_OK, "52030219891209794X"},
		{IDENTIFIER_ID_CARD,
			"\xE2\x80\xAD"
			"110101199003078670"
			"\xE2\x80\xAC",
			VERDICT_OK, "110101199003078670"},
		{IDENTIFIER_MOBILE,
			"\xE2\x80\xAD"
			"13800000000"
			"\xE2\x80\xAC",
			VERDICT_OK, "13800000000"},
		{IDENTIFIER_MOBILE, "+86 1440012345678", VERDICT_WARNING, "1440012345678"},
		{IDENTIFIER_MOBILE, "(+86)13800000000", VERDICT_OK, "13800000000"},
		{IDENTIFIER_PHONE, "0341-8609123", VERDICT_WARNING, NULL},
		{IDENTIFIER_PHONE, "026-86091234", VERDICT_WARNING, NULL},
		{IDENTIFIER_PHONE, "0955-7012345", VERDICT_OK, NULL},
		{IDENTIFIER_PASSPORT, "PB0036440", VERDICT_WARNING, NULL},
		{IDENTIFIER_PASSPORT, "PK2345678", VERDICT_ERROR, NULL},
		{IDENTIFIER_USCC, "91100000MA27Y4U474", VERDICT_OK, NULL},
		{IDENTIFIER_USCC, "54371323MA27Y4U47F", VERDICT_OK, NULL},
		{IDENTIFIER_USCC, "N2371323MA27Y4U474", VERDICT_OK, NULL},
		{IDENTIFIER_USCC, "94330106MA27Y4U47G", VERDICT_WARNING, NULL},
		{IDENTIFIER_USCC, "91990106MA27Y4U47T", VERDICT_WARNING, NULL},
		{IDENTIFIER_USCC, "B1371323MA27Y4U47J", VERDICT_WARNING, NULL},
		{IDENTIFIER_PERSON_ID, "371323199003070003", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "371323199003070001", VERDICT_OK, NULL},
		{IDENTIFIER_PERSON_ID, "37132319900307000", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "37132319900", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "3713231990", VERDICT_WARNING, NULL},
		{IDENTIFIER_PERSON_ID, "37132319", VERDICT_WARNING, NULL},
		{IDENTIFIER_PERSON_ID, "h12345678", VERDICT_INFO, "H12345678"},
		{IDENTIFIER_PERSON_ID, "H1234567", VERDICT_WARNING, NULL},
		{IDENTIFIER_PERSON_ID, "01234567", VERDICT_INFO, NULL},
		{IDENTIFIER_PERSON_ID, "911124198108030024", VERDICT_INFO, NULL},
		{IDENTIFIER_PERSON_ID, "911124198108030025", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "E12345678", VERDICT_INFO, NULL},
		{IDENTIFIER_PERSON_ID, "123456789", VERDICT_WARNING, NULL},
		{IDENTIFIER_PERSON_ID, UTOPIA UTOPIA_2, VERDICT_INFO, "L898902C3"},
		{IDENTIFIER_PERSON_ID, "E1234567890123", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "<", VERDICT_ERROR, NULL},
		{IDENTIFIER_PERSON_ID, "无", VERDICT_ERROR, NULL},
	};
	struct finding f = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum verdict v = identifier_check(rows[i].kind, rows[i].value, today, &f);
		if (v != rows[i].verdict)
			fail_msg("%s: %s %s", rows[i].value, verdict_name(v), buf_str(&f.message));
		if (rows[i].normalised != NULL)
			assert_string_equal(buf_str(&f.normalised), rows[i].normalised);
	}
	finding_fini(&f);
}

/* A slip of the pen makes no other certificate of it. */
static void kinds_of_a_persons_certificates(void **state)
{
	static const char *const rows[][2] = {
		{"371323199003070001", "111"},
		{"371323199003070003", "111"},
		{" 371323 19900307 0003", "111"},
		{"37132319900307000", "111"},
		{"371323900307000", "111"},
		{"810000199003070001", "111"},
		{"37132319900307000O", "111"},
		{"911124198108030024", "553"},
		{"911124198108030025", "553"},
		{"KAZ110190123102", "553"},
		{"KAZ110190123103", "553"},
		{"H12345678", "516"},
		{"h12345678", "516"},
		{"01234567", "511"},
		{"0123456789(B)", "511"},
		{"E12345678", "414"},
		{"E1234567890123", "414"},
		{"L898902C3", "414"},
		{UTOPIA UTOPIA_2, "414"},
		{"91371323MA3C000022", "553"}, /* no right code of a company */
		{"", ""},
		{"  ", ""},
		{"12", ""},
		{"无", ""},
		{"<", ""},
		{"ABC", ""},
	};
	struct buf longest = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *type = identifier_person_type(rows[i][0], today);
		if (strcmp(type, rows[i][1]) != 0)
			fail_msg("%s: %s, not %s", rows[i][0], type, rows[i][1]);
	}
	for (size_t i = 0; i < 300; i++)
		buf_addc(&longest, '1');
	assert_string_equal(identifier_person_type(buf_str(&longest), today), "");
	buf_fini(&longest);
}

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

static void hostile_values_are_only_wrong(void **state)
{
	char *huge = malloc(1 << 20);
	int k;

	(void)state;
	memset(huge, '9', (1 << 20) - 1);
	huge[(1 << 20) - 1] = '\0';
	for (k = 0; k < IDENTIFIER__MAX; k++) {
		static const char *const bad[] = {"", " ", "\xff\xfe", "\x1b[2J", "@#", "-", "+86",
			"00000000000000000000000000000000000000000000000000000", "\xE2\x80\xAE",
			"\xE2\x80\x8B\xC2\xAD"};
		size_t i;
		assert_int_equal(verdict_of((enum identifier_kind)k, huge), VERDICT_ERROR);
		for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
			assert_int_equal(
				verdict_of((enum identifier_kind)k, bad[i]), VERDICT_ERROR);
	}
	free(huge);
}

static void a_number_tells_birth_sex_and_region(void **state)
{
	struct id_card_facts f;

	(void)state;
	assert_true(id_card_facts("371323199003070010", &f));
	assert_int_equal(f.birth.year, 1990);
	assert_int_equal(f.birth.day, 7);
	assert_true(f.male);
	assert_string_equal(f.region, "371323");
	assert_int_equal(id_card_age(f.birth, date_to_day((struct date){2026, 3, 6})), 35);
	assert_int_equal(id_card_age(f.birth, date_to_day((struct date){2026, 3, 7})), 36);
	assert_false(id_card_facts("371323199013070010", &f));
	assert_string_equal(region_name("371323", 2016), "沂水县");
	assert_null(region_name("379999", 2016));
}

static void region_row(const struct table_row *r)
{
	const char *name;
	char code[7];

	snprintf(code, sizeof code, "%.6s", r->cell[0]);
	name = region_name(code, atoi(r->cell[0] + 7));
	if (strcmp(r->cell[1], "-") != 0 &&
		(!region_ever(code) || name == NULL || strcmp(name, r->cell[1]) != 0)) {
		wrong_rows++;
		print_error("%s: %s, want %s\n", r->cell[0], name, r->cell[1]);
	}
}

static void regions_of_the_past_are_known(void **state)
{
	(void)state;
	wrong_rows = 0;
	assert_true(table_each("region_history.tsv", region_row) > 200);
	assert_int_equal(wrong_rows, 0);
}

static int32_t day(const char *text)
{
	struct date d;

	assert_true(date_parse(text, &d));
	return date_to_day(d);
}

static void days_that_are_law(void **state)
{
	static const char *const off[] = {"2003-05-01", "2003-10-03", "1998-10-02", "2027-01-01",
		"2027-02-05", "2027-02-08", "2027-05-01", "2028-05-02", "2027-10-03", "2028-04-04"};
	static const char *const work[] = {
		"1998-10-05", "2003-05-08", "2027-02-04", "2027-01-04", "2027-05-04"};
	const struct calendar *c = calendar_shipped();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof off / sizeof off[0]; i++) {
		assert_false(calendar_is_work(c, day(off[i])));
		assert_false(calendar_provisional(c, day(off[i])));
	}
	for (i = 0; i < sizeof work / sizeof work[0]; i++) {
		assert_true(calendar_is_work(c, day(work[i])));
		assert_true(calendar_provisional(c, day(work[i])));
	}
	assert_string_equal(calendar_why(c, day("2027-01-01")), "元旦");
	/* a table decides: 2024-05-03 was off by notice, 05-02 too, though law until 2025 had one
	 */
	assert_false(calendar_provisional(c, day("2024-05-02")));
}

static void workday_row(const struct table_row *r)
{
	const struct calendar *c = calendar_shipped();
	char verb[20], a[20], b[20] = "", got[20] = "";
	int n;

	sscanf(r->cell[0], "%19s %19s %19s", verb, a, b);
	if (strcmp(verb, "isWorkday") == 0)
		snprintf(got, sizeof got, "%s", calendar_is_work(c, day(a)) ? "true" : "false");
	else if (strcmp(verb, "isHoliday") == 0)
		snprintf(got, sizeof got, "%s", calendar_is_work(c, day(a)) ? "false" : "true");
	else if (strcmp(verb, "countWorkdays") == 0)
		snprintf(got, sizeof got, "%d", (int)calendar_count(c, day(a), day(b)));
	else if (strcmp(verb, "addWorkdays") == 0)
		date_format(date_from_day(calendar_add(c, day(a), atoi(b))), got);
	else if (strcmp(verb, "findWorkday") == 0) {
		n = atoi(a);
		date_format(date_from_day(calendar_add(c, day(b), n)), got);
	} else
		return; /* isInLieu: a day off in exchange, a notion no clock of ours needs */
	if (strcmp(got, r->cell[1]) != 0) {
		wrong_rows++;
		print_error("%s: %s, want %s\n", r->cell[0], got, r->cell[1]);
	}
}

static void working_days(void **state)
{
	const struct calendar *c = calendar_shipped();

	(void)state;
	wrong_rows = 0;
	assert_true(table_each("workday.tsv", workday_row) > 15);
	assert_true(table_each("workday_gen.tsv", workday_row) > 700);
	assert_int_equal(wrong_rows, 0);
	assert_int_equal(calendar_count(c, day("2024-01-01"), day("2024-12-31")), 251);
	assert_int_equal(calendar_count(c, day("2025-01-01"), day("2025-12-31")), 248);
	assert_int_equal(calendar_count(c, day("2026-01-01"), day("2026-12-31")), 248);
	assert_false(calendar_provisional(c, day("2026-12-31")));
	assert_true(calendar_provisional(c, day("2027-01-04")));
	/* the start day never counts; working days, calendar days, suspension */
	assert_int_equal(calendar_due(c, day("2026-09-24"), 5, 'G', 0), day("2026-10-09"));
	assert_int_equal(calendar_due(c, day("2026-11-24"), 10, 'Z', 0), day("2026-12-04"));
	assert_int_equal(calendar_due(c, day("2026-11-24"), 5, 'G', 2), day("2026-12-03"));
	assert_int_equal(calendar_due(c, day("2026-11-28"), 0, 'G', 0), day("2026-11-30"));
}

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

/* Every state x every act x every actor: what is possible leads somewhere else, what is not says
 * why. */
/* Every letter asks for one act; what the office does next is one of the steps. */
static void letters_and_ordinary_steps(void **state)
{
	enum case_state s = CASE_RECEIVED, to;
	enum case_act act;
	int steps = 0;

	(void)state;
	assert_true(case_act_of_letter("correction", &act));
	assert_int_equal(act, ACT_REQUEST_CORRECTION);
	assert_true(case_act_of_letter("void", &act));
	assert_int_equal(act, ACT_VOID);
	assert_false(case_act_of_letter("submit", &act));
	assert_false(case_act_of_letter("note", &act));
	assert_false(case_act_of_letter(NULL, &act));
	for (; lifecycle_ordinary(s, &to); s = to, steps++)
		assert_true(lifecycle_leads(s, to));
	assert_int_equal(s, CASE_ARCHIVED);
	assert_int_equal(steps, 4);
	assert_false(lifecycle_leads(CASE_ARCHIVED, CASE_RECEIVED));
	assert_string_equal(case_state_label_of("received"), "收件");
	assert_string_equal(case_state_label_of("weightless"), "weightless");
}

static void every_act_in_every_state(void **state)
{
	bool reached[CASE_STATE__MAX] = {[CASE_DRAFT] = true};
	int s, a, who, possible = 0;

	(void)state;
	for (s = 0; s < CASE_STATE__MAX; s++) {
		enum case_state back;
		assert_true(case_state_parse(case_state_name((enum case_state)s), &back));
		assert_int_equal(back, s);
		for (a = 0; a < CASE_ACT__MAX; a++) {
			for (who = 0; who < CASE_ACTOR__MAX; who++) {
				enum case_state to = CASE_STATE__MAX;
				const char *why = NULL;
				if (lifecycle_next((enum case_state)s, (enum case_act)a,
					    (enum case_actor)who, &to, &why)) {
					assert_true(to < CASE_STATE__MAX &&
						    ((int)to != s || a == ACT_REVISE ||
							    a == ACT_SUPPLY || a == ACT_EXTEND));
					assert_false(case_state_ended((enum case_state)s));
					reached[to] = true;
					possible++;
				} else {
					assert_int_equal(to, CASE_STATE__MAX);
					assert_true(why != NULL && why[0] != '\0');
				}
			}
		}
	}
	for (s = 0; s < CASE_STATE__MAX; s++)
		assert_true(reached[s]);
	assert_int_equal(possible, 35);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(citizens_numbers),
		cmocka_unit_test(kinds_of_a_persons_certificates),
		cmocka_unit_test(credit_codes),
		cmocka_unit_test(telephones_and_postcodes),
		cmocka_unit_test(bank_cards),
		cmocka_unit_test(travel_documents),
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(days_that_are_law),
		cmocka_unit_test(names_of_persons),
		cmocka_unit_test(messages_name_the_place),
		cmocka_unit_test(a_fault_is_called_by_its_name),
		cmocka_unit_test(hostile_values_are_only_wrong),
		cmocka_unit_test(a_number_tells_birth_sex_and_region),
		cmocka_unit_test(regions_of_the_past_are_known),
		cmocka_unit_test(working_days),
		cmocka_unit_test(amounts_in_words),
		cmocka_unit_test(every_act_in_every_state),
		cmocka_unit_test(letters_and_ordinary_steps),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Numbers of persons, companies, papers and telephones: which are right, doubtful, wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/domain/identifier.h"
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
		{IDENTIFIER_CONTACT, "138-0013-8000", VERDICT_OK, "13800138000"},
		{IDENTIFIER_CONTACT, "(+86)13800000000", VERDICT_OK, "13800000000"},
		{IDENTIFIER_CONTACT, "0539-2251234", VERDICT_WARNING, "0539-2251234"},
		{IDENTIFIER_CONTACT, "0539 2251234-12", VERDICT_WARNING, "05392251234-12"},
		{IDENTIFIER_CONTACT, "+86 539 2251234", VERDICT_WARNING, "05392251234"},
		{IDENTIFIER_CONTACT, "2251234", VERDICT_WARNING, "2251234"},
		{IDENTIFIER_CONTACT, "+852-6123-4567", VERDICT_WARNING, "+85261234567"},
		{IDENTIFIER_CONTACT, "1380013800", VERDICT_ERROR, NULL},
		{IDENTIFIER_CONTACT, "0539225123", VERDICT_ERROR, NULL},
		{IDENTIFIER_CONTACT, "", VERDICT_ERROR, NULL},
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

/* What is seen of a telephone number names nobody. */
static void a_telephone_number_is_masked_by_what_it_is(void **state)
{
	static const char *const masked[][2] = {{"13800000001", "138****0001"},
		{"0539-2251234", "0539******34"}, {"05392251234", "0539*****34"},
		{"(0539)2251234", "(053*******34"}, {"22512341", "******41"},
		{"2251234", "*****34"}, {"4008208820", "********20"},
		{"+85261234567", "+852******67"}, {"1440000000000", "***********00"}, {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
		struct buf text = {0};
		identifier_mask_telephone(&text, masked[i][0]);
		assert_string_equal(buf_str(&text), masked[i][1]);
		buf_fini(&text);
	}
}

/* However it was written when it was typed. */
static void a_telephone_number_is_found_without_its_signs(void **state)
{
	static const struct {
		const char *number, *words;
		bool holds;
	} rows[] = {{"0539-2251234", "05392251234", true}, {"05392251234", "0539-2251234", true},
		{"(0539)2251234", "0539-2251234", true}, {"0539-2251234", "225-12", true},
		{"13800000001", "0001", true}, {"13800000001", "13800000002", false},
		{"0539-2251234", "22512345", false}, {"0539-2251234", "-", false},
		{"0539-2251234", "", false}, {"", "1", false}, {"0539-", "0539-1", false}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (identifier_telephone_holds(rows[i].number, rows[i].words) != rows[i].holds)
			fail_msg("%s in %s", rows[i].words, rows[i].number);
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
		cmocka_unit_test(hostile_values_are_only_wrong),
		cmocka_unit_test(a_telephone_number_is_masked_by_what_it_is),
		cmocka_unit_test(a_telephone_number_is_found_without_its_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

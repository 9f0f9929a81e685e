/*
 * Identifiers: what makes one possible, and what can be told from it. Each check normalises first
 * (blanks, dashes, full-width, lower case; of a name the dots and blanks), then gives ok, a warning
 * (a clerk may accept it with a reason) or an error (it cannot be true), with a sentence that names
 * the fault and its place.
 *
 * Sources: GB 11643 (citizen's number), GB 32100 (unified social credit code), GB 11714
 * (organisation code), GB/T 17710 MOD 11,10 and MOD 11-2, ISO/IEC 7812 (Luhn), GA 467 / National
 * Immigration Administration notices (travel and residence permits), YD/T 1313-like number ranges
 * for telephones, ICAO Doc 9303 part 3 and GB 18030 (names).
 */
#ifndef YIMEN_CORE_DOMAIN_IDENTIFIER_H
#define YIMEN_CORE_DOMAIN_IDENTIFIER_H

#include "core/base/clock.h"
#include "core/domain/finding.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum identifier_kind {
	IDENTIFIER_ID_CARD, /* 公民身份号码; 居民居住证 of HK, Macao and Taiwan residents too */
	IDENTIFIER_USCC,	 /* 统一社会信用代码 */
	IDENTIFIER_ORG_CODE,	 /* 组织机构代码 */
	IDENTIFIER_MOBILE,	 /* 手机号码 */
	IDENTIFIER_PHONE,	 /* 固定电话; a mobile number is refused and says so */
	IDENTIFIER_POSTCODE,	 /* 邮政编码 */
	IDENTIFIER_BANK_CARD,	 /* 银行卡号 */
	IDENTIFIER_PASSPORT,	 /* 护照, of any country */
	IDENTIFIER_HKM_PERMIT,	 /* 港澳居民来往内地通行证 */
	IDENTIFIER_TW_PERMIT,	 /* 台湾居民来往大陆通行证 */
	IDENTIFIER_FOREIGNER_ID, /* 外国人永久居留身份证 */
	IDENTIFIER_BUSINESS_REG, /* 工商注册号 */
	IDENTIFIER_REGION,	 /* 行政区划代码, 6, 9 or 12 digits */
	IDENTIFIER_PERSON_ID,	 /* any certificate of a person; its kind is told by the number */
	IDENTIFIER_NAME,	 /* a person's name, as certificates write it */
	IDENTIFIER_CONTACT, /* 联系电话: a mobile; a landline, for who has none, is doubted */
	IDENTIFIER__MAX
};

/* "id-card" …; NULL is no kind. */
bool identifier_kind_by_name(const char *name, enum identifier_kind *out);
const char *identifier_kind_name(enum identifier_kind kind);

/*
 * Fills out (cleared first) and returns its verdict. today: days since 1970, for births in the
 * future. normalised holds the canonical form, or what was given, cleaned, when it is an error.
 */
enum verdict identifier_check(
	enum identifier_kind kind, const char *value, int32_t today, struct finding *out);

/* Appends a telephone number, as a check normalises it, masked for logs and screens: of a mobile
 * the range and the end are seen, of a landline the area, which is not the number itself, and less
 * of the end. */
void identifier_mask_telephone(struct buf *out, const char *number);
/* words are a part of the number, or all of it, whatever signs part either: 05392251234 is found by
 * 0539-2251234. Words of signs alone are in none. */
bool identifier_telephone_holds(const char *number, const char *words);

/*
 * Which certificate of a person a number is of, by its shape, so that a mistyped one is of the
 * same kind as the right one: "111" identity card, "414" passport, "511" permit of Taiwan, "516" of
 * Hong Kong and Macao, "553" foreigner's permanent residence card (GA/T 2000); "": of none.
 */
const char *identifier_person_type(const char *value, int32_t today);

/* What a citizen's number tells of its own: nobody need be asked for it. */
struct id_card_facts {
	struct date birth;
	bool male;
	char region[7];
};
/* value: 15 or 18 characters in canonical form. false: its form does not hold these facts. */
bool id_card_facts(const char *value, struct id_card_facts *out);
/* The 18th character for the first 17 digits. */
char id_card_check_char(const char *digits17);
/* Whole years on a day. */
int id_card_age(struct date birth, int32_t today);

#endif

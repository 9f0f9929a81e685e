/*
 * A person's certificate of any kind, told from the number itself: 18 or 15 characters are a
 * citizen's or a residence permit's, or, beginning with 9 or with a country's letters, a
 * foreigner's card; the rest are travel permits and passports. What is longer than a passport and
 * fits none of them is judged as a citizen's number, whose sentence names the wrong place.
 */
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier_rules.h"

static bool is_foreigner_card(const char *s, size_t n)
{
	size_t letters = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (n != 44 && strchr(s, '<') != NULL) /* a card's lines; 44: a passport's second one */
		return strchr("ACI", s[0]) != NULL;
	return (n == 18 && s[0] == '9') || (n == 15 && letters == 3);
}

/* A citizen's number that was broken off, 37132319, looks like a permit of Taiwan. */
static bool is_half_a_citizens(const char *s)
{
	return rule_region_known(s) &&
	       (strncmp(s + 6, "19", 2) == 0 || strncmp(s + 6, "20", 2) == 0);
}

static enum verdict taiwan(const char *s, int32_t today, struct finding *out)
{
	if (check_tw_permit(s, today, out) == VERDICT_ERROR)
		return VERDICT_ERROR;
	if (is_half_a_citizens(s))
		return rule_say(out, VERDICT_WARNING, "person-id.short",
			tr("像是没填完的身份证号; 若是台湾居民来往大陆通行证, 请核对原件后说明"));
	return rule_say(out, VERDICT_INFO, "person-id.kind", "%s", tr("台湾居民来往大陆通行证"));
}

/* The certificate that a number of this shape belongs to, whether it is right or not. */
static enum identifier_kind shape(const char *s)
{
	size_t n = strlen(s), digits = strspn(s, "0123456789");

	if (is_foreigner_card(s, n))
		return IDENTIFIER_FOREIGNER_ID;
	if (strchr("HM", s[0]) != NULL && (n == 9 || n == 11) && rule_digits(s + 1, n - 1))
		return IDENTIFIER_HKM_PERMIT;
	if ((digits == 8 || digits == 10) && (n == digits || s[digits] == '(' || n == 11))
		return IDENTIFIER_TW_PERMIT;
	if (strchr(s, '<') == NULL && (n > 12 || (n > 9 && digits + 1 >= n)))
		return IDENTIFIER_ID_CARD;
	return IDENTIFIER_PASSPORT;
}

static enum verdict by_kind(const char *s, int32_t today, struct finding *out)
{
	enum verdict v;

	switch (shape(s)) {
	case IDENTIFIER_FOREIGNER_ID:
		v = check_foreigner_id(s, today, out);
		return v != VERDICT_OK ? v
				       : rule_say(out, VERDICT_INFO, "person-id.kind", "%s",
						 tr("外国人永久居留身份证"));
	case IDENTIFIER_HKM_PERMIT:
		return rule_say(
			out, VERDICT_INFO, "person-id.kind", "%s", tr("港澳居民来往内地通行证"));
	case IDENTIFIER_TW_PERMIT:
		return taiwan(s, today, out);
	case IDENTIFIER_ID_CARD:
		return check_id_card(s, today, out);
	default:
		v = check_passport(s, today, out);
		return v != VERDICT_OK
			       ? v
			       : rule_say(out, VERDICT_INFO, "person-id.kind", "%s", tr("护照"));
	}
}

enum verdict check_person_id(const char *s, int32_t today, struct finding *out)
{
	enum verdict v = by_kind(s, today, out);

	if (v == VERDICT_ERROR && rule_is_company(s))
		return rule_say(out, v, "person-id.company",
			tr("这是单位的统一社会信用代码, 不是人的证件号码"));
	return v;
}

const char *person_id_type(const char *s, enum verdict v)
{
	enum identifier_kind kind = shape(s);

	if (v == VERDICT_ERROR) {
		if (s[0] == '\0' || rule_is_company(s))
			return "";
		if (kind == IDENTIFIER_PASSPORT || kind == IDENTIFIER_TW_PERMIT ||
			(kind == IDENTIFIER_ID_CARD && s[0] >= 'A' && s[0] <= 'Z'))
			return s[0] >= 'A' && s[0] <= 'Z' && strpbrk(s, "0123456789") ? "414" : "";
	}
	switch (kind) {
	case IDENTIFIER_ID_CARD:
		return "111";
	case IDENTIFIER_HKM_PERMIT:
		return "516";
	case IDENTIFIER_TW_PERMIT:
		return "511";
	case IDENTIFIER_FOREIGNER_ID:
		return "553";
	default:
		return "414";
	}
}

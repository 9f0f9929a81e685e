#include "core/domain/identifier.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier_rules.h"

struct kind_entry {
	const char *name;
	enum verdict (*check)(const char *s, int32_t today, struct finding *out);
};

static const struct kind_entry kinds[IDENTIFIER__MAX] = {
	[IDENTIFIER_ID_CARD] = {"id-card", check_id_card},
	[IDENTIFIER_USCC] = {"uscc", check_uscc},
	[IDENTIFIER_ORG_CODE] = {"org-code", check_org_code},
	[IDENTIFIER_MOBILE] = {"mobile", check_mobile},
	[IDENTIFIER_PHONE] = {"phone", check_phone},
	[IDENTIFIER_POSTCODE] = {"postcode", check_postcode},
	[IDENTIFIER_BANK_CARD] = {"bank-card", check_bank_card},
	[IDENTIFIER_PASSPORT] = {"passport", check_passport},
	[IDENTIFIER_HKM_PERMIT] = {"hkm-permit", check_hkm_permit},
	[IDENTIFIER_TW_PERMIT] = {"tw-permit", check_tw_permit},
	[IDENTIFIER_FOREIGNER_ID] = {"foreigner-id", check_foreigner_id},
	[IDENTIFIER_BUSINESS_REG] = {"business-reg", check_business_reg},
	[IDENTIFIER_REGION] = {"region", check_region},
	[IDENTIFIER_PERSON_ID] = {"person-id", check_person_id},
	[IDENTIFIER_NAME] = {"name", check_person_name},
	[IDENTIFIER_CONTACT] = {"contact", check_contact},
};

bool identifier_kind_by_name(const char *name, enum identifier_kind *out)
{
	int i;

	for (i = 0; name != NULL && i < IDENTIFIER__MAX; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*out = (enum identifier_kind)i;
			return true;
		}
	}
	return false;
}

const char *identifier_kind_name(enum identifier_kind kind)
{
	return kinds[kind].name;
}

enum verdict rule_say(struct finding *out, enum verdict v, const char *rule, const char *fmt, ...)
{
	va_list ap;

	out->verdict = v;
	out->rule = rule;
	buf_clear(&out->message);
	va_start(ap, fmt);
	buf_vprintf(&out->message, fmt, ap);
	va_end(ap);
	return v;
}

size_t rule_plain(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0' && (unsigned char)s[n] < 0x80)
		n++;
	return n;
}

bool rule_digits(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

bool rule_say_no_digit(struct finding *out, const char *rule, const char *s)
{
	size_t i = strspn(s, "0123456789");

	if (s[i] == '\0')
		return false;
	if (s[i] >= 'A' && s[i] <= 'Z')
		rule_say(out, VERDICT_ERROR, rule, tr("第 %zu 位是字母 %c, 应为数字"), i + 1, s[i]);
	else if (s[i] > 0x20 && s[i] < 0x7F)
		rule_say(out, VERDICT_ERROR, rule, tr("第 %zu 位是 %c, 应为数字"), i + 1, s[i]);
	else
		rule_say(out, VERDICT_ERROR, rule, tr("第 %zu 个字不是数字"), i + 1);
	return true;
}

/* Dashes of every kind that a keyboard or a printed paper has. */
static bool is_dash(uint32_t cp)
{
	return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xFF0D;
}

/* A variation selector chooses the glyph of the character before it. */
static bool is_nothing(uint32_t cp)
{
	return text_is_unseen(cp) || (cp >= 0xFE00 && cp <= 0xFE0F);
}

/* The last place of a citizen's number is the Roman ten (GB 11643), and is typed as such, as a
 * multiplication sign, or by a Cyrillic or Greek keyboard. */
static bool is_ten(uint32_t cp)
{
	return cp == 0x2169 || cp == 0x2179 || cp == 0xD7 || cp == 0x425 || cp == 0x445 ||
	       cp == 0x3A7 || cp == 0x3C7;
}

/*
 * Half width, upper case, no blanks. Dashes go too, but in a telephone number, where they separate
 * area code and extension.
 */
static void normalise(enum identifier_kind kind, const char *value, struct buf *out)
{
	struct buf half = {0};
	size_t len, at = 0;

	text_halfwidth(&half, value);
	for (len = half.len; at < len;) {
		uint32_t cp = (unsigned char)half.data[at];
		size_t n = cp < 0x80 ? 1 : text_decode(half.data + at, len - at, &cp);
		if ((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z')) {
			buf_addc(out, (char)cp);
		} else if (is_dash(cp)) {
			if (kind == IDENTIFIER_PHONE || kind == IDENTIFIER_CONTACT)
				buf_addc(out, '-');
		} else if (kind == IDENTIFIER_MOBILE && (cp == '(' || cp == ')')) {
			/* (+86)138…: they part what they stand around */
		} else if (cp >= 'a' && cp <= 'z') {
			buf_addc(out, (char)(cp - 'a' + 'A'));
		} else if (is_ten(cp)) {
			buf_addc(out, 'X');
		} else if (cp == 0xFFFD || cp < 0x20 || cp == 0x7F) {
			buf_adds(out, is_nothing(cp) ? "" : "?"); /* stays visible as a fault */
		} else if (!is_nothing(cp)) {
			buf_add(out, half.data + at, n);
		}
		at += n;
	}
	buf_fini(&half);
}

enum {
	LONGEST_BYTES = 200,
	LONGEST_NAME_BYTES = 600 /* some 150 characters; a rare one has four bytes */
};

static enum verdict say_too_long(enum identifier_kind kind, struct finding *out)
{
	return rule_say(out, VERDICT_ERROR, "length", "%s",
		kind == IDENTIFIER_NAME ? tr("太长了, 不是一个人的姓名")
					: tr("太长了, 不是这种号码"));
}

enum verdict identifier_check(
	enum identifier_kind kind, const char *value, int32_t today, struct finding *out)
{
	size_t longest = kind == IDENTIFIER_NAME ? LONGEST_NAME_BYTES : LONGEST_BYTES;
	struct buf canonical = {0};
	enum verdict v;

	finding_clear(out);
	if (strlen(value) > longest) {
		buf_add(&out->normalised, value, text_fit(value, 40, NULL));
		return say_too_long(kind, out);
	}
	if (kind == IDENTIFIER_NAME)
		normalise_person_name(value, &canonical);
	else
		normalise(kind, value, &canonical);
	buf_adds(&out->normalised, buf_str(&canonical));
	if (canonical.len == 0)
		v = rule_say(out, VERDICT_ERROR, "empty", "%s", tr("没有填"));
	else
		v = kinds[kind].check(buf_str(&canonical), today, out);
	buf_fini(&canonical);
	return v;
}

const char *identifier_person_type(const char *value, int32_t today)
{
	struct finding f = {0};
	struct buf canonical = {0};
	enum verdict v = identifier_check(IDENTIFIER_PERSON_ID, value, today, &f);
	const char *type = "";

	if (strlen(value) <= LONGEST_BYTES) {
		normalise(IDENTIFIER_PERSON_ID, value, &canonical);
		type = person_id_type(buf_str(&canonical), v);
	}
	buf_fini(&canonical);
	finding_fini(&f);
	return type;
}

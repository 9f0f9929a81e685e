/* Mobile numbers, postcodes, bank cards, travel documents. */
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"
#include "core/domain/identifier_rules.h"
#include "core/domain/mrz.h"

/* Number ranges given out to operators by 2026; others may follow: a warning at most. 144, 146 and
 * 148 are ranges of 13 digits. */
static bool is_given_out(const char *s)
{
	static const char unused[][4] = {"140", "141", "142", "143", "144", "146", "148", "154",
		"160", "161", "163", "164", "168", "169", "179", "194"};
	size_t i;

	if (strncmp(s, "1610", 4) == 0)
		return true;
	for (i = 0; i < sizeof unused / sizeof unused[0]; i++)
		if (strncmp(s, unused[i], 3) == 0)
			return false;
	return true;
}

/* 13 digits of machines: 1064, 1410, 144, 146, 148 (电信网编号计划). */
static bool is_of_machines(const char *s, size_t n)
{
	return n == 13 && (strncmp(s, "1064", 4) == 0 || strncmp(s, "1410", 4) == 0 ||
				  strncmp(s, "144", 3) == 0 || strncmp(s, "146", 3) == 0 ||
				  strncmp(s, "148", 3) == 0);
}

/* 05392251234, 2251234, 4008208820: no mobile number begins like these, however it was broken off.
 */
static bool is_landline(const char *s)
{
	size_t n = strlen(s), area = rule_area_code(s);

	if (area > 0)
		return n >= area + 7;
	return ((n == 7 || n == 8) && s[0] > '1') ||
	       (n == 10 && (strncmp(s, "400", 3) == 0 || strncmp(s, "800", 3) == 0));
}

enum verdict check_mobile(const char *s, int32_t today, struct finding *out)
{
	char bare[32];
	size_t n;

	(void)today;
	if (rule_is_from_abroad(s))
		return rule_say(out, VERDICT_WARNING, "mobile.abroad",
			tr("这是境外的号码, 收不到本地短信, 请与本人核对"));
	s = rule_without_country(s);
	n = strlen(s);
	if (rule_say_no_digit(out, "mobile.form", s))
		return VERDICT_ERROR;
	if (is_landline(s))
		return rule_say(out, VERDICT_ERROR, "mobile.landline",
			tr("这是固定电话, 收不到短信, 这里填 11 位的手机号"));
	if (is_of_machines(s, n)) {
		buf_clear(&out->normalised);
		buf_adds(&out->normalised, s);
		return rule_say(out, VERDICT_WARNING, "mobile.machine",
			tr("这是 13 位的物联网号码, 打不通电话, 请与本人核对"));
	}
	if (n == 12 && s[0] == '0' && s[1] == '1' && s[2] > '2')
		return rule_say(
			out, VERDICT_ERROR, "mobile.zero", tr("手机号前不加 0, 应为 %s"), s + 1);
	if (n != 11)
		return rule_say(out, VERDICT_ERROR, "mobile.length",
			n < 11 ? tr("手机号 11 位, 现在是 %zu 位, 请补全")
			       : tr("手机号 11 位, 现在是 %zu 位, 请核对"),
			n);
	/* 92 and 98 are seen in other systems' rules: not ours to refuse. */
	if (strncmp(s, "92", 2) == 0 || strncmp(s, "98", 2) == 0) {
		buf_clear(&out->normalised);
		buf_adds(&out->normalised, s);
		return rule_say(out, VERDICT_WARNING, "mobile.segment",
			tr("%.3s 号段未见启用, 请与本人核对"), s);
	}
	if (s[0] != '1' || s[1] < '3')
		return rule_say(out, VERDICT_ERROR, "mobile.range", tr("手机号以 13 到 19 开头"));
	memcpy(bare, s, 12);
	buf_clear(&out->normalised);
	buf_adds(&out->normalised, bare);
	if (!is_given_out(bare))
		return rule_say(out, VERDICT_WARNING, "mobile.segment",
			tr("%.3s 号段未见启用, 请与本人核对"), bare);
	return VERDICT_OK;
}

enum {
	CONTACT_LONGEST = 40 /* with signs: a landline with its extension */
};

/* Without the signs that part a number: what a mobile number is checked by. */
static void without_signs(const char *s, char *out)
{
	for (; *s != '\0'; s++)
		if (strchr("-()", *s) == NULL)
			*out++ = *s;
	*out = '\0';
}

/* An area code, or the country's and no 1 behind it; or it is as long as a landline. */
static bool is_fixed(const char *bare)
{
	const char *at = rule_without_country(bare);

	return rule_area_code(at) > 0 || is_landline(at) || (at != bare && *at > '1');
}

/*
 * Who has no mobile is reached at home, or not at all: what law asks for is how to reach the
 * applicant (国办发〔2020〕45号: nobody is turned away at a window for want of a telephone that is
 * smart). A landline gets no messages, so it is taken with a reason.
 */
enum verdict check_contact(const char *s, int32_t today, struct finding *out)
{
	struct finding landline = {0};
	char bare[CONTACT_LONGEST];
	enum verdict v;

	if (strlen(s) >= sizeof bare)
		return rule_say(out, VERDICT_ERROR, "contact.form", tr("电话号码太长, 请核对"));
	without_signs(s, bare);
	if (!is_fixed(bare)) {
		buf_clear(&out->normalised);
		buf_adds(&out->normalised, bare);
		return check_mobile(bare, today, out);
	}
	buf_adds(&landline.normalised, s);
	v = check_phone(s, today, &landline);
	buf_clear(&out->normalised);
	buf_adds(&out->normalised, buf_str(&landline.normalised));
	if (v == VERDICT_ERROR || v == VERDICT_WARNING)
		v = rule_say(out, v, landline.rule, "%s", buf_str(&landline.message));
	else
		v = rule_say(out, VERDICT_WARNING, "contact.landline",
			tr("固定电话, 收不到短信; 没有手机的请写明"));
	finding_fini(&landline);
	return v;
}

enum {
	MOBILE_DIGITS = 11
};

void identifier_mask_telephone(struct buf *out, const char *number)
{
	const size_t digits = strspn(number, "0123456789");

	if (number[0] == '1' && digits == MOBILE_DIGITS && number[digits] == '\0')
		text_mask(out, number, 3, 4);
	else
		text_mask(out, number, strchr("0+(", number[0]) != NULL ? 4 : 0, 2);
}

static const char *past_signs(const char *s)
{
	return s + strspn(s, "-() ");
}

static bool telephone_begins(const char *number, const char *words)
{
	for (words = past_signs(words); *words != '\0'; words = past_signs(words + 1)) {
		number = past_signs(number);
		if (*number++ != *words)
			return false;
	}
	return true;
}

bool identifier_telephone_holds(const char *number, const char *words)
{
	if (*past_signs(words) == '\0')
		return false;
	for (; *number != '\0'; number++)
		if (telephone_begins(number, words))
			return true;
	return false;
}

/* The first two digits of a postcode name a province: '+' given out, '?' given out by no list that
 * is sure of it (neighbours of provinces', numbers kept in reserve), '-' nobody's. By the tens. */
static char postal_province(const char *s)
{
	static const char *const given[10] = {
		"-+++++++--", /* 0: 内蒙古 山西 河北 */
		"++++-++---", /* 1: 北京 辽宁 吉林 黑龙江 */
		"++++++++--", /* 2: 上海 江苏 安徽 山东 */
		"+++++++---", /* 3: 天津 浙江 江西 福建 */
		"++++++++--", /* 4: 重庆 湖南 湖北 河南 */
		"?+++++++--", /* 5: 广东 广西 贵州 海南 */
		"?+++++++--", /* 6: 四川 云南 */
		"?+++++----", /* 7: 陕西 甘肃 宁夏 */
		"?+?+++++??", /* 8: 青海 新疆 西藏 */
		"??????????", /* 9: 香港 999077 澳门 999078 台湾 999079 */
	};

	return given[s[0] - '0'][s[1] - '0'];
}

enum verdict check_postcode(const char *s, int32_t today, struct finding *out)
{
	(void)today;
	if (rule_say_no_digit(out, "postcode.form", s))
		return VERDICT_ERROR;
	if (strlen(s) != 6)
		return rule_say(out, VERDICT_ERROR, "postcode.form",
			tr("邮政编码是 6 位数字, 现在是 %zu 位"), strlen(s));
	if (strcmp(s, "999077") == 0 || strcmp(s, "999078") == 0 || strcmp(s, "999079") == 0)
		return VERDICT_OK;
	switch (postal_province(s)) {
	case '-':
		return rule_say(out, VERDICT_ERROR, "postcode.province",
			tr("%.2s 开头的邮政编码不存在, 请核对"), s);
	case '?':
		return rule_say(out, VERDICT_WARNING, "postcode.doubtful",
			tr("%.2s 开头的邮政编码未见启用, 请与本人核对"), s);
	default:
		return VERDICT_OK;
	}
}

bool rule_luhn(const char *digits)
{
	size_t n = strlen(digits), i;
	int sum = 0;

	for (i = 0; i < n; i++) {
		int d = digits[n - 1 - i] - '0';
		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

enum verdict check_bank_card(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s);

	(void)today;
	if (rule_say_no_digit(out, "bank-card.form", s))
		return VERDICT_ERROR;
	if (strspn(s, "0") == n)
		return rule_say(out, VERDICT_ERROR, "bank-card.zeros",
			tr("全是 0, 不是卡号, 请对照卡面重打"));
	if (n > 19 && n <= 24 && rule_luhn(s))
		return rule_say(out, VERDICT_WARNING, "bank-card.length",
			tr("卡号一般 12 到 19 位, 现在是 %zu 位, 请核对卡面"), n);
	if (n < 12 || n > 19)
		return rule_say(out, VERDICT_ERROR, "bank-card.length",
			tr("银行卡号 12 到 19 位, 现在是 %zu 位"), n);
	if (!rule_luhn(s))
		return rule_say(out, VERDICT_ERROR, "bank-card.check-digit",
			tr("末位校验码对不上, 请逐位核对卡面"));
	return VERDICT_OK;
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* E12345678, EA1234567 (no I, O), G12345678, and the older 14, 15, S, D, P series. */
static bool is_chinese_passport(const char *s, size_t n)
{
	if (n != 9)
		return false;
	if (strchr("EGDSP", s[0]) != NULL && rule_digits(s + 1, 8))
		return true;
	if ((strncmp(s, "DE", 2) == 0 || strncmp(s, "SE", 2) == 0 || strncmp(s, "PE", 2) == 0) &&
		rule_digits(s + 2, 7))
		return true;
	if (s[0] == 'E' && is_letter(s[1]) && s[1] != 'I' && s[1] != 'O' && rule_digits(s + 2, 7))
		return true;
	return (strncmp(s, "14", 2) == 0 || strncmp(s, "15", 2) == 0) && rule_digits(s, 9);
}

/* Hong Kong: H, K, HA, KA, HJ, KJ …; Macao: MA, MB, M. */
static bool is_hkm_passport(const char *s, size_t n)
{
	if (n != 9 || strchr("HKM", s[0]) == NULL)
		return false;
	return rule_digits(s + 1, 8) || (is_letter(s[1]) && rule_digits(s + 2, 7));
}

/* One of our own series written wrongly: EI, EO, a letter behind G, a C or K read where DE, SE, PE
 * have their E. Other letters are of other countries: PA of Laos, PB of Sierra Leone. */
static bool is_series_miswritten(const char *s, size_t n)
{
	if (n != 9 || !is_letter(s[1]) || !rule_digits(s + 2, 7))
		return false;
	return s[0] == 'E' || s[0] == 'G' ||
	       (strchr("DSP", s[0]) != NULL && strchr("CK", s[1]) != NULL);
}

static enum verdict check_number(const char *s, struct finding *out)
{
	size_t n = strlen(s), i, digits = 0;

	if (is_chinese_passport(s, n) || is_hkm_passport(s, n))
		return VERDICT_OK;
	for (i = 0; i < n; i++) {
		if (!is_letter(s[i]) && !rule_digits(s + i, 1))
			return rule_say(out, VERDICT_ERROR, "passport.form",
				tr("护照号只有字母和数字, 第 %zu 位不是"), i + 1);
		digits += rule_digits(s + i, 1);
	}
	/* Some (German ones) mix letters and digits freely. */
	if (n < 6 || n > 12 || digits == 0)
		return rule_say(out, VERDICT_ERROR, "passport.length",
			tr("护照号 6 到 12 位, 字母和数字, 请对照护照"));
	if (is_series_miswritten(s, n))
		return rule_say(out, VERDICT_ERROR, "passport.series",
			tr("没有 %.2s 系列的中国护照 (E 后的字母不用 I、O; D、S、P 后只有 E), 请对照护照"),
			s);
	return rule_say(out, VERDICT_WARNING, "passport.foreign",
		tr("不是中国护照的编号, 若为外国护照请核对原件后说明"));
}

/* A reader's two lines give the number: their check digits vouch for a foreign one too. */
enum verdict check_passport(const char *s, int32_t today, struct finding *out)
{
	char number[MRZ_NUMBER_SIZE];
	const char *what = NULL;

	(void)today;
	switch (mrz_read(s, number, &what)) {
	case MRZ_NONE:
		return check_number(s, out);
	case MRZ_LENGTH:
		return rule_say(out, VERDICT_ERROR, "passport.mrz-length",
			tr("机读码应为两行各 44 个字符, 现在共 %zu 个, 请再扫一次或打护照号"),
			strlen(s));
	case MRZ_WRONG:
		return rule_say(out, VERDICT_ERROR, "passport.mrz-check-digit",
			tr("机读码里%s的校验码对不上, 请再扫一次或打护照号"), tr(what));
	case MRZ_PASSPORT:
	case MRZ_CARD: /* not of these lines */
		break;
	}
	buf_clear(&out->normalised);
	buf_adds(&out->normalised, number);
	if (number[0] == '\0' || check_number(number, out) == VERDICT_ERROR)
		return rule_say(out, VERDICT_ERROR, "passport.form",
			tr("机读码里没有可用的护照号, 请打护照号"));
	return rule_say(out, VERDICT_OK, NULL, "%s", "");
}

enum verdict check_hkm_permit(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s);

	(void)today;
	if ((s[0] != 'H' && s[0] != 'M') || (n != 9 && n != 11) || !rule_digits(s + 1, n - 1))
		return rule_say(out, VERDICT_ERROR, "hkm-permit.form",
			tr("应为 H 或 M 加 8 位数字 (可再加 2 位换证次数)"));
	return VERDICT_OK;
}

enum verdict check_tw_permit(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s);

	(void)today;
	if (n > 3 && s[n - 1] == ')') /* 0123456789(B): the letter of the issue */
		n = strcspn(s, "(");
	else if (n == 11 && is_letter(s[10])) /* the same, keyed without its brackets */
		n = 10;
	if ((n != 8 && n != 10) || !rule_digits(s, n))
		return rule_say(
			out, VERDICT_ERROR, "tw-permit.form", tr("应为 8 位数字 (旧版 10 位)"));
	return VERDICT_OK;
}

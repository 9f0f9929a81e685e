/* Landlines: 区号 (010, 02x, 03xx to 09xx), the subscriber's 7 or 8 digits, an extension; 400 and
 * 800 numbers, services, numbers from abroad. */
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier_rules.h"

enum {
	LONGEST = 64,
	SHORTEST_NUMBER = 7, /* of a subscriber, without the area code */
	LONGEST_NUMBER = 8,
	LONGEST_EXTENSION = 6,
	TOLL_FREE_DIGITS = 10
};

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

const char *rule_without_country(const char *s)
{
	size_t n = strlen(s);

	if (strncmp(s, "+86", 3) == 0)
		return s + 3;
	if (strncmp(s, "0086", 4) == 0)
		return s + 4;
	if (strncmp(s, "86-", 3) == 0 || (strncmp(s, "86", 2) == 0 && n == 13))
		return s + 2;
	return s;
}

/* 86 539 2251234 comes here without its blanks: no number within the country has so many digits. */
static const char *without_country(const char *s)
{
	const char *at = rule_without_country(s);
	size_t n = digits(s);

	return at == s && strncmp(s, "86", 2) == 0 && (n == 12 || n == 13) ? s + 2 : at;
}

bool rule_is_from_abroad(const char *s)
{
	size_t n = 0;

	if (s[0] == '+')
		s++;
	else if (strncmp(s, "00", 2) == 0)
		s += 2;
	else
		return false;
	if (*s < '1' || *s > '9' || strncmp(s, "86", 2) == 0)
		return false;
	for (; *s != '\0'; s++) {
		if (*s != '-' && !rule_digits(s, 1))
			return false;
		n += *s != '-';
	}
	return n >= 8 && n <= 15;
}

size_t rule_area_code(const char *s)
{
	if (s[0] != '0' || s[1] == '0')
		return 0;
	if (s[1] == '1')
		return s[2] == '0' ? 3 : 0;
	if (s[1] == '2')
		return rule_digits(s + 2, 1) ? 3 : 0;
	return digits(s) >= 4 ? 4 : 0;
}

/* Behind the signs before an extension: 转, 分机, ext … (转分机 too); s itself: none stands here.
 */
static const char *behind_sign(const char *s)
{
	static const char *const signs[] = {
		"转", "分机号", "分机", "内线", "EXT.", "EXT", "X", "-", "#", "*", ":"};
	size_t i;

	do {
		for (i = 0; i < sizeof signs / sizeof signs[0]; i++)
			if (strncmp(s, signs[i], strlen(signs[i])) == 0)
				break;
		if (i < sizeof signs / sizeof signs[0])
			s += strlen(signs[i]);
	} while (i < sizeof signs / sizeof signs[0]);
	return s;
}

/* Nothing, or an extension and nothing behind it. */
static bool is_end(const char *s)
{
	const char *extension = behind_sign(s);
	size_t n = digits(extension);

	return *s == '\0' ||
	       (extension > s && n >= 1 && n <= LONGEST_EXTENSION && extension[n] == '\0');
}

/* What stands behind the subscriber's digits; *count: how many they are. 8888-8888 and 225-1234 are
 * one number, written in two. */
static const char *behind_number(const char *s, size_t *count)
{
	size_t n = digits(s), more = s[n] == '-' ? digits(s + n + 1) : 0;

	*count = n;
	if ((n == 3 && more == 4) || (n == 4 && (more == 3 || more == 4))) {
		*count = n + more;
		return s + n + 1 + more;
	}
	return s + n;
}

static bool is_subscriber(const char *s)
{
	size_t n;
	const char *end = behind_number(s, &n);

	return n >= SHORTEST_NUMBER && n <= LONGEST_NUMBER && s[0] != '0' && is_end(end);
}

static bool is_landline(const char *s)
{
	size_t area = rule_area_code(s);

	return is_subscriber(s + area + (area > 0 && s[area] == '-'));
}

/* 110, 12345, 95588, 955880, 96123: numbers that any telephone can dial without an area code. */
static bool is_service(const char *s)
{
	size_t n = strlen(s);

	if (!rule_digits(s, n))
		return false;
	return (n == 3 && strncmp(s, "11", 2) == 0) ||
	       ((n == 5 || n == 6) && (strncmp(s, "95", 2) == 0 || strncmp(s, "96", 2) == 0)) ||
	       (n == 5 && (strncmp(s, "10", 2) == 0 || strncmp(s, "12", 2) == 0));
}

/* What stands behind the digits of 400-820-8820; *count: how many they are. */
static const char *behind_toll_free(const char *s, size_t *count)
{
	for (*count = 0; rule_digits(s, 1) || (*s == '-' && *count < TOLL_FREE_DIGITS); s++)
		*count += *s != '-';
	return s;
}

/* A bracket parts as a dash does: (0539)5550100, 0539-5550100(801). No dash stands twice. */
static void without_brackets(const char *s, char out[LONGEST])
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		bool parts = *s == '-' || *s == '(' || *s == ')';
		if (!parts)
			out[n++] = *s;
		else if (n > 0 && out[n - 1] != '-' && (*s != ')' || s[1] != '\0'))
			out[n++] = '-';
	}
	out[n] = '\0';
}

/* given: as it was typed, without blanks; the place is counted in it. */
static enum verdict say_letter(const char *given, struct finding *out)
{
	size_t i = strspn(given, "+0123456789-()");

	if (given[i] >= 'A' && given[i] <= 'Z')
		return rule_say(out, VERDICT_ERROR, "phone.form",
			tr("第 %zu 个字是字母 %c, 电话号码里只有数字, 请核对"), i + 1, given[i]);
	if ((unsigned char)given[i] > 0x20 && (unsigned char)given[i] < 0x7F)
		return rule_say(out, VERDICT_ERROR, "phone.form",
			tr("第 %zu 个字是 %c, 电话号码里只有数字, 只填一个号码"), i + 1, given[i]);
	if (given[i] != '\0')
		return rule_say(
			out, VERDICT_ERROR, "phone.form", tr("第 %zu 个字不是数字, 请核对"), i + 1);
	return rule_say(out, VERDICT_ERROR, "phone.form",
		tr("固定电话写成 0539-5550100 或 5550100, 分机接在后面: 0539-5550100-12"));
}

static enum verdict say_extension(struct finding *out)
{
	return rule_say(out, VERDICT_ERROR, "phone.extension",
		tr("分机号应为 1 到 6 位数字, 接在号码后面: 0539-5550100-12"));
}

/* 400 and 800 numbers; at: from there on. */
static enum verdict check_toll_free(const char *given, const char *at, struct finding *out)
{
	size_t n;
	const char *end = behind_toll_free(at, &n);

	if (n == TOLL_FREE_DIGITS && is_end(end))
		return VERDICT_OK;
	if (*end != '\0' && behind_sign(end) == end)
		return say_letter(given, out);
	if (n == TOLL_FREE_DIGITS)
		return say_extension(out);
	return rule_say(out, VERDICT_ERROR, "phone.length",
		tr("%.3s 电话 10 位, 现在是 %zu 位, 请核对"), at, n);
}

/* at: the number from its area code on. */
static enum verdict say_fault(const char *given, const char *at, struct finding *out)
{
	char with_zero[LONGEST + 1] = "0";
	size_t area = rule_area_code(at), n;
	const char *number = at + area + (area > 0 && at[area] == '-'), *end;

	memcpy(with_zero + 1, at, strlen(at) + 1);
	if (rule_area_given(with_zero) && is_landline(with_zero))
		return rule_say(
			out, VERDICT_ERROR, "phone.area", tr("区号前少了 0, 应为 %s"), with_zero);
	end = behind_number(number, &n);
	if (*end != '\0' && behind_sign(end) == end)
		return say_letter(given, out);
	if (area == 0 && at[0] == '0' && n >= 4)
		return rule_say(
			out, VERDICT_ERROR, "phone.area", tr("没有 %.3s 开头的区号, 请核对"), at);
	if (n > 0 && number[0] == '0')
		return rule_say(out, VERDICT_ERROR, "phone.zero",
			area > 0 ? tr("区号后面的号码不以 0 开头, 请核对")
				 : tr("以 0 开头的是区号, 后面还要有 7 或 8 位号码"));
	if (n < SHORTEST_NUMBER || n > LONGEST_NUMBER)
		return rule_say(out, VERDICT_ERROR, "phone.length",
			area > 0 ? tr("区号后面的号码应为 7 或 8 位, 现在是 %zu 位")
				 : tr("不带区号的固定电话应为 7 或 8 位, 现在是 %zu 位"),
			n);
	return say_extension(out);
}

/* In the places of 010 and 02x all numbers have 8 digits. */
static enum verdict say_landline(const char *at, struct finding *out)
{
	size_t area = rule_area_code(at), n;

	if (area > 0 && !rule_area_given(at))
		return rule_say(out, VERDICT_WARNING, "phone.area-unused",
			tr("区号 %.*s 未见启用, 请与本人核对"), (int)area, at);
	behind_number(at + area + (at[area] == '-'), &n);
	if (area == 3 && n < LONGEST_NUMBER)
		return rule_say(out, VERDICT_WARNING, "phone.short",
			tr("区号 %.3s 的号码是 8 位, 现在是 %zu 位, 请与本人核对"), at, n);
	return VERDICT_OK;
}

/* plain: without brackets; from +86 on. */
static const char *from_area_code(char *plain, struct finding *out)
{
	char *at = (char *)(uintptr_t)without_country(plain);

	if (at == plain)
		return at;
	at += *at == '-';
	if (is_subscriber(at))
		return at;
	if (rule_digits(at, 1) && *at != '0' && strncmp(at, "400", 3) != 0 &&
		strncmp(at, "800", 3) != 0) /* 539 2251234: abroad the area code has no 0 */
		*--at = '0';
	buf_clear(&out->normalised);
	buf_adds(&out->normalised, at);
	return at;
}

enum verdict check_phone(const char *s, int32_t today, struct finding *out)
{
	char plain[LONGEST];
	const char *at;

	(void)today;
	if (strlen(s) >= sizeof plain)
		return rule_say(out, VERDICT_ERROR, "phone.form", tr("电话号码太长, 请核对"));
	without_brackets(s, plain);
	if (rule_is_from_abroad(plain))
		return rule_say(
			out, VERDICT_WARNING, "phone.abroad", tr("这是境外的号码, 请与本人核对"));
	at = without_country(plain);
	at += at != plain && *at == '-';
	if (digits(at) == 11 && at[11] == '\0' && at[0] == '1')
		return rule_say(out, VERDICT_ERROR, "phone.mobile",
			tr("这是手机号, 请填在手机一栏; 这里填固定电话"));
	at = from_area_code(plain, out);
	if (is_service(at))
		return rule_say(out, VERDICT_INFO, "phone.service", "%s",
			tr("这是服务热线, 不是哪一家的固定电话"));
	if (is_landline(at))
		return say_landline(at, out);
	if (strncmp(at, "400", 3) == 0 || strncmp(at, "800", 3) == 0)
		return check_toll_free(s, at, out);
	return say_fault(s, at, out);
}

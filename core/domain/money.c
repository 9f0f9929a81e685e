#include "core/domain/money.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"

struct script {
	const char *digits[10];
	const char *units[4];  /* of a group of four: ones, tens, hundreds, thousands */
	const char *groups[4]; /* ones, 万, 亿, 万亿 */
};

static const struct script said = {{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"},
	{"", "十", "百", "千"}, {"", "万", "亿", "万亿"}};
static const struct script written = {{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"},
	{"", "拾", "佰", "仟"}, {"", "万", "亿", "万亿"}};

enum {
	WHOLE_DIGITS_MAX = 16 /* four groups */
};
static const int64_t FEN_END = 1000000000000000000; /* one more than four groups of yuan can hold */

/* One group of four digits; *zero: a zero is owed before the next digit that is not zero. */
static void group_words(const struct script *s, int value, bool *zero, bool begun, struct buf *out)
{
	static const int tens[4] = {1, 10, 100, 1000};
	int i;

	for (i = 3; i >= 0; i--) {
		int digit = value / tens[i] % 10;
		if (digit == 0) {
			*zero = *zero || begun;
			continue;
		}
		if (*zero)
			buf_adds(out, s->digits[0]);
		*zero = false;
		begun = true;
		buf_adds(out, s->digits[digit]);
		buf_adds(out, s->units[i]);
	}
}

static void words(const struct script *s, int64_t n, struct buf *out)
{
	static const int64_t sizes[4] = {1, 10000, 100000000, 1000000000000};
	bool zero = false, begun = false;
	int i;

	for (i = 3; i >= 0; i--) {
		int value = (int)(n / sizes[i] % 10000);
		if (value == 0) {
			zero = zero || begun;
			continue;
		}
		group_words(s, value, &zero, begun, out);
		/* 一万亿 with 亿 behind it is said 一万二千亿: the 亿 comes once, at the end */
		buf_adds(out, i == 3 && n / sizes[2] % 10000 != 0 ? s->groups[1] : s->groups[i]);
		begun = true;
	}
	if (!begun)
		buf_adds(out, s->digits[0]);
}

bool number_words(const char *decimal, struct buf *out)
{
	bool minus = *decimal == '-';
	const char *whole = decimal + minus;
	size_t n = strspn(whole, "0123456789");
	const char *part = whole[n] == '.' ? whole + n + 1 : whole + n;
	size_t parts = strspn(part, "0123456789");

	if (n == 0 || n > WHOLE_DIGITS_MAX || part[parts] != '\0' ||
		(*whole && part[-1] == '.' && parts == 0))
		return false;
	if (minus && strspn(whole, "0.") < strlen(whole))
		buf_adds(out, "负");
	words(&said, strtoll(whole, NULL, 10), out);
	if (parts > 0)
		buf_adds(out, "点");
	for (; *part != '\0'; part++)
		buf_adds(out, said.digits[*part - '0']);
	return true;
}

bool money_words(int64_t fen, struct buf *out)
{
	int64_t yuan, all;
	int jiao, cents;

	if (fen <= -FEN_END || fen >= FEN_END)
		return false;
	all = llabs(fen);
	yuan = all / 100;
	jiao = (int)(all / 10 % 10);
	cents = (int)(all % 10);
	if (fen < 0)
		buf_adds(out, "负");
	if (yuan > 0 || (jiao == 0 && cents == 0)) {
		words(&written, yuan, out);
		buf_adds(out, "元");
	}
	if (jiao == 0 && cents == 0) {
		buf_adds(out, "整");
		return true;
	}
	if (jiao > 0) {
		buf_adds(out, written.digits[jiao]);
		buf_adds(out, "角");
	} else if (yuan > 0) {
		buf_adds(out, "零");
	}
	if (cents > 0) {
		buf_adds(out, written.digits[cents]);
		buf_adds(out, "分");
	} else {
		buf_adds(out, "整");
	}
	return true;
}

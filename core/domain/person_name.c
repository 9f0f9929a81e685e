/*
 * A person's name, as identity cards, permits and passports write it: Han characters of any plane,
 * letters of any script, the dot · between the parts of a minority's name (GB 18030 A1A4, U+00B7,
 * as the Ministry of Public Security has it written in registers and cards), and in names from
 * abroad blanks, hyphens, apostrophes, full stops, commas, brackets and strokes (CHAN, Tai Man;
 * a/l; s/o).
 *
 * An error is what stands on no certificate: digits (registers take characters only; ICAO Doc 9303
 * part 3 has passports write numerals in Roman letters), marks of other texts, two names in one.
 * What an old system could not write (a character of its own, □, ?, pinyin among Han characters) is
 * a warning, whatever its length: the person is real, and the clerk has the card before them.
 */
#include <string.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier_rules.h"

#define INTERPUNCT 0xB7u

enum {
	APART_MAX = 4,	   /* Han characters that are set apart to fill a line: 张 三 */
	LONG_NAME_CPS = 60 /* the longest in registers have some forty */
};

static bool is_one_of(uint32_t cp, const uint32_t *set)
{
	for (; *set != 0; set++)
		if (*set == cp)
			return true;
	return false;
}

static bool is_blank(uint32_t cp)
{
	static const uint32_t blanks[] = {' ', 0xA0, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0};

	return is_one_of(cp, blanks) || (cp >= 9 && cp <= 13) || (cp >= 0x2000 && cp <= 0x200A);
}

static bool is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) ||
	       (cp >= 0x20000 && cp <= 0x3FFFF) || cp == 0x3005 || cp == 0x3007;
}

/* Characters that a system added for itself, the same code another one elsewhere. */
static bool is_private(uint32_t cp)
{
	return (cp >= 0xE000 && cp <= 0xF8FF) || (cp >= 0xF0000 && cp <= 0x10FFFF);
}

/* What stands where a character could not be written: □ ■ ○ ● 〓 ? and a description by parts. */
static bool is_stand_in(uint32_t cp)
{
	static const uint32_t marks[] = {
		'?', 0x25A1, 0x25A0, 0x25A2, 0x25CB, 0x25EF, 0x25CF, 0x3013, 0x303E, 0x303F, 0};

	return is_one_of(cp, marks) || (cp >= 0x2FF0 && cp <= 0x2FFF) ||
	       (cp >= 0x2E80 && cp <= 0x2EFF) || (cp >= 0x31C0 && cp <= 0x31EF);
}

static bool is_latin(uint32_t cp)
{
	return (cp < 0x250 || (cp >= 0x1E00 && cp < 0x1F00)) && text_is_letter(cp);
}

/* ---- one way of writing ---- */

static uint32_t plain_sign(uint32_t cp)
{
	static const uint32_t dots[] = {0x2022, 0x2027, 0x2219, 0x22C5, 0x2024, 0x30FB, 0xFF65,
		0x0387, 0x16EB, 0x25AA, 0x00B7, 0};
	static const uint32_t apostrophes[] = {0x2018, 0x2019, 0x201B, 0x2032, 0x00B4, '`', 0};
	static const uint32_t hyphens[] = {
		0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0};

	if (is_one_of(cp, dots))
		return INTERPUNCT;
	if (is_one_of(cp, apostrophes))
		return '\'';
	if (is_one_of(cp, hyphens))
		return '-';
	if (cp >= 0x2F00 && cp <= 0x2FD5) /* a radical for the character: ⼩ */
		return text_base(cp);
	return cp;
}

static void add_cp(struct buf *out, uint32_t cp)
{
	char bytes[4];

	buf_add(out, bytes, text_encode(cp, bytes));
}

static uint32_t first_of(const char *s)
{
	uint32_t cp = 0;

	if (*s != '\0')
		text_decode(s, strlen(s), &cp);
	return cp;
}

static size_t han_count(const char *s)
{
	size_t len = strlen(s), at = 0, n = 0;

	while (at < len) {
		uint32_t cp;
		at += text_decode(s + at, len - at, &cp);
		n += is_han(cp);
	}
	return n;
}

/* One code for each sign, one blank for several; what is not seen goes. */
static void one_code(const char *value, struct buf *out)
{
	size_t len = strlen(value), at = 0;
	bool blank = false;

	while (at < len) {
		uint32_t cp;
		at += text_decode(value + at, len - at, &cp);
		if (is_blank(cp)) {
			blank = out->len > 0;
			continue;
		}
		if (text_is_unseen(cp))
			continue;
		if (blank)
			buf_addc(out, ' ');
		blank = false;
		add_cp(out, cp < 0x20 || (cp >= 0x7F && cp < 0xA0) ? 0xFFFD : plain_sign(cp));
	}
}

/* Dots and blanks behind the name. */
static void without_end(struct buf *s)
{
	size_t len = s->len, at = 0;

	for (s->len = 0; at < len;) {
		uint32_t cp;
		at += text_decode(s->data + at, len - at, &cp);
		if (cp != INTERPUNCT && cp != ' ')
			s->len = at;
	}
	if (s->data != NULL)
		s->data[s->len] = '\0';
}

/* Between Han characters a full stop is the dot of a keyboard; a blank in a short name only sets
 * its characters apart. Around the dot there is no blank, before and behind the name no dot. */
void normalise_person_name(const char *value, struct buf *out)
{
	struct buf half = {0}, s = {0};
	size_t at = 0;
	uint32_t before = 0;
	bool apart;

	text_halfwidth(&half, value);
	one_code(buf_str(&half), &s);
	without_end(&s);
	apart = han_count(buf_str(&s)) <= APART_MAX;
	while (at < s.len) {
		uint32_t cp, next;
		at += text_decode(s.data + at, s.len - at, &cp);
		next = first_of(s.data + at);
		if ((cp == '.' || cp == 0x3002) && is_han(before) && is_han(next))
			cp = INTERPUNCT;
		if (cp == ' ' && (before == INTERPUNCT || next == INTERPUNCT ||
					 (apart && is_han(before) && is_han(next))))
			continue;
		if (cp == INTERPUNCT && (before == 0 || before == INTERPUNCT))
			continue;
		before = cp;
		add_cp(out, cp);
	}
	buf_fini(&s);
	buf_fini(&half);
}

/* ---- what it can be ---- */

struct reading {
	struct finding *out;
	const char *name;
	uint32_t before; /* the character before this one; 0: none */
	size_t count, letters, han, all_han;
	size_t private, stand_in, mixed, sign, blank; /* the first of each; 0: none */
};

static void note_first(size_t *first, bool is, size_t place)
{
	if (is && *first == 0)
		*first = place;
}

static void take_letter(struct reading *r, uint32_t cp)
{
	r->letters++;
	r->han += is_han(cp);
	note_first(&r->private, is_private(cp), r->count);
	note_first(&r->mixed,
		(is_latin(cp) && is_han(r->before)) || (is_latin(r->before) && is_han(cp)),
		r->count);
}

/* A sign that some name has. */
static bool take_sign(struct reading *r, uint32_t cp)
{
	static const uint32_t any[] = {INTERPUNCT, '-', '\'', ' ', '.', '(', ')', 0},
			      abroad[] = {',', '/', '@', '&', 0};
	bool is_abroad = r->all_han == 0 || is_latin(r->before);

	if (!is_one_of(cp, any) && !(is_abroad && is_one_of(cp, abroad)))
		return false;
	note_first(&r->blank, cp == ' ', r->count);
	note_first(&r->sign, cp == '@' || cp == '&' || ((cp == '(' || cp == ')') && r->all_han > 0),
		r->count);
	return true;
}

/* 371323199003070003, 13800000000: a scanner or the eye was in the wrong field. */
static bool is_number(const char *s)
{
	return s[strspn(s, "0123456789-+ xX")] == '\0';
}

static enum verdict say_digit(const struct reading *r)
{
	if (is_number(r->name))
		return rule_say(r->out, VERDICT_ERROR, "name.number", "%s",
			tr("这是号码, 不是姓名: 请照证件填姓名"));
	return rule_say(r->out, VERDICT_ERROR, "name.digit",
		tr("第 %zu 个字是数字, 姓名里没有数字, 请照证件填写"), r->count);
}

/* sign: cp, as it is written. */
static enum verdict say_sign(const struct reading *r, uint32_t cp, const char *sign)
{
	static const uint32_t parting[] = {',', '/', '&', ';', '+', 0x3001, 0};

	if (cp == 0xFFFD)
		return rule_say(r->out, VERDICT_ERROR, "name.sign",
			tr("第 %zu 个字是乱码, 请照证件重新填写"), r->count);
	if (cp == '*')
		return rule_say(r->out, VERDICT_ERROR, "name.masked",
			tr("第 %zu 个字是 *: 这是遮住的姓名, 请照证件填全"), r->count);
	if (is_one_of(cp, parting) && r->all_han > 0)
		return rule_say(r->out, VERDICT_ERROR, "name.several",
			tr("第 %zu 个字是 %s: 这一栏只填一个人的姓名"), r->count, sign);
	return rule_say(r->out, VERDICT_ERROR, "name.sign",
		tr("第 %zu 个字是 %s, 姓名里没有这个符号, 请照证件填写"), r->count, sign);
}

/* What may be true, and is to be looked at. */
static enum verdict say_doubt(const struct reading *r)
{
	const struct {
		bool is;
		const char *rule, *says; /* says: N_() */
		size_t place;
	} doubts[] = {
		{r->private > 0, "name.private",
			N_("第 %zu 个字是造字, 别的电脑可能显示成别的字: 能打出原字的请打原字"),
			r->private},
		{r->stand_in > 0, "name.stand-in",
			N_("第 %zu 个字像是代替打不出的字: 能打出原字的请打原字"), r->stand_in},
		{r->mixed > 0, "name.mixed",
			N_("第 %zu 个字起汉字和字母连着: 用拼音代替的请打原字"), r->mixed},
		{r->sign > 0, "name.sign", N_("第 %zu 个字在姓名里少见, 请与证件核对"), r->sign},
		{r->blank > 0 && r->letters == r->han && r->han > APART_MAX, "name.blank",
			N_("第 %zu 个字是空格: 证件上是间隔点的请打 ·, 没有的请去掉"), r->blank},
		{r->count > LONG_NAME_CPS, "name.length", N_("姓名有 %zu 个字, 请与证件核对"),
			r->count},
	};

	for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
		if (doubts[i].is)
			return rule_say(r->out, VERDICT_WARNING, doubts[i].rule, tr(doubts[i].says),
				doubts[i].place);
	return VERDICT_OK;
}

enum verdict check_person_name(const char *s, int32_t today, struct finding *out)
{
	struct reading r = {.out = out, .name = s, .all_han = han_count(s)};
	size_t len = strlen(s), at = 0;

	(void)today;
	while (at < len) {
		char sign[5] = "";
		uint32_t cp;
		size_t n = text_decode(s + at, len - at, &cp);
		memcpy(sign, s + at, n);
		at += n;
		r.count++;
		if (is_stand_in(cp))
			note_first(&r.stand_in, true, r.count);
		else if (is_han(cp) || is_private(cp) || text_is_letter(cp))
			take_letter(&r, cp);
		else if (text_is_digit(cp))
			return say_digit(&r);
		else if (!take_sign(&r, cp))
			return say_sign(&r, cp, sign);
		r.before = cp;
	}
	if (r.letters == 0)
		return rule_say(
			out, VERDICT_ERROR, "name.empty", "%s", tr("这不是姓名, 请照证件填写"));
	return say_doubt(&r);
}

#include "forms/expr_lex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_number.h"
#include "forms/expr_slips.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool name_part(char c)
{
	return name_start(c) || is_digit(c) || c == '-' || c == '.';
}

static char at(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->len ? l->source[l->at + ahead] : '\0';
}

static void skip_space(struct lexer *l)
{
	while (l->at < l->len && is_space(l->source[l->at]))
		l->at++;
}

char lexer_peek(const struct lexer *l)
{
	size_t i = l->at;

	while (i < l->len && is_space(l->source[i]))
		i++;
	return i < l->len ? l->source[i] : '\0';
}

/*
 * Punctuation that a Chinese keyboard gives in place of the one that is meant. It would otherwise
 * pass for a part of a name, and the sentence would speak of an unknown field.
 */
struct lookalike {
	uint32_t cp;
	const char *meant;
};

static const struct lookalike lookalikes[] = {
	{0x2018, "'"}, /* behind a name: before one it begins a text */
	{0x2019, "'"},
	{0x201C, "\""},
	{0x201D, "\""},
	{0xFF08, "("},
	{0xFF09, ")"},
	{0xFF0C, ","},
	{0x3001, ","},
	{0xFF1D, "="},
	{0xFF1E, ">"},
	{0xFF1C, "<"},
	{0xFF0B, "+"},
	{0xFF0D, "-"},
	{0x2212, "-"},
	{0xFF0F, "div"},
	{0x00F7, "div"},
	{0x00D7, "*"},
	{0xFF0A, "*"},
	{0x2264, "<="},
	{0x2265, ">="},
	{0x2260, "!="},
	{0xFF04, "$"},
	{0xFF5B, "{"},
	{0xFF5D, "}"},
	{0x3000, " "},
	{0x00A0, " "},
	{0xFF0E, "."},
	{0xFF5C, "|"},
	{0x3002, "."},
	{0xFF1B, ","},
	{0xFF01, "!"},
	{0xFF05, "mod"},
	{0xFF06, "and"},
	{0x3010, "["},
	{0x3011, "]"},
	{0xFF10, "0"},
	{0xFF11, "1"},
	{0xFF12, "2"},
	{0xFF13, "3"},
	{0xFF14, "4"},
	{0xFF15, "5"},
	{0xFF16, "6"},
	{0xFF17, "7"},
	{0xFF18, "8"},
	{0xFF19, "9"},
};

static const char *lookalike(uint32_t cp)
{
	for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
		if (lookalikes[i].cp == cp)
			return lookalikes[i].meant;
	return NULL;
}

/* A sign that is written otherwise here comes next: 18≥. */
static bool looks_like(const struct lexer *l)
{
	uint32_t cp;

	return text_decode(l->source + l->at, l->len - l->at, &cp) > 0 && lookalike(cp) != NULL;
}

static void bad(struct token *out)
{
	out->type = TK_BAD;
}

/* A name: XML's NCName over UTF-8, with a prefix (jr:choice-name). */
static void read_name(struct lexer *l, struct token *out)
{
	size_t start = l->at;

	while (l->at < l->len && name_part(l->source[l->at])) {
		uint32_t cp = (unsigned char)l->source[l->at];
		size_t step = 1;

		if (cp >= 0x80) {
			step = text_decode(l->source + l->at, l->len - l->at, &cp);
			if (lookalike(cp)) {
				if (l->at > start)
					break;
				buf_why(l->why, tr("这里用了全角或中文标点“%.*s”，请改为英文的 %s"),
					(int)step, l->source + l->at, lookalike(cp));
				bad(out);
				return;
			}
		}
		l->at += step;
		if (at(l, 0) == ':' && name_start(at(l, 1)))
			l->at++;
	}
	out->type = TK_NAME;
	out->text = l->source + start;
	out->len = l->at - start;
}

struct symbol {
	const char *text;
	enum token_type type;
};

/* The operator that s begins with, alone or with a digit behind it; NULL: none. */
static const struct symbol *operator_word(const char *s, size_t len)
{
	static const struct symbol words[] = {
		{"and", TK_AND}, {"or", TK_OR}, {"div", TK_DIV}, {"mod", TK_MOD}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n;

		if (len == 0 || s[0] != words[i].text[0])
			continue;
		n = strlen(words[i].text);
		if (len >= n && memcmp(s, words[i].text, n) == 0 &&
			(len == n || is_digit(s[n]) || !name_part(s[n])))
			return &words[i];
	}
	return NULL;
}

static void read_number(struct lexer *l, struct token *out)
{
	size_t start = l->at;

	if (l->careful && slip_date(l->source + start, l->why) > 0) {
		bad(out);
		return;
	}
	while (is_digit(at(l, 0)))
		l->at++;
	if (at(l, 0) == '.') {
		l->at++;
		while (is_digit(at(l, 0)))
			l->at++;
	}
	out->type = TK_NUMBER;
	out->number = number_read(l->source + start, l->at - start);
	if (name_start(at(l, 0)) && !looks_like(l) &&
		!operator_word(l->source + l->at, l->len - l->at)) {
		size_t word = 0;
		while (name_part(at(l, word)))
			word++;
		bad(out);
		if (slip_operator(l->source + l->at, word, l->why))
			return;
		buf_why(l->why, tr("数字“%.*s”后面紧跟着文字；文字请加引号，单位请去掉"),
			(int)(l->at - start), l->source + start);
	}
}

enum {
	CURLY_BYTES = 3 /* of ‘ ’ “ ” */
};

/* The quote that a word processor or a Chinese keyboard bent; '\0': none is here. */
static char curly_quote(const struct lexer *l, size_t ahead)
{
	if (at(l, ahead) != '\xE2' || at(l, ahead + 1) != '\x80')
		return '\0';
	switch (at(l, ahead + 2)) {
	case '\x98':
	case '\x99':
		return '\'';
	case '\x9C':
	case '\x9D':
		return '"';
	default:
		return '\0';
	}
}

/* What a bent quote begins, either ends; within straight quotes a bent one is text. */
static void read_literal(struct lexer *l, struct token *out)
{
	const char bent = curly_quote(l, 0), quote = bent ? bent : at(l, 0);
	const size_t start = bent ? CURLY_BYTES : 1;
	size_t end = start;

	while (l->at + end < l->len && at(l, end) != quote &&
		!(bent && curly_quote(l, end) == quote))
		end++;
	if (l->at + end >= l->len) {
		buf_why(l->why, tr("引号 %c 没有配对；请在这段文字的末尾补上"), quote);
		bad(out);
		return;
	}
	out->type = TK_LITERAL;
	out->text = l->source + l->at + start;
	out->len = end - start;
	l->at += end + (at(l, end) == quote ? 1 : CURLY_BYTES);
}

static void read_reference(struct lexer *l, struct token *out)
{
	const char *text, *end;
	size_t len;

	if (at(l, 1) != '{') {
		buf_why(l->why, tr("不支持变量 $…；引用字段请写 ${字段名}"));
		bad(out);
		return;
	}
	text = l->source + l->at + 2;
	end = memchr(text, '}', l->len - l->at - 2);
	if (!end) {
		buf_why(l->why, tr("${ 没有配对的 }；引用字段请写 ${字段名}"));
		bad(out);
		return;
	}
	l->at = (size_t)(end - l->source) + 1;
	len = (size_t)(end - text);
	while (len > 0 && is_space(text[0]))
		text++, len--;
	while (len > 0 && is_space(text[len - 1]))
		len--;
	if (len > 11 && memcmp(text, "last-saved#", 11) == 0) {
		buf_why(l->why, tr("不支持 ${last-saved#…}（上一份答卷的值）；请改用默认值或删去"));
		bad(out);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (i == 0 ? name_start(text[i]) : name_part(text[i]) || text[i] == ':')
			continue;
		len = 0;
	}
	if (len == 0) {
		buf_why(l->why, tr("${ } 里要写一个字段名，例如 ${applicant_name}"));
		bad(out);
		return;
	}
	out->type = TK_REF;
	out->text = text;
	out->len = len;
}

/* Those that are alone whatever comes behind. */
static const char single_marks[] = "()[],+-|@";
static const enum token_type single_types[] = {TK_OPEN, TK_CLOSE, TK_OPEN_SQUARE, TK_CLOSE_SQUARE,
	TK_COMMA, TK_PLUS, TK_MINUS, TK_PIPE, TK_AT};

static const struct symbol symbols[] = {
	{"!=", TK_NE},
	{"<=", TK_LE},
	{">=", TK_GE},
	{"::", TK_AXIS},
	{"//", TK_SLASH_SLASH},
	{"..", TK_DOT_DOT},
	{"=", TK_EQ},
	{"<", TK_LT},
	{">", TK_GT},
	{".", TK_DOT},
	{"/", TK_SLASH},
};

/* Spellings of other languages: the mend is known. */
static const char *const foreign[][2] = {
	{"==", "="},
	{"<>", "!="},
	{"&&", "and"},
	{"||", "or"},
	{"=<", "<="},
	{"=>", ">="},
	{"!", "not(…)"},
	{"%", N_("mod，百分数写成小数，如 0.18")},
	{"&", N_("and，连接文字写 concat(…)")},
	{"{", N_("${字段名}")},
	{"^", "pow(…)"},
	{";", ","},
};

static bool comes(const struct lexer *l, const char *text)
{
	size_t len;

	if (l->source[l->at] != text[0])
		return false;
	len = strlen(text);
	return l->len - l->at >= len && memcmp(l->source + l->at, text, len) == 0;
}

static void read_symbol(struct lexer *l, struct token *out)
{
	const char *mark = strchr(single_marks, at(l, 0));

	if (mark != NULL && *mark != '\0' && !comes(l, "||")) {
		out->type = single_types[mark - single_marks];
		l->at++;
		return;
	}
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (!comes(l, foreign[i][0]))
			continue;
		if (at(l, 0) == '!' && at(l, 1) == '=')
			continue;
		buf_why(l->why, tr("这里不能写 %s；请改为 %s"), foreign[i][0], tr(foreign[i][1]));
		bad(out);
		return;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		if (comes(l, symbols[i].text)) {
			out->type = symbols[i].type;
			l->at += strlen(symbols[i].text);
			return;
		}
	}
	buf_why(l->why, tr("看不懂字符“%c”；请删去，文字请放在引号里"),
		(unsigned char)at(l, 0) < 0x20 ? '?' : at(l, 0));
	bad(out);
}

/* After an operand a name can only be an operator: of mod1 the 1 is what follows. */
static void read_operator_word(struct lexer *l, struct token *t)
{
	const struct symbol *word = operator_word(t->text, t->len);

	if (!word)
		return;
	l->at = t->at + strlen(word->text);
	t->type = word->type;
}

static bool ends_operand(enum token_type t)
{
	return t == TK_NUMBER || t == TK_LITERAL || t == TK_NAME || t == TK_REF || t == TK_CLOSE ||
	       t == TK_CLOSE_SQUARE || t == TK_DOT || t == TK_DOT_DOT || t == TK_STAR;
}

void lexer_next(struct lexer *l, struct token *out)
{
	char c;

	skip_space(l);
	memset(out, 0, sizeof *out);
	out->at = l->at;
	if (l->at >= l->len)
		return;
	c = at(l, 0);
	if (is_digit(c) || (c == '.' && is_digit(at(l, 1)))) {
		read_number(l, out);
	} else if (c == '\'' || c == '"' || curly_quote(l, 0)) {
		read_literal(l, out);
	} else if (c == '$') {
		read_reference(l, out);
	} else if (c == '*') {
		out->type = l->operand ? TK_MUL : TK_STAR;
		l->at++;
	} else if (name_start(c)) {
		read_name(l, out);
		if (l->operand && out->type == TK_NAME)
			read_operator_word(l, out);
	} else {
		read_symbol(l, out);
	}
	l->operand = ends_operand(out->type);
}

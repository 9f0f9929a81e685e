#include "core/central/language.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum {
	QUALITY_MAX = 1000,
	QUALITY_DIGITS = 3,
	SUBTAG_CHARS = 8
};

/* Bytes that have not been read yet. */
struct text {
	const char *at, *end;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_blanks(struct text *t)
{
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t'))
		t->at++;
}

static bool take_char(struct text *t, char c)
{
	if (t->at == t->end || *t->at != c)
		return false;
	t->at++;
	return true;
}

/* 1*8ALPHA, or 1*8alphanum further on. */
static bool take_subtag(struct text *t, bool first)
{
	const char *start = t->at;

	while (t->at < t->end && (is_letter(*t->at) || (!first && is_digit(*t->at))))
		t->at++;
	return t->at > start && t->at - start <= SUBTAG_CHARS;
}

/* language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*". *range is LANGUAGE_RANGE__MAX when it is of
 * another language. */
static bool take_range(struct text *t, enum language_range *range)
{
	const char *start = t->at;
	size_t len;

	*range = RANGE_ANY;
	if (take_char(t, '*'))
		return true;
	if (!take_subtag(t, true))
		return false;
	len = (size_t)(t->at - start);
	*range = len == 2 && strncasecmp(start, "zh", 2) == 0	? RANGE_CHINESE
		 : len == 2 && strncasecmp(start, "en", 2) == 0 ? RANGE_ENGLISH
								: LANGUAGE_RANGE__MAX;
	while (take_char(t, '-'))
		if (!take_subtag(t, false))
			return false;
	return true;
}

/* qvalue = ("0" ["." 0*3DIGIT]) / ("1" ["." 0*3("0")]) */
static bool take_quality(struct text *t, int *out)
{
	int unit = QUALITY_MAX, digits;

	if (t->at == t->end || (*t->at != '0' && *t->at != '1'))
		return false;
	*out = (*t->at++ - '0') * unit;
	if (t->at == t->end || *t->at != '.')
		return true;
	t->at++;
	for (digits = 0; digits < QUALITY_DIGITS && t->at < t->end && is_digit(*t->at); digits++)
		*out += (*t->at++ - '0') * (unit /= 10);
	return *out <= QUALITY_MAX;
}

/* A range and perhaps its weight, with nothing before and behind. */
static bool read_element(struct text t, enum language_range *range, int *quality)
{
	*quality = QUALITY_MAX;
	skip_blanks(&t);
	if (!take_range(&t, range))
		return false;
	skip_blanks(&t);
	if (take_char(&t, ';')) {
		skip_blanks(&t);
		if (!take_char(&t, 'q') && !take_char(&t, 'Q'))
			return false;
		if (!take_char(&t, '=') || !take_quality(&t, quality))
			return false;
		skip_blanks(&t);
	}
	return t.at == t.end;
}

static void note(struct language_wish *w, enum language_range range, int quality)
{
	w->count++;
	if (range == LANGUAGE_RANGE__MAX ||
		(w->ranges[range].at > 0 && w->ranges[range].quality >= quality))
		return;
	w->ranges[range].at = w->count;
	w->ranges[range].quality = quality;
}

void language_wish_add(struct language_wish *w, const char *line)
{
	enum language_range range;
	int quality;

	for (;;) {
		size_t len = strcspn(line, ",");
		if (read_element((struct text){line, line + len}, &range, &quality))
			note(w, range, quality);
		if (line[len] == '\0')
			return;
		line += len + 1;
	}
}

/* What speaks of the language: itself, or "*" when it is not named. */
static enum language_range speaking_of(const struct language_wish *w, enum language_range range)
{
	return w->ranges[range].at > 0 ? range : RANGE_ANY;
}

enum msg_language language_wish_best(const struct language_wish *w)
{
	enum language_range zh = speaking_of(w, RANGE_CHINESE), en = speaking_of(w, RANGE_ENGLISH);
	int more = w->ranges[zh].quality - w->ranges[en].quality;

	if (zh == en || (w->ranges[zh].quality == 0 && more == 0))
		return MSG_OWN;
	if (more == 0)
		more = w->ranges[zh].at < w->ranges[en].at ? 1 : -1;
	return more > 0 ? MSG_CHINESE : MSG_ENGLISH;
}

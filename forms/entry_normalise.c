/* How answers are written: what was typed, or read from a file, in its one canonical form. */
#include "forms/entry_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"

/* ---- numbers ---- */

/* Groups of three behind the first comma: 12,000 and 1,234,567.5. */
static bool has_thousands(const char *s)
{
	size_t first = strspn(s, "0123456789");

	if (first < 1 || first > 3 || s[0] == '0' || s[first] != ',')
		return false;
	for (s += first; *s == ','; s += 4)
		if (strspn(s + 1, "0123456789") != 3)
			return false;
	return *s == '\0' || (*s == '.' && s[1 + strspn(s + 1, "0123456789")] == '\0');
}

/* Digits with at most one point. */
static bool is_plain(const char *s)
{
	size_t whole = strspn(s, "0123456789");
	const char *point = s + whole;
	size_t fraction = *point == '.' ? strspn(point + 1, "0123456789") : 0;

	return whole + fraction > 0 && point[fraction + (*point == '.')] == '\0';
}

/* +12,000 -> 12000, 0012 -> 12, .5 -> 0.5; what is no number stays as it is. One number has one
 * writing (but for zeros behind the point), so that a text made with it says what the letter says.
 */
static void normalise_number(const char *raw, struct buf *out)
{
	const char *at = raw + (*raw == '+' && raw[1] >= '0' && raw[1] <= '9');
	bool minus = *at == '-';
	size_t zeros;

	at += minus;
	if (!has_thousands(at) && !is_plain(at)) {
		buf_adds(out, at - minus);
		return;
	}
	zeros = strspn(at, "0");
	at += zeros > 0 && (at[zeros] < '0' || at[zeros] > '9') ? zeros - 1 : zeros;
	if (minus && strspn(at, "0.") < strlen(at)) /* there is no -0 */
		buf_addc(out, '-');
	if (*at == '.')
		buf_addc(out, '0');
	for (; *at != '\0' && strcmp(at, ".") != 0; at++)
		if (*at != ',')
			buf_addc(out, *at);
}

/* ---- days and hours ---- */

/* In any of the writings that entry_day_parts reads -> 2026-01-02; anything else stays. */
static void normalise_date(const char *raw, struct buf *out)
{
	char text[DATE_SIZE];
	struct date d;

	if (entry_day_parts(raw, &d) && d.year >= 1000 && date_valid(d))
		buf_adds(out, date_format(d, text));
	else
		buf_adds(out, raw);
}

/* 1430, 930, 143005 -> 14:30, 09:30, 14:30:05. false: it is no time in digits alone. */
static bool digits_as_time(const char *raw, struct buf *out)
{
	int hour, minute, second;

	if (!entry_digits_time(raw, &hour, &minute, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	buf_printf(out, "%02d:%02d", hour, minute);
	if (strlen(raw) == 6)
		buf_printf(out, ":%02d", second);
	return true;
}

/* 9:5, 9点5分, 14时30分, 9:05:30, 1430 -> 09:05 …; anything else stays. */
static void normalise_time(const char *raw, struct buf *out)
{
	static const char *const after_hour[] = {":", "时", "点", NULL};
	int hour, minute = 0, used = 0, more = 0;
	const char *at = raw;
	size_t i;

	if (digits_as_time(raw, out))
		return;
	if (sscanf(at, "%2d%n", &hour, &used) != 1 || raw[0] < '0' || raw[0] > '9') {
		buf_adds(out, raw);
		return;
	}
	for (i = 0, at += used; after_hour[i] != NULL; i++)
		if (strncmp(at, after_hour[i], strlen(after_hour[i])) == 0)
			break;
	if (after_hour[i] == NULL) {
		buf_adds(out, raw);
		return;
	}
	at += strlen(after_hour[i]);
	if (*at >= '0' && *at <= '9' && sscanf(at, "%2d%n", &minute, &more) == 1)
		at += more;
	else if (i == 0) { /* 9: is not done */
		buf_adds(out, raw);
		return;
	}
	if (more > 0 && strncmp(at, "分", strlen("分")) == 0)
		at += strlen("分");
	buf_printf(out, "%02d:%02d%s", hour, minute, at);
}

/* The two parts, joined by T or a blank. */
static void normalise_moment(const char *raw, struct buf *out)
{
	size_t day = strcspn(raw, "T ");
	const char *rest = raw + day + (raw[day] != '\0');
	char *first = mem_strndup(raw, day);

	normalise_date(first, out);
	free(first);
	if (raw[day] == '\0')
		return;
	buf_addc(out, 'T');
	normalise_time(rest + strspn(rest, " "), out);
}

/* ---- choices ---- */

/* A choice's label is taken for its name: what is read aloud may be typed. */
static const char *choice_name(const struct choice_list *l, const char *text)
{
	size_t i;

	for (i = 0; l != NULL && i < l->count; i++)
		if (strcmp(l->choices[i].name, text) == 0)
			return text;
	for (i = 0; text[0] != '\0' && l != NULL && i < l->count; i++)
		if (strcmp(l->choices[i].label, text) == 0 ||
			strcmp(l->choices[i].label_en, text) == 0)
			return l->choices[i].name;
	return text;
}

static bool choice_known(const struct choice_list *l, const char *name)
{
	size_t i;

	for (i = 0; l != NULL && i < l->count; i++)
		if (strcmp(l->choices[i].name, name) == 0)
			return true;
	return false;
}

static void add_word(struct buf *out, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	for (at = out->len > 0 ? strstr(out->data, word) : NULL; at != NULL;
		at = strstr(at + 1, word))
		if ((at == out->data || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return;
	if (out->len > 0)
		buf_addc(out, ' ');
	buf_adds(out, word);
}

/* The words between any of the marks, as names; each once. false: one is no choice. */
static bool take_words(
	const struct choice_list *l, const char *raw, const char *const *marks, struct buf *out)
{
	char *copy = mem_strdup(raw), *word = copy;
	bool known = true;

	for (char *at = copy; known; at++) {
		size_t n = 0, i;
		for (i = 0; n == 0 && marks[i] != NULL; i++)
			if (strncmp(at, marks[i], strlen(marks[i])) == 0)
				n = strlen(marks[i]);
		if (n == 0 && *at != '\0')
			continue;
		const bool last = *at == '\0';
		*at = '\0';
		text_trim(word);
		if (word[0] != '\0') {
			const char *name = choice_name(l, word);
			known = choice_known(l, name);
			add_word(out, name);
		}
		if (last)
			break;
		at += n - 1;
		word = at + 1;
	}
	free(copy);
	return known;
}

/* Names parted by blanks; or names and labels as they are read aloud: 山东、浙江. */
static void normalise_several(const struct field *f, const char *raw, struct buf *out)
{
	static const char *const blank[] = {" ", NULL};
	static const char *const stops[] = {"、", ",", ";", NULL};
	struct buf words = {0};

	if (take_words(f->list, raw, blank, &words)) {
		buf_adds(out, buf_str(&words));
	} else {
		buf_clear(&words);
		buf_adds(out, take_words(f->list, raw, stops, &words) ? buf_str(&words) : raw);
	}
	buf_fini(&words);
}

/* ---- yes ---- */

static void normalise_acknowledgement(const char *raw, struct buf *out)
{
	static const char *const yes[] = {"OK", "yes", "y", "true", "1", "是", "已确认", "确认"};
	static const char *const no[] = {"no", "n", "false", "0", "否"};
	size_t i;

	for (i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (strcasecmp(raw, yes[i]) == 0)
			raw = "OK";
	for (i = 0; i < sizeof no / sizeof no[0]; i++)
		if (strcasecmp(raw, no[i]) == 0)
			raw = "";
	buf_adds(out, raw);
}

/* ---- kinds ---- */

/* The number of a paper as it is printed there: x370 000 000 -> X370000000. */
static void normalise_code(const char *half, struct buf *out)
{
	for (; *half != '\0'; half++)
		if (*half != ' ')
			buf_addc(out, *half >= 'a' && *half <= 'z' ? *half - 'a' + 'A' : *half);
}

static void normalise_kind(struct entry *e, const struct field *f, const char *raw, struct buf *out)
{
	struct finding found = {0};
	enum identifier_kind kind;

	if (raw[0] != '\0' && identifier_kind_by_name(f->kind, &kind)) {
		identifier_check(kind, raw, clock_day(clock_wall_ms(e->clock)), &found);
		if (found.normalised.len > 0) {
			buf_adds(out, found.normalised.data);
			finding_fini(&found);
			return;
		}
	}
	buf_adds(out, raw);
	finding_fini(&found);
}

void entry_normalise(struct entry *e, const struct field *f, const char *raw, struct buf *out)
{
	struct buf clean = {0}, half = {0};

	text_clean(&clean, raw, strlen(raw));
	if (clean.len > 0)
		text_trim(clean.data);
	text_halfwidth(&half, buf_str(&clean));
	if (f->kind != NULL) {
		normalise_kind(e, f, buf_str(&clean), out);
	} else {
		switch (f->type) {
		case FIELD_INTEGER:
		case FIELD_DECIMAL:
		case FIELD_RANGE:
			normalise_number(buf_str(&half), out);
			break;
		case FIELD_DATE:
			normalise_date(buf_str(&half), out);
			break;
		case FIELD_TIME:
			normalise_time(buf_str(&half), out);
			break;
		case FIELD_DATETIME:
			normalise_moment(buf_str(&half), out);
			break;
		case FIELD_SELECT_ONE:
			buf_adds(out, choice_name(f->list, buf_str(&clean)));
			break;
		case FIELD_SELECT_MULTIPLE:
		case FIELD_RANK:
			normalise_several(f, buf_str(&clean), out);
			break;
		case FIELD_ACKNOWLEDGE:
			normalise_acknowledgement(buf_str(&half), out);
			break;
		default:
			if (f->is_code)
				normalise_code(buf_str(&half), out);
			else
				buf_adds(out, buf_str(&clean));
			break;
		}
	}
	buf_fini(&clean);
	buf_fini(&half);
}

/* Facts put into a template: a paper. */
#include "core/station/documents/template_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"

/* Where a name is looked for: the element of a list, then what is around it. */
struct scope {
	const json *value;
	size_t number; /* of the element, from 1; 0: not one */
	bool chinese_dates;
	const struct scope *up;
};

bool template_holds(const json *v)
{
	const char *s = json_str(v);
	double n;

	if (s != NULL)
		return s[strspn(s, " \t\r\n")] != '\0';
	if (json_num(v, &n))
		return n != 0;
	switch (json_type(v)) {
	case JSON_ARRAY:
	case JSON_OBJECT:
		return json_count(v) > 0;
	case JSON_BOOL: {
		struct buf b = {0};
		bool yes;
		json_write(&b, v);
		yes = strcmp(buf_str(&b), "true") == 0;
		buf_fini(&b);
		return yes;
	}
	default:
		return false;
	}
}

/* {{#list?}}: whether there is one, without going through it. */
static bool only_asks(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[len - 1] == '?';
}

static const json *find(const struct scope *s, const char *written)
{
	char name[64] = "";

	strncat(name, written, sizeof name - 1);
	if (only_asks(name))
		name[strlen(name) - 1] = '\0';
	for (; s != NULL; s = s->up) {
		const json *v = json_get(s->value, name);
		if (v != NULL)
			return v;
		if (s->number > 0 && json_str(s->value) != NULL &&
			(strcmp(name, ".") == 0 || strcmp(name, "name") == 0))
			return s->value;
	}
	return NULL;
}

static void put_value(struct buf *out, const json *v, bool chinese_dates)
{
	const char *s = json_str(v);
	struct date d;
	int64_t at_ms;
	char when[40];

	if (s != NULL && chinese_dates && date_parse(s, &d))
		buf_printf(out, "%d年%d月%d日", d.year, d.month, d.day);
	else if (s != NULL && clock_parse_iso(s, &at_ms))
		buf_adds(out, clock_format(at_ms,
				      chinese_dates ? "%Y年%-m月%-d日 %H:%M" : "%Y-%m-%d %H:%M",
				      when, sizeof when));
	else if (s != NULL)
		text_clean(out, s, strlen(s));
	else if (template_holds(v) || json_type(v) == JSON_NUMBER)
		json_write(out, v);
}

static void put_name(struct buf *out, const struct scope *s, const char *name)
{
	const struct scope *at = s;

	if (strcmp(name, "n") != 0) {
		put_value(out, find(s, name), s->chinese_dates);
		return;
	}
	while (at != NULL && at->number == 0)
		at = at->up;
	if (at != NULL)
		buf_printf(out, "%zu", at->number);
}

/* The {{/name}} of the section that has just begun; sections of the same name nest. */
static bool find_close(const char *at, const char *end, const struct template_tag *open,
	struct template_tag *close)
{
	int depth = 1;

	for (; template_tag(at, end, close) && close->after != NULL; at = close->after) {
		if (close->name_len != open->name_len ||
			memcmp(close->name, open->name, open->name_len) != 0)
			continue;
		depth += close->sign == '/' ? -1 : close->sign != '\0';
		if (depth == 0)
			return true;
	}
	return false;
}

static void expand(struct buf *out, const struct scope *s, const char *text, const char *end);

/* Once for each element, or once when there is something. */
static void expand_each(
	struct buf *out, const struct scope *s, const json *v, const char *text, const char *end)
{
	size_t number = 0;

	if (json_type(v) != JSON_ARRAY) {
		expand(out, s, text, end);
		return;
	}
	for (const json *e = json_first(v); e != NULL; e = json_next(e)) {
		const struct scope inner = {e, ++number, s->chinese_dates, s};
		expand(out, &inner, text, end);
	}
}

static void expand(struct buf *out, const struct scope *s, const char *text, const char *end)
{
	struct template_tag tag, close;

	while (template_tag(text, end, &tag) && tag.after != NULL) {
		char *name = mem_strndup(tag.name, tag.name_len);
		buf_add(out, text, (size_t)(tag.before_end - text));
		text = tag.after;
		if (tag.sign == '\0') {
			put_name(out, s, name);
		} else if (tag.sign != '/' && find_close(text, end, &tag, &close)) {
			const json *v = find(s, name);
			bool holds = template_holds(v);
			if (tag.sign == '#' && holds && only_asks(name))
				expand(out, s, text, close.before_end);
			else if (tag.sign == '#' && holds)
				expand_each(out, s, v, text, close.before_end);
			else if (tag.sign == '^' && !holds)
				expand(out, s, text, close.before_end);
			text = close.after;
		}
		free(name);
	}
	buf_add(out, text, (size_t)(end - text));
}

static char *fill(const struct scope *s, const char *field)
{
	struct buf b = {0};
	char *text;

	expand(&b, s, field, field + strlen(field));
	text = buf_take(&b);
	text_trim(text);
	return text;
}

/* What has nothing to say is left out: a pair without value, an address without one. */
static bool is_empty(enum paper_kind kind, char *const *fields)
{
	switch (kind) {
	case PAPER_PAIR:
		return *fields[1] == '\0';
	case PAPER_COLUMNS:
	case PAPER_ROW:
	case PAPER_FILL:
	case PAPER_SIGN:
	case PAPER_RULE:
	case PAPER_SEAL:
		return false;
	default:
		return *fields[0] == '\0';
	}
}

static void add_block(struct paper *out, const struct scope *s, const struct template_line *l)
{
	char **fields = mem_array(l->count + 1, sizeof *fields);

	for (size_t i = 0; i < l->count; i++)
		fields[i] = fill(s, l->fields[i]);
	if (!is_empty(l->kind, fields))
		paper_add(out, l->kind, (const char *const *)fields, l->count);
	for (size_t i = 0; i < l->count; i++)
		free(fields[i]);
	free(fields);
}

/* The line that closes the section opened at `at`. */
static size_t section_end(const struct template *t, size_t at)
{
	int depth = 0;

	for (; at < t->count; at++) {
		if (t->lines[at].part == TEMPLATE_CLOSE)
			depth--;
		else if (t->lines[at].part != TEMPLATE_BLOCK)
			depth++;
		if (depth == 0)
			break;
	}
	return at;
}

static void render(
	const struct template *t, struct paper *out, const struct scope *s, size_t from, size_t to);

static void render_section(
	const struct template *t, struct paper *out, const struct scope *s, size_t from, size_t to)
{
	const json *v = find(s, t->lines[from].name);
	bool holds = template_holds(v);
	size_t number = 0;

	if (holds != (t->lines[from].part == TEMPLATE_OPEN))
		return;
	if (!holds || json_type(v) != JSON_ARRAY || only_asks(t->lines[from].name)) {
		render(t, out, s, from + 1, to);
		return;
	}
	for (const json *e = json_first(v); e != NULL; e = json_next(e)) {
		const struct scope inner = {e, ++number, s->chinese_dates, s};
		render(t, out, &inner, from + 1, to);
	}
}

static void render(
	const struct template *t, struct paper *out, const struct scope *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		size_t end;
		if (t->lines[i].part == TEMPLATE_BLOCK) {
			add_block(out, s, &t->lines[i]);
			continue;
		}
		end = section_end(t, i);
		render_section(t, out, s, i, end);
		i = end;
	}
}

void template_render(
	const struct template *t, const json *facts, bool chinese_dates, struct paper *out)
{
	const struct scope whole = {facts, 0, chinese_dates, NULL};

	render(t, out, &whole, 0, t->count);
}

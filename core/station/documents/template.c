/* Reading a template, and saying what is wrong with it. */
#include "core/station/documents/template_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

enum {
	DEPTH_MAX = 16,
	FIELDS_MAX = 16
};

struct reading {
	struct template *t;
	const char *file;
	const struct template_names *names;
	struct buf *faults;
	int line;
	size_t columns;		/* of the table at hand; 0: none */
	size_t open[DEPTH_MAX]; /* sections not closed yet, as lines */
	size_t depth;
	bool titled;
};

static void fault(struct reading *r, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fault(struct reading *r, int line, const char *fmt, ...)
{
	va_list ap;

	buf_printf(r->faults, "%s:%d: ", r->file, line);
	va_start(ap, fmt);
	buf_vprintf(r->faults, fmt, ap);
	va_end(ap);
	buf_addc(r->faults, '\n');
}

bool template_tag(const char *at, const char *end, struct template_tag *out)
{
	const char *open = NULL, *close;

	for (; at + 1 < end && open == NULL; at++)
		if (at[0] == '{' && at[1] == '{')
			open = at;
	if (open == NULL)
		return false;
	*out = (struct template_tag){.before_end = open};
	for (close = open + 2; close + 1 < end && !(close[0] == '}' && close[1] == '}'); close++)
		continue;
	if (close + 1 >= end)
		return true;
	out->after = close + 2;
	out->name = open + 2;
	if (strchr("#^/", *out->name) != NULL && out->name < close)
		out->sign = *out->name++;
	while (out->name < close && *out->name == ' ')
		out->name++;
	while (close > out->name && close[-1] == ' ')
		close--;
	out->name_len = (size_t)(close - out->name);
	return true;
}

static struct template_line *new_line(struct reading *r, enum template_part part)
{
	struct template *t = r->t;

	t->lines = mem_resize(t->lines, t->count + 1, sizeof *t->lines);
	t->lines[t->count] = (struct template_line){.part = part, .number = r->line};
	return &t->lines[t->count++];
}

/* ---- names ---- */

/* The list whose elements are meant here: the innermost open section that is one. */
static const char *list_at(const struct reading *r)
{
	for (size_t i = r->depth; i > 0; i--) {
		const struct template_line *l = &r->t->lines[r->open[i - 1]];
		if (l->part == TEMPLATE_OPEN && r->names->is_list(l->name))
			return l->name;
	}
	return "";
}

/* {{#list?}} asks whether there is one, without going through it. */
static void check_name(struct reading *r, int line, const char *list, const char *written)
{
	bool within = *list != '\0';
	char *name = mem_strdup(written);
	size_t len = strlen(name);

	if (len > 0 && name[len - 1] == '?')
		name[len - 1] = '\0';
	if (!(r->names->known("", name) || (within && r->names->known(list, name)) ||
		    (within && (strcmp(name, "n") == 0 || strcmp(name, ".") == 0)))) {
		if (within)
			fault(r, line, tr("没有 {{%s}} 这一项 (在 %s 里, 各文书也没有)"), written,
				list);
		else
			fault(r, line, tr("没有 {{%s}} 这一项"), written);
	}
	free(name);
}

/* The {{…}} of one field: known names, sections closed in order within the field. */
static void check_field(struct reading *r, int line, const char *text)
{
	const char *end = text + strlen(text), *list;
	char *open[DEPTH_MAX];
	size_t depth = 0;
	struct template_tag tag;

	for (; template_tag(text, end, &tag) && tag.after != NULL; text = tag.after) {
		char *name = mem_strndup(tag.name, tag.name_len);
		bool closes = tag.sign == '/';
		list = list_at(r);
		for (size_t i = 0; i < depth; i++)
			list = r->names->is_list(open[i]) ? open[i] : list;
		if (closes && depth > 0 && strcmp(open[depth - 1], name) == 0)
			free(open[--depth]);
		else if (closes)
			fault(r, line, tr("{{/%s}} 前面没有 {{#%s}}"), name, name);
		else
			check_name(r, line, list, name);
		if (closes || tag.sign == '\0')
			free(name);
		else if (depth < DEPTH_MAX)
			open[depth++] = name;
		else
			free(name);
	}
	if (template_tag(text, end, &tag))
		fault(r, line, "%s", tr("{{ 没有 }} 收尾"));
	while (depth > 0) {
		fault(r, line, tr("{{#%s}} 在这一行里没有 {{/%s}} 收尾"), open[depth - 1],
			open[depth - 1]);
		free(open[--depth]);
	}
}

/* ---- lines ---- */

/* The text between two places without blanks at its ends; free() it. */
static char *cut(const char *from, const char *to)
{
	char *s = mem_strndup(from, (size_t)(to - from));

	text_trim(s);
	return s;
}

/* Fields parted by a sign. */
static void split(struct template_line *l, const char *text, char sign)
{
	const char *stop;

	l->fields = mem_array(FIELDS_MAX, sizeof *l->fields);
	do {
		stop = strchr(text, sign);
		if (stop == NULL || l->count == FIELDS_MAX - 1)
			stop = text + strlen(text);
		l->fields[l->count++] = cut(text, stop);
		text = stop + 1;
	} while (*stop != '\0');
}

static void one_field(struct template_line *l, const char *text)
{
	l->fields = mem_array(FIELDS_MAX, sizeof *l->fields);
	l->fields[l->count++] = cut(text, text + strlen(text));
}

static void pair_fields(struct reading *r, struct template_line *l, const char *text)
{
	const char *colon = strstr(text, " : ");

	l->fields = mem_array(FIELDS_MAX, sizeof *l->fields);
	if (colon == NULL && strlen(text) > 1 && strcmp(text + strlen(text) - 2, " :") == 0)
		colon = text + strlen(text) - 2;
	if (colon == NULL) {
		fault(r, r->line, "%s", tr("要写成 名称 : 内容 (冒号前后各一个空格)"));
		colon = text + strlen(text);
	}
	l->fields[l->count++] = cut(text, colon);
	l->fields[l->count++] = cut(colon + (*colon ? 2 : 0), text + strlen(text));
}

static void table_fields(struct reading *r, struct template_line *l, const char *text)
{
	char *end;

	split(l, text, '|');
	end = l->fields[l->count - 1];
	if (l->count > 1 && *end == '\0') { /* a bar at the end may stand there */
		free(end);
		l->count--;
	}
	if (l->kind == PAPER_COLUMNS)
		r->columns = l->count;
	else if (r->columns == 0)
		fault(r, r->line, "%s", tr("这一行前面没有表头 (|= 开头的一行)"));
	else if (r->columns != l->count)
		fault(r, r->line, tr("表头有 %zu 列, 这一行有 %zu 列"), r->columns, l->count);
}

static void directive(struct reading *r, const char *text)
{
	static const struct {
		const char *word;
		enum paper_kind kind;
	} words[] = {{"issuer", PAPER_ISSUER}, {"number", PAPER_NUMBER}, {"to", PAPER_TO},
		{"note", PAPER_NOTE}, {"rule", PAPER_RULE}, {"seal", PAPER_SEAL},
		{"sign", PAPER_SIGN}, {"qr", PAPER_QR}};
	size_t len = strcspn(text, " "), least, most, i;
	struct template_line *l;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].word) == len && memcmp(words[i].word, text, len) == 0)
			break;
	if (i == sizeof words / sizeof words[0]) {
		fault(r, r->line,
			tr("没有 @%.*s 这种行 (有 issuer number to note rule seal sign qr)"),
			(int)len, text);
		return;
	}
	l = new_line(r, TEMPLATE_BLOCK);
	l->kind = words[i].kind;
	paper_fields(l->kind, &least, &most);
	if (most > 1)
		split(l, text + len, '|');
	else if (most == 1)
		one_field(l, text + len);
	if (l->count < least || l->count > most)
		fault(r, r->line, tr("@%.*s 要 %zu 到 %zu 项, 这里有 %zu 项"), (int)len, text,
			least, most, l->count);
}

static void block(struct reading *r, enum paper_kind kind, const char *text)
{
	struct template_line *l = new_line(r, TEMPLATE_BLOCK);

	l->kind = kind;
	r->titled |= kind == PAPER_TITLE;
	if (kind == PAPER_COLUMNS || kind == PAPER_ROW)
		table_fields(r, l, text);
	else if (kind == PAPER_PAIR || kind == PAPER_FILL)
		pair_fields(r, l, text);
	else
		one_field(l, text);
}

static void close_section(struct reading *r, const char *name)
{
	const char *open = r->depth > 0 ? r->t->lines[r->open[r->depth - 1]].name : NULL;

	if (open == NULL) {
		fault(r, r->line, tr("{{/%s}} 前面没有 {{#%s}}"), name, name);
		return;
	}
	if (strcmp(open, name) != 0)
		fault(r, r->line, tr("这里应是 {{/%s}}, 不是 {{/%s}}"), open, name);
	r->depth--;
}

/* A line that is one {{#…}}, {{^…}} or {{/…}} and nothing else. */
static bool section(struct reading *r, const char *text)
{
	const char *end = text + strlen(text);
	struct template_tag tag;
	struct template_line *l;
	char *name;

	if (!template_tag(text, end, &tag) || tag.before_end != text || tag.after != end ||
		tag.sign == '\0')
		return false;
	name = mem_strndup(tag.name, tag.name_len);
	if (tag.sign == '/')
		close_section(r, name);
	else if (r->depth == DEPTH_MAX)
		fault(r, r->line, tr("{{#%s}} 套得太深"), name);
	else
		check_name(r, r->line, list_at(r), name);
	l = new_line(r, tag.sign == '/'	  ? TEMPLATE_CLOSE
			: tag.sign == '#' ? TEMPLATE_OPEN
					  : TEMPLATE_OPEN_NOT);
	l->name = name;
	if (tag.sign != '/' && r->depth < DEPTH_MAX)
		r->open[r->depth++] = r->t->count - 1;
	return true;
}

/* A line that begins with a blank: more of the last field. */
static void go_on(struct reading *r, const char *text)
{
	struct template_line *l = r->t->count > 0 ? &r->t->lines[r->t->count - 1] : NULL;
	struct buf b = {0};

	if (l == NULL || l->part != TEMPLATE_BLOCK || l->count == 0) {
		fault(r, r->line, "%s", tr("这一行以空格开头, 前面却没有可接的行"));
		return;
	}
	buf_adds(&b, l->fields[l->count - 1]);
	/* A blank between words and after a comma; between ideographs there is none. */
	if (b.len > 0 &&
		(strchr(",;:", b.data[b.len - 1]) != NULL ||
			((unsigned char)b.data[b.len - 1] < 0x80 && (unsigned char)*text < 0x80)))
		buf_addc(&b, ' ');
	buf_adds(&b, text);
	free(l->fields[l->count - 1]);
	l->fields[l->count - 1] = buf_take(&b);
}

static void read_line(struct reading *r, const char *line, const char *text)
{
	static const struct {
		const char *sign;
		enum paper_kind kind;
	} signs[] = {{"## ", PAPER_HEADING}, {"# ", PAPER_TITLE}, {"* ", PAPER_PAIR},
		{"_ ", PAPER_FILL}, {"+ ", PAPER_ITEM}, {"|= ", PAPER_COLUMNS}, {"| ", PAPER_ROW}};

	if (*text == '\0' || strncmp(text, "//", 2) == 0)
		return;
	if (section(r, text))
		return;
	if (*line == ' ' || *line == '\t') {
		go_on(r, text);
		return;
	}
	if (*text == '@') {
		directive(r, text + 1);
		return;
	}
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (strncmp(text, signs[i].sign, strlen(signs[i].sign)) == 0) {
			block(r, signs[i].kind, text + strlen(signs[i].sign));
			return;
		}
	block(r, PAPER_TEXT, text);
}

/* Names are checked once whole fields are there, with the sections open around them. */
static void check_names(struct reading *r)
{
	r->depth = 0;
	for (size_t i = 0; i < r->t->count; i++) {
		const struct template_line *l = &r->t->lines[i];
		if (l->part == TEMPLATE_CLOSE)
			r->depth -= r->depth > 0;
		else if (l->part != TEMPLATE_BLOCK && r->depth < DEPTH_MAX)
			r->open[r->depth++] = i;
		for (size_t j = 0; j < l->count; j++)
			check_field(r, l->number, l->fields[j]);
	}
}

static void read_all(struct reading *r, const char *text, size_t len_bytes)
{
	const char *end = text + len_bytes;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		char *line, *trimmed;
		if (stop == NULL)
			stop = end;
		r->line++;
		line = mem_strndup(text, (size_t)(stop - text));
		trimmed = cut(text, stop);
		if (text_valid(line, strlen(line)))
			read_line(r, line, trimmed);
		else
			fault(r, r->line, "%s", tr("不是 UTF-8 文字"));
		free(line);
		free(trimmed);
		text = stop + 1;
	}
	while (r->depth > 0) {
		const struct template_line *l = &r->t->lines[r->open[--r->depth]];
		fault(r, l->number, tr("{{#%s}} 没有 {{/%s}} 收尾"), l->name, l->name);
	}
	if (!r->titled)
		fault(r, r->line ? r->line : 1, "%s", tr("没有标题 (# 开头的一行)"));
}

enum err template_parse(struct template **out, const char *file, const char *text, size_t len_bytes,
	const struct template_names *names, struct buf *faults)
{
	struct reading r = {.file = file, .names = names, .faults = faults};
	size_t before = faults->len;

	r.t = mem_alloc(sizeof *r.t);
	read_all(&r, text, len_bytes);
	check_names(&r);
	if (faults->len > before) {
		template_free(r.t);
		return ERR_INVALID;
	}
	*out = r.t;
	return OK;
}

void template_free(struct template *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->count; i++) {
		for (size_t j = 0; j < t->lines[i].count; j++)
			free(t->lines[i].fields[j]);
		free(t->lines[i].fields);
		free(t->lines[i].name);
	}
	free(t->lines);
	free(t);
}

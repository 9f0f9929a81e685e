#include "forms/form_merge.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/form_build.h"
#include "forms/form_items.h"
#include "forms/form_lists.h"

/* ---- joining expressions ---- */

/* (a) word (b); one of them when the other is empty. free() it. */
static char *join(const char *a, const char *word, const char *b)
{
	struct buf out = {0};

	if (a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0)
		return mem_strdup(a[0] != '\0' ? a : b);
	buf_printf(&out, "(%s) %s (%s)", a, word, b);
	return buf_take(&out);
}

static void join_cell(struct item *x, enum column c, const char *word, const char *other)
{
	char *joined = join(item_cell(x, c), word, other);

	item_set(x, c, joined);
	free(joined);
}

/* Asked when either asks: a rule that is empty says always. */
static void widen(struct item *x, const char *when)
{
	if (item_cell(x, COL_RELEVANT)[0] == '\0' || when[0] == '\0')
		item_set(x, COL_RELEVANT, "");
	else
		join_cell(x, COL_RELEVANT, "or", when);
}

/* Two messages about the same thing, one after the other; one that is part of the other says no
 * more. */
static void join_message(struct item *x, enum column c, const struct item *other)
{
	const char *a = item_cell(x, c), *b = item_cell(other, c);
	struct buf out = {0};

	if (strstr(a, b) != NULL)
		return;
	if (strstr(b, a) == NULL)
		buf_printf(&out, "%s; ", a);
	buf_adds(&out, b);
	item_set(x, c, buf_str(&out));
	buf_fini(&out);
}

/* A rule of both, where each said its own. */
static void join_rule(struct item *x, const struct item *other, enum column rule,
	enum column message, enum column message_en)
{
	if (strcmp(item_cell(x, rule), item_cell(other, rule)) == 0)
		return;
	join_message(x, message, other);
	join_message(x, message_en, other);
	join_cell(x, rule, "and", item_cell(other, rule));
}

static bool has_part(const char *parts, const char *one)
{
	const size_t len = strlen(one);

	for (;; parts++) {
		const size_t n = strcspn(parts, SOFT_PART);
		if (n == len && memcmp(parts, one, len) == 0)
			return true;
		parts += n;
		if (*parts == '\0')
			return false;
	}
}

static void add_part(struct item *x, enum column c, const char *part)
{
	struct buf out = {0};

	buf_printf(&out, "%s" SOFT_PART "%s", item_cell(x, c), part);
	item_set(x, c, buf_str(&out));
	buf_fini(&out);
}

/* Each stays a rule of its own with its own words: a reason is given for what was told. */
static void join_soft(struct item *x, const struct item *other)
{
	static const enum column parts[] = {COL_SOFT, COL_SOFT_MESSAGE, COL_SOFT_MESSAGE_EN};
	const char *rule = item_cell(other, COL_SOFT);
	const bool first = item_cell(x, COL_SOFT)[0] == '\0';

	if (rule[0] == '\0' || has_part(item_cell(x, COL_SOFT), rule))
		return;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (first)
			item_set(x, parts[i], item_cell(other, parts[i]));
		else
			add_part(x, parts[i], item_cell(other, parts[i]));
	}
}

/* The same question in another form. What is derived there stays derived. */
static void join_leaf(struct item *x, const struct item *other, const char *when)
{
	if (strcmp(item_cell(x, COL_TYPE), "calculate") == 0)
		return;
	widen(x, when);
	if (item_cell(x, COL_REQUIRED)[0] == '\0')
		item_set(x, COL_REQUIRED, item_cell(other, COL_REQUIRED));
	join_rule(x, other, COL_CONSTRAINT, COL_CONSTRAINT_MESSAGE, COL_CONSTRAINT_MESSAGE_EN);
	join_soft(x, other);
}

/* What one form is only given and another asks, is asked: with the words and rules of that one,
 * where that one asks it. */
static bool ask_given(struct item *given, const struct item *x, struct item *into, const char *when)
{
	const char *type = item_cell(x, COL_TYPE);

	if (strcmp(item_cell(given, COL_TYPE), "hidden") != 0 || strcmp(type, "hidden") == 0 ||
		strcmp(type, "calculate") == 0 || item_cell(given, COL_CALCULATION)[0] != '\0')
		return false;
	for (enum column c = 0; c < COLUMN__MAX; c++)
		item_set(given, c, item_cell(x, c));
	item_set(given, COL_RELEVANT, when);
	item_take_out(given);
	item_hang(into, given);
	return true;
}

/* ---- joining surveys ---- */

/*
 * Puts the items of one form into the joined one. A group's rule goes down to its questions, since
 * another form may ask the same question under another rule; a repeat keeps its own.
 */
static void merge(struct item *all, struct item *into, const struct item *from, const char *when)
{
	size_t i;

	for (i = 0; i < from->count; i++) {
		const struct item *x = from->inner[i];
		/* the question's own reason first: it is the one that is told first */
		char *asked = join(item_cell(x, COL_RELEVANT), "and", when);
		struct item *same = item_find(all, item_cell(x, COL_NAME), item_is_inner(x));
		bool is_new = same == NULL;
		if (is_new) {
			same = item_copy(x);
			item_hang(into, same);
			item_set(same, COL_RELEVANT, x->group ? "" : asked);
		} else if (!item_is_inner(x)) {
			if (!ask_given(same, x, into, asked))
				join_leaf(same, x, asked);
		} else if (x->repeat) {
			widen(same, asked);
		}
		if (item_is_inner(x))
			merge(all, same, x, x->group ? asked : "");
		free(asked);
	}
}

/* What ends a form ends the joined one, in this order. */
static void move_last(struct item *all)
{
	static const char *const last[] = {"g_agent", "g_deliver", "confirmed"};
	size_t i, k;

	for (k = 0; k < sizeof last / sizeof last[0]; k++)
		for (i = 0; i < all->count; i++)
			if (strcmp(item_cell(all->inner[i], COL_NAME), last[k]) == 0) {
				struct item *x = all->inner[i];
				memmove(all->inner + i, all->inner + i + 1,
					(all->count - i - 1) * sizeof *all->inner);
				all->inner[all->count - 1] = x;
				break;
			}
}

/* ---- all ---- */

struct joining {
	struct item *all;
	struct joined_lists lists;
	struct buf version;
};

static void write_settings(
	struct workbook *w, const char *id, const char *title, const char *version)
{
	static const char *const header[] = {"form_id", "form_title", "version"};
	const char *const values[] = {id, title, version};
	struct sheet *s = workbook_add(w, "settings", "settings");

	items_write_texts(s, header, 3);
	items_write_texts(s, values, 3);
}

static void write_workbook(
	struct joining *j, struct workbook *w, const char *id, const char *title, const char *item)
{
	const char *hidden[2] = {"hidden", item};
	struct sheet *s = workbook_add(w, "survey", "survey");

	items_write_header(s);
	items_write_texts(s, hidden, 2);
	items_write(s, j->all);
	lists_write(&j->lists, workbook_add(w, "choices", "choices"));
	write_settings(w, id, title, buf_str(&j->version));
}

static const char *setting(const struct workbook *w, const char *name)
{
	const struct sheet *s = workbook_sheet(w, "settings");
	size_t i;

	for (i = 0; s != NULL && s->count > 1 && i < s->rows[0].count && i < s->rows[1].count; i++)
		if (strcmp(s->rows[0].cells[i], name) == 0)
			return s->rows[1].cells[i];
	return "";
}

/* A question that reads a file would not find it: the forms lie in different folders. */
static bool reads_file(const struct item *in, struct buf *faults)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		const struct item *x = in->inner[i];
		if (strstr(item_cell(x, COL_TYPE), "_from_file") != NULL ||
			type_begins(item_cell(x, COL_TYPE), "csv-external") ||
			type_begins(item_cell(x, COL_TYPE), "xml-external") ||
			strstr(item_cell(x, COL_CALCULATION), "pulldata(") != NULL) {
			buf_printf(faults,
				tr("survey: %s 要读表单旁的文件, 不能并入一件事; 请把选项写进 "
				   "choices 表\n"),
				item_cell(x, COL_NAME));
			return true;
		}
		if (reads_file(x, faults))
			return true;
	}
	return false;
}

static enum err join_part(struct joining *j, const struct form_part *part, struct buf *faults)
{
	struct workbook w = {.count = 0};
	const struct sheet *survey;
	struct item *own = NULL;
	enum err e = workbook_read(&w, part->path, faults);

	survey = workbook_sheet(&w, "survey");
	if (e == OK && (survey == NULL || survey->count == 0)) {
		buf_printf(faults, tr("%s: 没有 survey 表, 请补上\n"), part->path);
		e = ERR_INVALID;
	}
	if (e == OK) {
		own = item_read(survey);
		e = reads_file(own, faults) ? ERR_INVALID : OK;
	}
	if (e == OK) {
		lists_place(&j->lists, workbook_sheet(&w, "choices"), own);
		merge(j->all, j->all, own, part->when);
		buf_printf(
			&j->version, "%s%s", j->version.len > 0 ? "+" : "", setting(&w, "version"));
	}
	if (own != NULL)
		item_free(own);
	workbook_fini(&w);
	return e;
}

enum err form_read_merged(struct form **out, const char *id, const char *title, const char *item,
	const struct form_part *parts, size_t count, struct buf *faults)
{
	struct joining j = {.all = mem_alloc(sizeof *j.all)};
	struct workbook w = {.count = 0};
	enum err e = OK;
	size_t i;

	for (i = 0; i < count && e == OK; i++)
		e = join_part(&j, &parts[i], faults);
	if (e == OK) {
		move_last(j.all);
		write_workbook(&j, &w, id, title, item);
		e = form_build(out, &w, NULL, NULL, faults);
	}
	workbook_fini(&w);
	item_free(j.all);
	lists_fini(&j.lists);
	buf_fini(&j.version);
	return e;
}

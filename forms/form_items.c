#include "forms/form_items.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/sheet.h"

/* The columns that are carried over, and the header each gets in the joined sheet. */
static const struct {
	enum column column;
	const char *header;
} carried[] = {{COL_TYPE, "type"}, {COL_NAME, "name"}, {COL_LABEL, "label::中文 (zh)"},
	{COL_LABEL_EN, "label::English (en)"}, {COL_HINT, "hint::中文 (zh)"},
	{COL_HINT_EN, "hint::English (en)"}, {COL_REQUIRED, "required"},
	{COL_REQUIRED_MESSAGE, "required_message::中文 (zh)"},
	{COL_REQUIRED_MESSAGE_EN, "required_message::English (en)"}, {COL_RELEVANT, "relevant"},
	{COL_CONSTRAINT, "constraint"}, {COL_CONSTRAINT_MESSAGE, "constraint_message::中文 (zh)"},
	{COL_CONSTRAINT_MESSAGE_EN, "constraint_message::English (en)"},
	{COL_SOFT, "soft_constraint"}, {COL_SOFT_MESSAGE, "soft_constraint_message::中文 (zh)"},
	{COL_SOFT_MESSAGE_EN, "soft_constraint_message::English (en)"},
	{COL_CALCULATION, "calculation"}, {COL_DEFAULT, "default"}, {COL_READONLY, "readonly"},
	{COL_APPEARANCE, "appearance"}, {COL_CHOICE_FILTER, "choice_filter"},
	{COL_REPEAT_COUNT, "repeat_count"}, {COL_TRIGGER, "trigger"},
	{COL_PARAMETERS, "parameters"}};

enum {
	CARRIED = sizeof carried / sizeof carried[0]
};

const char *item_cell(const struct item *x, enum column c)
{
	return x->cells[c] != NULL ? x->cells[c] : "";
}

void item_set(struct item *x, enum column c, const char *text)
{
	char *copy = mem_strdup(text);

	free(x->cells[c]);
	x->cells[c] = copy;
}

void item_free(struct item *x)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		item_free(x->inner[i]);
	for (i = 0; i < COLUMN__MAX; i++)
		free(x->cells[i]);
	free(x->inner);
	free(x);
}

void item_hang(struct item *parent, struct item *x)
{
	parent->inner = mem_resize(parent->inner, parent->count + 1, sizeof *parent->inner);
	parent->inner[parent->count++] = x;
	x->parent = parent;
}

void item_take_out(struct item *x)
{
	struct item *from = x->parent;
	size_t i;

	for (i = 0; from->inner[i] != x; i++)
		;
	memmove(from->inner + i, from->inner + i + 1, (from->count - i - 1) * sizeof *from->inner);
	from->count--;
	x->parent = NULL;
}

bool item_is_inner(const struct item *x)
{
	return x->group || x->repeat;
}

struct item *item_find(struct item *in, const char *name, bool inner)
{
	struct item *found = NULL;
	size_t i;

	for (i = 0; i < in->count && found == NULL; i++) {
		struct item *x = in->inner[i];
		if (name[0] != '\0' && item_is_inner(x) == inner &&
			strcmp(item_cell(x, COL_NAME), name) == 0)
			return x;
		found = item_find(x, name, inner);
	}
	return found;
}

bool type_begins(const char *type, const char *word)
{
	size_t i;

	for (i = 0; word[i] != '\0'; i++)
		if (type[i] != word[i] && !(word[i] == '_' && type[i] == ' '))
			return false;
	return true;
}

static struct item *read_item(const struct sheet *s, size_t row)
{
	struct item *x = mem_alloc(sizeof *x);
	const struct sheet_row *header = &s->rows[0], *r = &s->rows[row];
	size_t i;

	for (i = 0; i < r->count && i < header->count; i++) {
		enum column c = builder_column(header->cells[i]);
		if (r->cells[i][0] != '\0' && x->cells[c] == NULL)
			x->cells[c] = mem_strdup(r->cells[i]);
	}
	x->group = type_begins(item_cell(x, COL_TYPE), "begin_group");
	x->repeat = type_begins(item_cell(x, COL_TYPE), "begin_repeat");
	return x;
}

struct item *item_read(const struct sheet *s)
{
	struct item *top = mem_alloc(sizeof *top), *at = top, *x;
	size_t i;

	for (i = 1; i < s->count; i++) {
		x = read_item(s, i);
		if (type_begins(item_cell(x, COL_TYPE), "end_")) {
			at = at->parent != NULL ? at->parent : at;
			item_free(x);
			continue;
		}
		item_hang(at, x);
		if (item_is_inner(x))
			at = x;
	}
	return top;
}

struct item *item_copy(const struct item *x)
{
	struct item *made = mem_alloc(sizeof *made);
	size_t i;

	for (i = 0; i < COLUMN__MAX; i++)
		made->cells[i] = x->cells[i] != NULL ? mem_strdup(x->cells[i]) : NULL;
	made->group = x->group;
	made->repeat = x->repeat;
	return made;
}

void items_write_texts(struct sheet *s, const char *const *texts, size_t count)
{
	char **cells = mem_array(count, sizeof *cells);
	size_t i;

	for (i = 0; i < count; i++)
		cells[i] = mem_strdup(texts[i] != NULL ? texts[i] : "");
	sheet_add_row(s, (int)s->count + 1, cells, count);
}

void items_write_header(struct sheet *s)
{
	const char *header[CARRIED];
	size_t i;

	for (i = 0; i < CARRIED; i++)
		header[i] = carried[i].header;
	items_write_texts(s, header, CARRIED);
}

void items_write(struct sheet *s, const struct item *in)
{
	const char *texts[CARRIED];
	size_t i, k;

	for (i = 0; i < in->count; i++) {
		const struct item *x = in->inner[i];
		for (k = 0; k < CARRIED; k++)
			texts[k] = x->cells[carried[k].column];
		items_write_texts(s, texts, CARRIED);
		if (!item_is_inner(x))
			continue;
		items_write(s, x);
		texts[0] = x->group ? "end_group" : "end_repeat";
		items_write_texts(s, texts, 1);
	}
}

/* The lines of a form as they stand, among them those to add a repetition. */
#include <stdlib.h>

#include "core/base/mem.h"
#include "forms/entry_private.h"

static struct node *slot_for(struct entry *e, struct node *parent, int field)
{
	struct node *handle;
	size_t i;

	for (i = 0; i < e->slot_count; i++)
		if (e->slots[i].parent == parent && e->slots[i].handle->field == field)
			return e->slots[i].handle;
	e->slots = mem_resize(e->slots, e->slot_count + 1, sizeof *e->slots);
	handle = node_new(e->form->fields[field].name, field);
	e->slots[e->slot_count++] = (struct slot){parent, handle};
	return handle;
}

static void add_line(struct entry *e, struct entry_line line)
{
	if (e->line_count == e->line_cap) {
		e->line_cap = e->line_cap > 0 ? e->line_cap * 2 : 64;
		e->lines = mem_resize(e->lines, e->line_cap, sizeof *e->lines);
	}
	e->lines[e->line_count] = line;
	e->lines[e->line_count++].entry = e;
}

bool entry_shown(const struct field *f)
{
	if (f->type == FIELD_HIDDEN)
		return false;
	if (f->type == FIELD_CALCULATE)
		return (f->label != NULL && f->label[0] != '\0') ||
		       (f->label_en != NULL && f->label_en[0] != '\0');
	return true;
}

/* What is asked of the same fact stands there already. */
static bool is_asked_beside(const struct entry *e, const struct field *f)
{
	int at = f->same_as != NULL ? form_find(e->form, f->same_as) : -1;

	return at >= 0 && e->alone[at] != NULL && e->alone[at]->relevant;
}

/* A star is a promise that it is asked for. */
static bool is_starred(struct entry *e, struct node *n)
{
	const struct node *up;

	if (!entry_required(e, n))
		return false;
	for (up = n->parent; up != NULL && up->field >= 0; up = up->parent)
		if (entry_is_vain(e, up))
			return false;
	return true;
}

static void add_leaf(struct entry *e, struct node *n, int depth)
{
	const struct field *f = entry_field(e, n);

	if (!n->relevant || !entry_shown(f) || is_asked_beside(e, f))
		return;
	add_line(e, (struct entry_line){.node = n,
			    .field = f,
			    .depth = depth,
			    .required = is_starred(e, n),
			    .readonly = entry_readonly(e, n),
			    .value = n->value});
}

static void add_slot(struct entry *e, struct node *holder, int field, int depth)
{
	const struct field *f = &e->form->fields[field];

	if (f->repeat_count != NULL ||
		(f->relevant != NULL && !entry_truth(e, f->relevant, holder, true)))
		return;
	add_line(e, (struct entry_line){.node = slot_for(e, holder, field),
			    .field = f,
			    .depth = depth,
			    .value = ""});
}

static void add_level(struct entry *e, struct node *holder, int from, int to, int depth);

/* A group's or repetition's own line and what is in it. */
static void add_inner(struct entry *e, struct node *n, int depth)
{
	const struct field *f = entry_field(e, n);
	size_t heading = e->line_count;

	if (!n->relevant)
		return;
	add_line(e, (struct entry_line){.node = n,
			    .field = f,
			    .depth = depth,
			    .repetition = f->type == FIELD_REPEAT ? (int)node_position(n) : 0,
			    .value = ""});
	add_level(e, n, n->field + 1, f->end, depth + 1);
	if (f->type == FIELD_GROUP && e->line_count == heading + 1)
		e->line_count = heading; /* nothing in it is asked now */
}

/* The fields from..to of one holder in order; after the repetitions of a repeat the line to add
 * one. */
static void add_level(struct entry *e, struct node *holder, int from, int to, int depth)
{
	struct node *n = holder->first;
	int i;

	for (i = from; i < to; i = e->form->fields[i].end) {
		const struct field *f = &e->form->fields[i];
		for (; n != NULL && n->field == i; n = n->next) {
			if (entry_is_inner(f->type))
				add_inner(e, n, depth);
			else
				add_leaf(e, n, depth);
		}
		if (f->type == FIELD_REPEAT && holder->relevant)
			add_slot(e, holder, i, depth);
	}
}

size_t entry_lines(struct entry *e, const struct entry_line **out)
{
	if (e->lines_stale) {
		e->line_count = 0;
		add_level(e, e->root, 0, (int)e->form->count, 0);
		e->lines_stale = false;
	}
	*out = e->lines;
	return e->line_count;
}

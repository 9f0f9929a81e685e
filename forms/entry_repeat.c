/*
 * Repetitions: how they come and go. One in which nothing was answered is there for nobody: it is
 * not exported, and before submitting it is filled or taken away.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forms/entry_private.h"

/* ---- coming ---- */

static struct node *last_repetition(struct node *holder, int field)
{
	struct node *n, *last = NULL;

	for (n = holder->first; n != NULL; n = n->next)
		if (n->field == field)
			last = n;
	return last;
}

/* Where a first repetition belongs: before the next field of the holder. */
static struct node *following(struct node *holder, int field)
{
	struct node *n;

	for (n = holder->first; n != NULL; n = n->next)
		if (n->field > field)
			return n;
	return NULL;
}

struct node *entry_add_repetition(struct entry *e, struct node *holder, int field)
{
	struct node *last = last_repetition(holder, field), *n = entry_build(e, field);
	struct node *before = last != NULL ? last->next : following(holder, field);

	if (before != NULL)
		node_insert_before(before, n);
	else
		node_append(holder, n);
	entry_reshaped(e);
	entry_defaults(e, n);
	e->lines_stale = true;
	return n;
}

static struct node *slot_parent(const struct entry *e, const struct node *handle)
{
	size_t i;

	for (i = 0; i < e->slot_count; i++)
		if (e->slots[i].handle == handle)
			return e->slots[i].parent;
	return NULL;
}

enum err entry_repeat_add(struct entry *e, struct node *repeat_line, struct node **first)
{
	struct node *holder = slot_parent(e, repeat_line);

	if (repeat_line->field < 0 || entry_field(e, repeat_line)->type != FIELD_REPEAT)
		return ERR_STATE;
	if (holder == NULL)
		holder = repeat_line->parent; /* a repetition itself: one more after the last */
	if (holder == NULL || entry_field(e, repeat_line)->repeat_count != NULL)
		return ERR_STATE;
	*first = entry_add_repetition(e, holder, repeat_line->field);
	entry_recompute(e, -1);
	return OK;
}

/* ---- going ---- */

/* A removed repetition takes the places to add inner ones with it. */
static void forget_slots(struct entry *e, const struct node *below)
{
	size_t i;

	for (i = 0; i < e->slot_count;) {
		const struct node *up = e->slots[i].parent;
		while (up != NULL && up != below)
			up = up->parent;
		if (up == below) {
			node_free(e->slots[i].handle);
			e->slots[i] = e->slots[--e->slot_count];
		} else {
			i++;
		}
	}
}

void entry_discard(struct entry *e, struct node *repetition)
{
	forget_slots(e, repetition);
	entry_reshaped(e);
	node_unlink(repetition);
	entry_free_tree(repetition);
	e->lines_stale = true;
}

enum err entry_repeat_remove(struct entry *e, struct node *repetition)
{
	const struct field *f = repetition->field >= 0 ? entry_field(e, repetition) : NULL;

	if (f == NULL || f->type != FIELD_REPEAT || repetition->parent == NULL)
		return ERR_STATE;
	entry_discard(e, repetition);
	if (!e->loading)
		entry_recompute(e, -1);
	return OK;
}

/* ---- untouched ones ---- */

/* A repetition that nobody counts and in which nothing was answered. */
bool entry_is_untouched(const struct entry *e, const struct node *repetition)
{
	struct node *n, *top = (struct node *)(uintptr_t)repetition;

	if (entry_field(e, repetition)->type != FIELD_REPEAT ||
		entry_field(e, repetition)->repeat_count != NULL)
		return false;
	for (n = top; n != NULL; n = entry_next_node(top, n)) {
		const struct field *f = entry_field(e, n);
		if (form_asks(f) && f->dynamic_default == NULL && n->value != NULL &&
			n->value[0] != '\0' &&
			(f->default_text == NULL || strcmp(n->value, f->default_text) != 0))
			return false;
	}
	return true;
}

bool entry_is_vain(const struct entry *e, const struct node *repetition)
{
	const struct node *n;

	if (!entry_is_untouched(e, repetition))
		return false;
	if (entry_field(e, repetition)->may_be_none)
		return true;
	for (n = repetition->parent->first; n != NULL; n = n->next)
		if (n->field == repetition->field && !entry_is_untouched(e, n))
			return true;
	return false;
}

bool entry_left_out(const struct entry *e, const struct node *n)
{
	for (; n != NULL && n->field >= 0; n = n->parent)
		if (entry_is_untouched(e, n))
			return true;
	return false;
}

bool entry_is_sent(const struct entry *e, const struct node *repetition)
{
	return repetition->relevant && !entry_left_out(e, repetition);
}

bool entry_repetition_asks(struct entry *e, struct node *n)
{
	return n->relevant && !entry_is_inner(entry_field(e, n)->type) && n->value[0] == '\0' &&
	       entry_required(e, n);
}

void entry_drop_untouched(struct entry *e)
{
	struct node *n = e->root->first, *next;

	for (; n != NULL; n = next) {
		if (n->field < 0 || !entry_is_untouched(e, n)) {
			next = entry_next_node(e->root, n);
			continue;
		}
		for (next = n; next->next == NULL && next->parent != NULL; next = next->parent)
			;
		next = next->next;
		entry_discard(e, n);
	}
}

/* ---- none at all ---- */

/* Outside of any repetition, so that its name is its place. */
static bool is_outermost(const struct form *form, int field)
{
	for (int up = form->fields[field].parent; up >= 0; up = form->fields[up].parent)
		if (form->fields[up].type == FIELD_REPEAT)
			return false;
	return form->fields[field].type == FIELD_REPEAT && form->fields[field].repeat_count == NULL;
}

void entry_each_none(struct entry *e, void (*each)(void *arg, const char *name), void *arg)
{
	for (size_t i = 0; i < e->form->count; i++)
		if (is_outermost(e->form, (int)i) && entry_find(e, e->form->fields[i].name) == NULL)
			each(arg, e->form->fields[i].name);
}

bool entry_none_of(struct entry *e, const char *place, const char *raw)
{
	int field = raw != NULL && strcmp(raw, ENTRY_NONE) == 0 ? form_find(e->form, place) : -1;
	struct node *n;

	if (field < 0 || !is_outermost(e->form, field))
		return false;
	while ((n = entry_find(e, place)) != NULL && entry_is_untouched(e, n))
		entry_repeat_remove(e, n);
	return true;
}

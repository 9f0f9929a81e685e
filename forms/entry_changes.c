/*
 * What of the answers changed since the draft was last written. As long as no repetition comes or
 * goes a place means the same node, and only nodes whose value was set since are looked at; else
 * everything is held against everything. Where something is being typed, that stands for the value.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/entry_private.h"

void entry_saved_fini(struct saved *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->list[i].place);
		free(s->list[i].value);
	}
	free(s->list);
	*s = (struct saved){0};
}

static int by_place(const void *a, const void *b)
{
	return strcmp(
		((const struct saved_answer *)a)->place, ((const struct saved_answer *)b)->place);
}

const char *entry_standing(const struct entry *e, const struct node *n)
{
	return n == e->typing ? buf_str(&e->typed) : n->value;
}

/* What a draft keeps: answers, not what is computed from them; NULL: nothing. */
static const char *kept_of(const struct entry *e, const struct node *n)
{
	const struct field *f = entry_field(e, n);
	const char *value = entry_standing(e, n);
	bool kept = f != NULL && !entry_is_inner(f->type) && value != NULL && value[0] != '\0' &&
		    (f->calculation == NULL || f->trigger != NULL) && f->type != FIELD_NOTE;

	return kept ? value : NULL;
}

static void add(struct saved *s, const char *place, const char *value)
{
	if ((s->count & (s->count - 1)) == 0)
		s->list = mem_resize(s->list, s->count > 0 ? s->count * 2 : 1, sizeof *s->list);
	s->list[s->count++] = (struct saved_answer){mem_strdup(place), mem_strdup(value)};
}

static void add_none(void *arg, const char *name)
{
	add(arg, name, ENTRY_NONE);
}

/* All answers, in the order of their places, and of which repeat there is none. */
static void collect(struct entry *e, struct saved *s)
{
	struct buf place = {0};
	struct node *n;

	for (n = e->root; n != NULL; n = entry_next_node(e->root, n)) {
		const char *value = kept_of(e, n);
		if (value == NULL)
			continue;
		buf_clear(&place);
		entry_place(e, n, &place);
		add(s, buf_str(&place), value);
	}
	entry_each_none(e, add_none, s);
	if (s->count > 1)
		qsort(s->list, s->count, sizeof *s->list, by_place);
	buf_fini(&place);
}

/* ---- what was set ---- */

static void note_set(struct entry *e, struct node *n)
{
	if (e->reshaped || entry_note(n)->set)
		return;
	entry_note(n)->set = true;
	if (e->set_count == e->set_cap) {
		e->set_cap = e->set_cap > 0 ? e->set_cap * 2 : 16;
		e->set = mem_resize(e->set, e->set_cap, sizeof(struct node *));
	}
	e->set[e->set_count++] = n;
}

bool entry_put(struct entry *e, struct node *n, const char *value)
{
	struct note *note = n->extra;

	if (!node_set(n, value))
		return false;
	if (note != NULL)
		entry_put_reason(note, NULL, NULL); /* it was another value's */
	note_set(e, n);
	return true;
}

/* Both may differ from what is on disk: what was typed until now, and what is. */
void entry_typing(struct entry *e, struct node *n, const char *text)
{
	if (e->typing != NULL)
		note_set(e, e->typing);
	e->typing = n != NULL && !entry_counts_by(e, n->field) ? n : NULL;
	buf_clear(&e->typed);
	if (e->typing == NULL)
		return;
	buf_adds(&e->typed, text);
	note_set(e, n);
}

void entry_reshaped(struct entry *e)
{
	for (size_t i = 0; i < e->set_count; i++)
		entry_note(e->set[i])->set = false;
	e->set_count = 0;
	e->reshaped = true;
	entry_typing(e, NULL, NULL); /* its node may be the one that goes */
}

/* ---- the places on disk ---- */

/* Where a place is among the saved ones, or belongs; *there: it is. */
static size_t saved_at(const struct saved *s, const char *place, bool *there)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(s->list[middle].place, place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = low < s->count && strcmp(s->list[low].place, place) == 0;
	return low;
}

static void forget_saved(struct saved *s, size_t at)
{
	free(s->list[at].place);
	free(s->list[at].value);
	s->count--;
	memmove(s->list + at, s->list + at + 1, (s->count - at) * sizeof *s->list);
}

static void add_saved(struct saved *s, size_t at, const char *place, const char *value)
{
	/* as collect() makes room: whenever the count is a power of two */
	if ((s->count & (s->count - 1)) == 0)
		s->list = mem_resize(s->list, s->count > 0 ? s->count * 2 : 1, sizeof *s->list);
	memmove(s->list + at + 1, s->list + at, (s->count - at) * sizeof *s->list);
	s->list[at] = (struct saved_answer){mem_strdup(place), mem_strdup(value)};
	s->count++;
}

/* One node that was set: reported (each), or noted as written (each NULL). */
static void compare_node(struct entry *e, struct node *n,
	void (*each)(void *arg, const char *place, const char *value), void *arg)
{
	struct saved *s = &e->saved;
	const char *value = kept_of(e, n);
	bool there;
	struct buf place = {0};
	size_t at;

	entry_place(e, n, &place);
	at = saved_at(s, buf_str(&place), &there);
	if (there == (value != NULL) && (!there || strcmp(s->list[at].value, value) == 0)) {
		buf_fini(&place);
		return;
	}
	if (each != NULL) {
		each(arg, buf_str(&place), value);
	} else if (value == NULL) {
		forget_saved(s, at);
	} else if (there) {
		free(s->list[at].value);
		s->list[at].value = mem_strdup(value);
	} else {
		add_saved(s, at, buf_str(&place), value);
	}
	buf_fini(&place);
}

/* ---- all of them ---- */

static void compare_all(
	struct entry *e, void (*each)(void *arg, const char *place, const char *value), void *arg)
{
	const struct saved *now = &e->reported, *was = &e->saved;
	size_t i = 0, k = 0;

	entry_saved_fini(&e->reported);
	collect(e, &e->reported);
	while (i < now->count || k < was->count) {
		int order = i == now->count   ? 1
			    : k == was->count ? -1
					      : by_place(&now->list[i], &was->list[k]);
		if (order < 0 ||
			(order == 0 && strcmp(now->list[i].value, was->list[k].value) != 0))
			each(arg, now->list[i].place, now->list[i].value);
		else if (order > 0)
			each(arg, was->list[k].place, NULL);
		i += order <= 0;
		k += order >= 0;
	}
}

void entry_changed(
	struct entry *e, void (*each)(void *arg, const char *place, const char *value), void *arg)
{
	if (e->reshaped)
		compare_all(e, each, arg);
	else
		for (size_t i = 0; i < e->set_count; i++)
			compare_node(e, e->set[i], each, arg);
}

void entry_saved(struct entry *e)
{
	if (e->reshaped) {
		entry_saved_fini(&e->saved);
		e->saved = e->reported;
		e->reported = (struct saved){0};
		e->reshaped = false;
		return;
	}
	for (size_t i = 0; i < e->set_count; i++) {
		compare_node(e, e->set[i], NULL, NULL);
		entry_note(e->set[i])->set = false;
	}
	e->set_count = 0;
}

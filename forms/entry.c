#include "forms/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/entry_private.h"
#include "forms/form_plan.h"

enum {
	REPETITIONS_MAX = 1000
};

const struct field *entry_field(const struct entry *e, const struct node *n)
{
	return n->field >= 0 ? &e->form->fields[n->field] : NULL;
}

struct note *entry_note(struct node *n)
{
	if (n->extra == NULL)
		n->extra = mem_alloc(sizeof(struct note));
	return n->extra;
}

bool entry_is_inner(enum field_type t)
{
	return t == FIELD_GROUP || t == FIELD_REPEAT;
}

struct node *entry_next_node(const struct node *top, struct node *n)
{
	if (n->first != NULL)
		return n->first;
	while (n != top) {
		if (n->next != NULL)
			return n->next;
		n = n->parent;
	}
	return NULL;
}

/* ---- building ---- */

static void build_children(struct entry *e, struct node *parent, int from, int to)
{
	int i;

	for (i = from; i < to; i = e->form->fields[i].end)
		node_append(parent, entry_build(e, i));
}

struct node *entry_build(struct entry *e, int field)
{
	const struct field *f = &e->form->fields[field];
	struct node *n = node_new(f->name, field);

	if (entry_is_inner(f->type))
		build_children(e, n, field + 1, f->end);
	return n;
}

static bool is_repeated(const struct form *form, int field)
{
	for (; field >= 0; field = form->fields[field].parent)
		if (form->fields[field].type == FIELD_REPEAT)
			return true;
	return false;
}

/* They come with the entry and go with it. */
static void note_alone(struct entry *e)
{
	e->alone = mem_array(e->form->count + 1, sizeof(struct node *));
	for (struct node *n = e->root; n != NULL; n = entry_next_node(e->root, n))
		if (n->field >= 0 && !is_repeated(e->form, n->field))
			e->alone[n->field] = n;
}

struct entry *entry_new(const struct form *form, const struct clock *clock)
{
	struct entry *e = mem_alloc(sizeof *e);

	e->form = form;
	e->clock = clock;
	e->root = node_new(form->root, -1);
	e->meta = node_new("meta", -1);
	node_append(e->meta, node_new("instanceID", -1));
	e->lists = mem_array(form->list_count + 1, sizeof *e->lists);
	e->lines_stale = true;
	e->reshaped = true;
	entry_environment(e);
	build_children(e, e->root, 0, (int)form->count);
	note_alone(e);
	entry_defaults(e, e->root);
	return e;
}

static void free_note(struct node *n)
{
	struct note *note = n->extra;

	if (note == NULL)
		return;
	finding_fini(&note->finding);
	entry_forget_doubts(note);
	entry_put_reason(note, NULL, NULL);
	free(note->objection);
	free(note->objected);
	free(note->failed);
	free(note->asked);
	free(note);
	n->extra = NULL;
}

void entry_free_tree(struct node *top)
{
	struct node *n;

	if (top == NULL)
		return;
	for (n = top; n != NULL; n = entry_next_node(top, n))
		free_note(n);
	node_free(top);
}

void entry_free(struct entry *e)
{
	size_t i;

	if (e == NULL)
		return;
	entry_free_tree(e->root);
	for (i = 0; i < e->form->list_count; i++)
		node_free(e->lists[i]);
	for (i = 0; i < e->slot_count; i++)
		node_free(e->slots[i].handle);
	entry_saved_fini(&e->saved);
	entry_saved_fini(&e->reported);
	free(e->slots);
	free(e->lists);
	free(e->lines);
	free(e->faults);
	free(e->choices);
	free(e->alone);
	free(e->set);
	buf_fini(&e->typed);
	buf_fini(&e->crowded_said);
	for (i = 0; i < SAID__MAX; i++)
		buf_fini(&e->said[i]);
	node_free(e->meta);
	free(e);
}

const struct form *entry_form(const struct entry *e)
{
	return e->form;
}

void entry_identify(struct entry *e, const char *case_id)
{
	struct buf id = {0};

	if (case_id[0] != '\0')
		buf_printf(&id, "uuid:%s", case_id);
	if (node_set(e->meta->first, buf_str(&id)) && e->form->plan->identified)
		entry_recompute(e, -1);
	buf_fini(&id);
}

/* ---- places ---- */

void entry_place(struct entry *e, struct node *n, struct buf *out)
{
	struct node *up;

	for (up = n->parent; up != NULL && up != e->root; up = up->parent) {
		if (entry_field(e, up)->type == FIELD_REPEAT) {
			entry_place(e, up, out);
			buf_addc(out, '/');
			break;
		}
	}
	buf_adds(out, n->name);
	if (n->field >= 0 && entry_field(e, n)->type == FIELD_REPEAT)
		buf_printf(out, "[%zu]", node_position(n));
}

static bool is_repeat(struct entry *e, const struct node *n)
{
	return n->field >= 0 && entry_field(e, n)->type == FIELD_REPEAT;
}

bool entry_place_sent(struct entry *e, struct node *n, struct buf *out)
{
	struct node *up = n->parent, *at;
	size_t number = 0;

	if (!n->relevant || entry_left_out(e, n))
		return false;
	while (up != NULL && !is_repeat(e, up))
		up = up->parent;
	if (up != NULL) {
		entry_place_sent(e, up, out);
		buf_addc(out, '/');
	}
	buf_adds(out, n->name);
	if (!is_repeat(e, n))
		return true;
	for (at = n; at != NULL && at->field == n->field; at = at->prev)
		number += entry_is_sent(e, at);
	buf_printf(out, "[%zu]", number);
	return true;
}

static bool is_named(const struct field *f, const char *name, size_t len)
{
	return strncmp(f->name, name, len) == 0 && f->name[len] == '\0';
}

/* The fields of one name: few, most often one. sent: of repetitions those that are sent count. */
struct namesakes {
	const int *fields;
	size_t count;
	bool sent;
};

/* Whether one of them is from first to before end. */
static bool is_among(const struct namesakes *s, int first, int end)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i] >= first && s->fields[i] < end)
			return true;
	return false;
}

static bool has_number(const struct entry *e, const struct namesakes *s, const struct node *n)
{
	return !s->sent || entry_is_sent(e, n);
}

/* A child that is one of them, groups looked through; the wanted-th of repetitions (from 1). */
static struct node *child_among(
	struct entry *e, struct node *in, const struct namesakes *s, size_t wanted)
{
	struct node *n, *found;
	size_t position = 0; /* among the repetitions of that name, which stand together */

	for (n = in->first; n != NULL; n = n->next) {
		const struct field *f = entry_field(e, n);
		if (!is_among(s, n->field, f->end))
			continue;
		if (is_among(s, n->field, n->field + 1) &&
			(f->type != FIELD_REPEAT || (has_number(e, s, n) && ++position == wanted)))
			return n;
		if (f->type == FIELD_GROUP && (found = child_among(e, n, s, wanted)) != NULL)
			return found;
	}
	return NULL;
}

static struct node *child_named(
	struct entry *e, struct node *in, const char *name, size_t len, size_t wanted, bool sent)
{
	struct namesakes s = {.sent = sent};

	s.count = form_named_part(e->form, name, len, &s.fields);
	return s.count > 0 ? child_among(e, in, &s, wanted) : NULL;
}

/* One step "name[2]": its name's length and the number. false: not one. */
static bool read_step(const char **at, size_t *len, size_t *number)
{
	const char *p = *at;
	char *end;

	*len = strcspn(p, "[/");
	*number = 1;
	p += *len;
	if (*p == '[') {
		*number = strtoul(p + 1, &end, 10);
		if (*end != ']' || *number == 0)
			return false;
		p = end + 1;
	}
	if (*p == '/')
		p++;
	*at = p;
	return *len > 0;
}

/* The repeat of this name in `in`, groups looked through; one inside another repeat is not. */
static int repeat_field_in(
	const struct entry *e, const struct node *in, const char *name, size_t len)
{
	int first = in->field >= 0 ? in->field + 1 : 0;
	int end = in->field >= 0 ? e->form->fields[in->field].end : (int)e->form->count, i = first;

	while (i < end) {
		const struct field *f = &e->form->fields[i];
		if (f->type == FIELD_REPEAT && is_named(f, name, len))
			return i;
		i = f->type == FIELD_REPEAT ? f->end : i + 1;
	}
	return -1;
}

/* The node that holds the repetitions of field within `in` (a group between them perhaps). */
static struct node *holder_of(struct entry *e, struct node *in, int field)
{
	int parent = e->form->fields[field].parent;
	struct node *n;

	for (n = in; n != NULL; n = entry_next_node(in, n))
		if (n->field == parent)
			return n;
	return e->root;
}

/* The repeat of this name, if answers may make repetitions of it: those that are counted come with
 * what counts them (but of many answers at once, that one may still be on its way). -1: none. */
static int makeable(const struct entry *e, const struct node *in, const char *name, size_t len)
{
	int field = repeat_field_in(e, in, name, len);

	return field >= 0 && e->form->fields[field].repeat_count != NULL && !e->loading ? -1
											: field;
}

enum walk {
	WALK_THERE, /* what is there */
	WALK_MAKE,  /* repetitions are made */
	WALK_SENT   /* those that are sent are counted */
};

static struct node *walk_place(struct entry *e, const char *place, enum walk how)
{
	struct node *in = e->root, *n = NULL;
	size_t len, number;

	while (*place != '\0') {
		const char *name = place;
		int repeat;
		if (!read_step(&place, &len, &number))
			return NULL;
		n = child_named(e, in, name, len, number, how == WALK_SENT);
		repeat = n == NULL && how == WALK_MAKE ? makeable(e, in, name, len) : -1;
		while (n == NULL && repeat >= 0 && number <= REPETITIONS_MAX) {
			entry_add_repetition(e, holder_of(e, in, repeat), repeat);
			n = child_named(e, in, name, len, number, false);
		}
		if (n == NULL)
			return NULL;
		in = n;
	}
	return n;
}

struct node *entry_find(struct entry *e, const char *place)
{
	return walk_place(e, place, WALK_THERE);
}

struct node *entry_find_sent(struct entry *e, const char *place)
{
	return walk_place(e, place, WALK_SENT);
}

/* ---- answering ---- */

static void put(struct entry *e, struct node *n, const char *raw)
{
	const struct field *f = entry_field(e, n);
	struct note *note = entry_note(n);
	struct buf value = {0};

	if (n == e->typing)
		entry_typing(e, NULL, NULL);
	entry_normalise(e, f, raw != NULL ? raw : "", &value);
	if (entry_put(e, n, buf_str(&value))) {
		free(note->failed);
		note->failed = NULL;
		if (!e->loading)
			entry_recompute(e, n->field);
	}
	note->checked = false;
	buf_fini(&value);
}

enum err entry_set(struct entry *e, struct node *n, const char *raw)
{
	const struct field *f = n->field >= 0 ? entry_field(e, n) : NULL;

	if (f == NULL || entry_is_inner(f->type) || !n->relevant || entry_readonly(e, n))
		return ERR_STATE;
	put(e, n, raw);
	return OK;
}

enum err entry_set_place(struct entry *e, const char *place, const char *raw)
{
	struct node *n;
	const struct field *f;

	if (entry_none_of(e, place, raw))
		return OK;
	n = walk_place(e, place, WALK_MAKE);
	f = n != NULL ? entry_field(e, n) : NULL;
	if (f == NULL || entry_is_inner(f->type))
		return ERR_NOT_FOUND;
	/* A stored answer goes back also while it is hidden; what is computed is not for the
	 * asking. */
	if (f->calculation != NULL && f->trigger == NULL)
		return ERR_STATE;
	put(e, n, raw);
	return OK;
}

void entry_object(struct entry *e, struct node *n, const char *message)
{
	const struct field *f = n->field >= 0 ? entry_field(e, n) : NULL;
	struct note *note = entry_note(n);

	if (f == NULL || entry_is_inner(f->type))
		return;
	free(note->objection);
	free(note->objected);
	note->objection = mem_strdup(message);
	note->objected = mem_strdup(n->value);
	note->checked = false;
}

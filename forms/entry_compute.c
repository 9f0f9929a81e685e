/* What follows from the answers: relevance, calculations, defaults, counted repetitions. */
#include "forms/entry_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/flags.h"
#include "forms/form_plan.h"

enum {
	PASSES_MAX = 8,
	ROUNDS_MAX = 8 /* levels of counted repetitions in each other */
};

/* ---- recomputing ---- */

static bool compute_relevance(struct entry *e, struct node *n, const struct field *f)
{
	bool relevant = n->parent->relevant &&
			(f->relevant == NULL || entry_truth(e, f->relevant, n, true));

	if (relevant == n->relevant)
		return false;
	n->relevant = relevant;
	e->lines_stale = true;
	return true;
}

/* A calculation without a trigger always runs; else when one of its triggers has changed. */
static bool sets_going(const struct entry *e, const struct field *f, int changed)
{
	if (f->trigger == NULL)
		return true;
	for (const char *const *name = f->trigger; changed >= 0 && *name != NULL; name++)
		if (strcmp(e->form->fields[changed].name, *name) == 0)
			return true;
	return false;
}

static bool compute_value(struct entry *e, struct node *n, const struct field *f, int changed)
{
	struct buf value = {0}, why = {0};
	struct note *note;
	bool differs;

	if (f->calculation == NULL || !n->relevant || !sets_going(e, f, changed))
		return false;
	note = entry_note(n);
	free(note->failed);
	/* What was computed before is of other answers: nothing stands there when it fails. */
	note->failed = entry_value_or_why(e, f->calculation, n, &value, &why)
			       ? NULL
			       : mem_strdup(buf_str(&why));
	differs = entry_put(e, n, buf_str(&value));
	if (differs)
		note->checked = false;
	buf_fini(&why);
	buf_fini(&value);
	return differs;
}

/* ---- defaults ---- */

static void default_of(struct entry *e, struct node *n)
{
	const struct field *f = entry_field(e, n);
	struct note *note;
	struct buf value = {0};

	if (f == NULL || entry_is_inner(f->type))
		return;
	note = entry_note(n);
	if (note->defaulted)
		return;
	note->defaulted = true;
	if (f->default_text != NULL)
		entry_normalise(e, f, f->default_text, &value);
	else if (f->dynamic_default != NULL)
		entry_value(e, f->dynamic_default, n, &value);
	if (value.len > 0)
		entry_put(e, n, value.data);
	buf_fini(&value);
}

static void put_defaults(struct entry *e, struct node *top)
{
	struct node *n;

	for (n = top; n != NULL; n = entry_next_node(top, n))
		default_of(e, n);
}

/* ---- counted repetitions ---- */

static size_t count_repetitions(const struct node *holder, int field)
{
	const struct node *n;
	size_t count = 0;

	for (n = holder->first; n != NULL; n = n->next)
		count += n->field == field;
	return count;
}

/* How many repetitions repeat_count asks for; false: it cannot be told now. */
static bool wanted_count(struct entry *e, struct node *holder, int field, size_t *out)
{
	const struct field *f = &e->form->fields[field];
	struct node place = {.field = field, .name = f->name, .relevant = true, .parent = holder};
	struct buf text = {0};
	double wanted = 0;
	bool told = entry_value(e, f->repeat_count, &place, &text);

	if (told)
		wanted = strtod(buf_str(&text), NULL);
	buf_fini(&text);
	*out = !(wanted >= 0) ? 0 : wanted > ENTRY_COUNTED ? ENTRY_COUNTED + 1 : (size_t)wanted;
	return told;
}

/* Counts that multiply in each other would fill the memory: how many there are. */
static size_t counted_in_all(const struct entry *e)
{
	size_t counted = 0;
	struct node *n;

	for (n = e->root; n != NULL; n = entry_next_node(e->root, n))
		counted += n->field >= 0 && e->form->fields[n->field].repeat_count != NULL;
	return counted;
}

static void add_counted(struct entry *e, struct node *holder, int field)
{
	struct node *n = entry_build(e, field), *at = holder->first;

	while (at != NULL && at->field <= field)
		at = at->next;
	if (at != NULL)
		node_insert_before(at, n);
	else
		node_append(holder, n);
	entry_reshaped(e);
	put_defaults(e, n);
}

/* repeat_count: as many repetitions as the rule says. true: some came or went, and what follows
 * from them is to be computed. */
static bool compute_count(struct entry *e, struct node *holder, int field)
{
	size_t have = count_repetitions(holder, field), wanted, before = have, room;

	if (!wanted_count(e, holder, field, &wanted))
		return false;
	room = e->counted < ENTRY_COUNTED ? ENTRY_COUNTED - e->counted : 0;
	if (wanted > have && wanted - have > room) {
		wanted = have + room;
		if (e->crowded == NULL) /* the outermost */
			e->crowded = &e->form->fields[field];
	}
	for (; have < wanted; have++)
		add_counted(e, holder, field);
	while (have > wanted) {
		struct node *n = holder->last;
		while (n->field != field)
			n = n->prev;
		entry_discard(e, n);
		have--;
	}
	if (have != before)
		e->counted = counted_in_all(e);
	return have != before;
}

/* The nodes of every field, in document order: those of field i from first[i] to first[i + 1]. */
struct roll {
	struct node **nodes;
	size_t *first;
};

static void call_roll(const struct entry *e, struct roll *r)
{
	size_t fields = e->form->count, i;
	struct node *n;

	r->first = mem_array(fields + 2, sizeof *r->first);
	for (n = e->root; n != NULL; n = entry_next_node(e->root, n))
		if (n->field >= 0)
			r->first[n->field + 2]++;
	for (i = 2; i <= fields + 1; i++) /* now first[i + 1] is where field i begins */
		r->first[i] += r->first[i - 1];
	r->nodes = mem_array(r->first[fields + 1] + 1, sizeof(struct node *));
	for (n = e->root; n != NULL; n = entry_next_node(e->root, n))
		if (n->field >= 0)
			r->nodes[r->first[n->field + 1]++] = n;
}

static void dismiss(struct roll *r)
{
	free(r->nodes);
	free(r->first);
}

/* true: something differs from before. */
static bool compute_field(struct entry *e, const struct roll *r, size_t field, int changed)
{
	const struct field *f = &e->form->fields[field];
	bool differs = false;

	for (size_t i = r->first[field]; i < r->first[field + 1]; i++) {
		differs = compute_relevance(e, r->nodes[i], f) || differs;
		differs = compute_value(e, r->nodes[i], f, changed) || differs;
	}
	return differs;
}

/* What is computed from this field, at once. */
static void touch(const struct entry *e, size_t from, char *touched)
{
	const size_t n = e->form->count;
	const bool *row = e->form->plan->affects + from * n;

	for (size_t k = flags_next(row, n, 0); k < n; k = flags_next(row, n, k + 1))
		touched[k] = 1;
}

/*
 * In their order once; what came out as it was touches nothing after it. Where paths leave the
 * order open, again until nothing differs.
 */
static void compute_fields(struct entry *e, char *touched, int changed)
{
	const struct form_plan *plan = e->form->plan;
	struct roll r;
	bool differs;
	int passes = 0;

	call_roll(e, &r);
	do {
		differs = false;
		for (size_t i = 0; i < e->form->count; i++) {
			const size_t field = plan->order[i];
			if (!touched[field] || !compute_field(e, &r, field, changed))
				continue;
			touch(e, field, touched);
			differs = true;
		}
	} while (differs && plan->unordered && ++passes < PASSES_MAX);
	dismiss(&r);
}

static bool compute_counts(struct entry *e)
{
	bool changed = false;
	int i;

	e->crowded = NULL;
	e->counted = counted_in_all(e);
	for (i = 0; i < (int)e->form->count; i++) {
		const struct field *f = &e->form->fields[i];
		struct node *n;
		if (f->type != FIELD_REPEAT || f->repeat_count == NULL)
			continue;
		/* the next one is looked for afterwards: repetitions below n come and go */
		for (n = e->root; n != NULL; n = entry_next_node(e->root, n))
			if (n->field == f->parent)
				changed = compute_count(e, n, i) || changed;
	}
	return changed;
}

static bool is_counted(const struct form *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (f->fields[i].repeat_count != NULL)
			return true;
	return false;
}

/* How many repetitions there are now goes by this field, through whatever is computed from it. */
bool entry_counts_by(const struct entry *e, int field)
{
	const size_t n = e->form->count;
	char *touched, *seen;
	bool counts = false, more = counted_in_all(e) > 0;

	if (!more)
		return false;
	touched = mem_array(n + 1, 1);
	seen = mem_array(n + 1, 1);
	touch(e, (size_t)field, touched);
	while (more && !counts) {
		more = false;
		for (size_t i = 0; i < n; i++) {
			if (!touched[i] || seen[i])
				continue;
			seen[i] = 1;
			more = true;
			counts = counts || e->form->fields[i].repeat_count != NULL;
			touch(e, i, touched);
		}
	}
	free(touched);
	free(seen);
	return counts;
}

/* Findings of what refers to the change may differ although the value does not. */
static void forget_findings(struct entry *e)
{
	struct node *n;

	for (n = e->root; n != NULL; n = entry_next_node(e->root, n))
		if (n->extra != NULL)
			((struct note *)n->extra)->checked = false;
}

void entry_recompute(struct entry *e, int changed_field)
{
	size_t n = e->form->count;
	char *touched = mem_array(n + 1, 1);
	int rounds = 0;

	if (changed_field >= 0)
		touch(e, (size_t)changed_field, touched);
	else
		memset(touched, 1, n);
	/* Counted repetitions that come or go change what was computed, nested ones once a level.
	 */
	do {
		compute_fields(e, touched, changed_field);
		memset(touched, 1, n);
	} while (is_counted(e->form) && compute_counts(e) && ++rounds < ROUNDS_MAX);
	forget_findings(e);
	e->lines_stale = true;
	free(touched);
}

void entry_defaults(struct entry *e, struct node *top)
{
	put_defaults(e, top);
	if (!e->loading)
		entry_recompute(e, -1);
}

/* The plan: which answer what depends on, found once from the rules, and in which order. */
#include "forms/entry_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/choice_mentions.h"
#include "forms/flags.h"

struct uses {
	struct entry *e;
	bool *row; /* count flags: what the dependent field uses */
	bool path; /* a path may lead anywhere */
};

static void see_reference(void *arg, const char *name, bool path)
{
	struct uses *u = arg;
	const int *fields;
	size_t count, i;

	u->path = u->path || path;
	count = path ? 0 : form_named(u->e->form, name, &fields);
	for (i = 0; i < count; i++)
		u->row[fields[i]] = true;
}

/* *always: what it says may differ at each change, whatever has changed. */
static void plan_rule(
	struct entry *e, bool *row, size_t field, const struct expr *rule, bool *always)
{
	struct uses u = {e, row, false};
	bool self;

	if (rule == NULL)
		return;
	expr_references(rule, see_reference, &u);
	choice_mentions(e->form, rule, row);
	*always = *always || u.path || expr_volatile(rule);
	if (!u.path)
		return;
	e->unordered = true;
	self = row[field];
	memset(row, true, e->form->count);
	row[field] = self;
}

/* The fields that set this one's calculation going. */
static void set_triggers(const struct entry *e, bool *row, const struct field *f, bool to)
{
	const int *fields;

	for (const char *const *name = f->trigger; name != NULL && *name != NULL; name++) {
		size_t count = form_named(e->form, *name, &fields);
		for (size_t i = 0; i < count; i++)
			row[fields[i]] = to;
	}
}

struct placing {
	struct entry *e;
	const bool *uses; /* count x count: row i, column k: i is computed from k */
	char *seen;
	size_t placed;
};

static void visit(struct placing *p, size_t i)
{
	const size_t n = p->e->form->count;
	const bool *row = p->uses + i * n;

	p->seen[i] = 1;
	for (size_t k = flags_next(row, n, 0); k < n; k = flags_next(row, n, k + 1))
		if (!p->seen[k])
			visit(p, k);
	p->e->order[p->placed++] = i;
}

/* Rows and columns change places: row k of affects is what uses k. */
static void turn(const bool *uses, bool *affects, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const bool *row = uses + i * n;
		for (size_t k = flags_next(row, n, 0); k < n; k = flags_next(row, n, k + 1))
			affects[k * n + i] = true;
	}
}

/* Row i: what field i is computed from. */
static void plan_fields(struct entry *e, bool *uses, bool *always)
{
	const size_t n = e->form->count;
	size_t i;
	int up;

	for (i = 0; i < n; i++) {
		const struct field *f = &e->form->fields[i];
		bool *row = uses + i * n;
		plan_rule(e, row, i, f->calculation, &always[i]);
		/* It starts from an answer that is there: nothing is computed before it, and it may
		 * even take the question away without closing a circle. */
		set_triggers(e, row, f, false);
		plan_rule(e, row, i, f->relevant, &always[i]);
		plan_rule(e, row, i, f->repeat_count, &always[i]);
		plan_rule(e, row, i, f->dynamic_default, &always[i]);
		/* A group that comes or goes takes all below it along. */
		for (up = f->parent; up >= 0; up = e->form->fields[up].parent)
			row[up] = true;
	}
	for (i = 0; i < n; i++) {
		up = e->form->fields[i].parent;
		if (up >= 0 && e->form->fields[up].type == FIELD_REPEAT)
			uses[(size_t)up * n + i] = false;
	}
}

void entry_plan(struct entry *e)
{
	size_t n = e->form->count, i;
	bool *uses = mem_array(n * n + 1, sizeof *uses), *always = mem_array(n + 1, sizeof *always);
	struct placing p = {e, uses, mem_array(n + 1, 1), 0};

	e->affects = mem_array(n * n + 1, sizeof *e->affects);
	e->order = mem_array(n + 1, sizeof *e->order);
	plan_fields(e, uses, always);
	for (i = 0; i < n; i++)
		if (!p.seen[i])
			visit(&p, i);
	/* The time of day changes with everything, but nothing need be computed before it. */
	for (i = 0; i < n; i++)
		if (always[i]) {
			bool self = uses[i * n + i];
			memset(uses + i * n, true, n);
			uses[i * n + i] = self;
		}
	/* What sets a calculation going need not stand in it. */
	for (i = 0; i < n; i++)
		set_triggers(e, uses + i * n, &e->form->fields[i], true);
	turn(uses, e->affects, n);
	free(p.seen);
	free(always);
	free(uses);
}

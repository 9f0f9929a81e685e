#include "forms/form_plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/choice_mentions.h"
#include "forms/expr.h"
#include "forms/flags.h"
#include "forms/form_build.h"

struct planning {
	const struct form *form;
	struct form_plan *plan;
	bool *uses;   /* count x count: row i, column k: i is computed from k */
	bool *always; /* what it says may differ at each change, whatever has changed */
};

struct uses {
	const struct form *form;
	bool *row;    /* count flags: what the dependent field uses */
	bool path;    /* a path may lead anywhere */
	bool unknown; /* a name is no field's, or a path may lead elsewhere */
};

static void see_reference(void *arg, const char *name, bool path)
{
	struct uses *u = arg;
	const int *fields;
	size_t count, i;

	u->path = u->path || path;
	count = path ? 0 : form_named(u->form, name, &fields);
	u->unknown = u->unknown || count == 0;
	for (i = 0; i < count; i++)
		u->row[fields[i]] = true;
}

static void plan_rule(const struct planning *p, size_t field, const struct expr *rule)
{
	bool *row = p->uses + field * p->form->count;
	struct uses u = {.form = p->form, .row = row};
	bool self, told;

	if (rule == NULL)
		return;
	expr_references(rule, see_reference, &u);
	told = choice_mentions(p->form, rule, row);
	p->plan->identified |= u.unknown || told;
	p->always[field] |= u.path || expr_volatile(rule);
	if (!u.path)
		return;
	p->plan->unordered = true;
	self = row[field];
	memset(row, true, p->form->count);
	row[field] = self;
}

/* The fields that set this one's calculation going. */
static void set_triggers(const struct form *form, bool *row, const struct field *f, bool to)
{
	const int *fields;

	for (const char *const *name = f->trigger; name != NULL && *name != NULL; name++) {
		size_t count = form_named(form, *name, &fields);
		for (size_t i = 0; i < count; i++)
			row[fields[i]] = to;
	}
}

struct placing {
	size_t *order, count;
	const bool *uses;
	char *seen;
	size_t placed;
};

static void visit(struct placing *p, size_t i)
{
	const size_t n = p->count;
	const bool *row = p->uses + i * n;

	p->seen[i] = 1;
	for (size_t k = flags_next(row, n, 0); k < n; k = flags_next(row, n, k + 1))
		if (!p->seen[k])
			visit(p, k);
	p->order[p->placed++] = i;
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
static void plan_fields(const struct planning *p)
{
	const struct form *form = p->form;
	const size_t n = form->count;
	size_t i;
	int up;

	for (i = 0; i < n; i++) {
		const struct field *f = &form->fields[i];
		bool *row = p->uses + i * n;
		plan_rule(p, i, f->calculation);
		/* It starts from an answer that is there: nothing is computed before it, and it may
		 * even take the question away without closing a circle. */
		set_triggers(form, row, f, false);
		plan_rule(p, i, f->relevant);
		plan_rule(p, i, f->repeat_count);
		plan_rule(p, i, f->dynamic_default);
		/* A group that comes or goes takes all below it along. */
		for (up = f->parent; up >= 0; up = form->fields[up].parent)
			row[up] = true;
	}
	for (i = 0; i < n; i++) {
		up = form->fields[i].parent;
		if (up >= 0 && form->fields[up].type == FIELD_REPEAT)
			p->uses[(size_t)up * n + i] = false;
	}
}

void form_plan_make(struct form *form)
{
	struct form_plan *plan = form_alloc(form, 1, sizeof *plan);
	size_t n = form->count, i;
	bool *uses = mem_array(n * n + 1, sizeof *uses), *always = mem_array(n + 1, sizeof *always);
	struct placing p = {
		form_alloc(form, n + 1, sizeof *p.order), n, uses, mem_array(n + 1, 1), 0};

	plan->affects = form_alloc(form, n * n + 1, sizeof *plan->affects);
	plan->order = p.order;
	plan_fields(&(struct planning){form, plan, uses, always});
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
		set_triggers(form, uses + i * n, &form->fields[i], true);
	turn(uses, plan->affects, n);
	form->plan = plan;
	free(p.seen);
	free(always);
	free(uses);
}

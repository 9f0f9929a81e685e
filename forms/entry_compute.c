/* What follows from the answers: relevance, calculations, defaults, counted repetitions. */
#include "forms/entry_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr_number.h"
#include "forms/flags.h"

enum {
	PASSES_MAX = 8,
	VALUE_MAX_BYTES = 64 << 10, /* of a computed answer */
	ROUNDS_MAX = 8		    /* levels of counted repetitions in each other */
};

/* ---- what an expression sees ---- */

static bool inside(const struct entry *e, const struct node *n)
{
	while (n->parent != NULL)
		n = n->parent;
	return n == e->root;
}

/* The ancestor-or-self of n that stands for this field, or NULL. */
static struct node *standing_for(struct node *n, int field)
{
	while (n != NULL && n->field != field)
		n = n->parent;
	return n;
}

struct gather {
	struct entry *e;
	struct node *context;
	int chain[40]; /* fields from the outermost down to the one wanted */
	int depth;
	struct node ***nodes;
	size_t *count;
};

static void put_node(struct gather *g, struct node *n)
{
	*g->nodes = mem_resize(*g->nodes, *g->count + 1, sizeof **g->nodes);
	(*g->nodes)[(*g->count)++] = n;
}

static void gather_from(struct gather *g, struct node *holder, int level)
{
	int field = g->chain[level];
	struct node *here = standing_for(g->context, field), *n;

	for (n = holder->first; n != NULL && n->field <= field; n = n->next) { /* in that order */
		if (n->field != field)
			continue;
		/* Inside a repetition only that one is meant; outside, all of them. */
		if (here != NULL && here->parent == holder && n != here && level < g->depth - 1)
			continue;
		if (level + 1 < g->depth) {
			gather_from(g, n, level + 1);
			continue;
		}
		put_node(g, n);
	}
}

/*
 * The field of this name when there is but one, else -1. Names come from compiled rules and stand
 * where they stood, so the field met there last is looked at first, by one comparison.
 */
static int only_field(struct entry *e, const char *name)
{
	int *met = &e->met[(uint32_t)((uintptr_t)name * 2654435761u) >> 20]; /* of ENTRY_MET */
	const int *fields;

	if (*met > 0 && strcmp(e->form->fields[*met - 1].name, name) == 0)
		return *met - 1;
	if (form_named(e->form, name, &fields) != 1)
		return -1;
	*met = fields[0] + 1;
	return fields[0];
}

/* Of fields of the same name the one nearest to the context: sharing most of its groups. */
static int nearest_field(const struct entry *e, const struct node *context, const char *name)
{
	const int *fields;
	size_t count = form_named(e->form, name, &fields), i;
	int best = -1, best_shared = -1;

	for (i = 0; i < count; i++) {
		int shared = 0, up;
		for (up = e->form->fields[fields[i]].parent; up >= 0;
			up = e->form->fields[up].parent)
			shared += standing_for((struct node *)(uintptr_t)context, up) != NULL;
		if (shared > best_shared) {
			best = fields[i];
			best_shared = shared;
		}
	}
	return best;
}

static void reference(
	void *arg, struct node *context, const char *name, struct node ***nodes, size_t *count)
{
	struct entry *e = arg;
	struct gather g = {.e = e, .nodes = nodes, .count = count};
	int field = only_field(e, name), up, k;

	if (field < 0 && strcmp(name, "instanceID") == 0 && form_find(e->form, name) < 0) {
		put_node(&g, e->meta->first);
		return;
	}
	if (field >= 0 && e->alone[field] != NULL) {
		put_node(&g, e->alone[field]);
		return;
	}
	g.context = context != NULL && inside(e, context) ? context : e->context;
	if (field < 0)
		field = nearest_field(e, g.context, name);
	if (field < 0)
		return;
	for (up = field; up >= 0 && g.depth < 40; up = e->form->fields[up].parent)
		g.chain[g.depth++] = up;
	for (k = 0; k < g.depth / 2; k++) {
		int swap = g.chain[k];
		g.chain[k] = g.chain[g.depth - 1 - k];
		g.chain[g.depth - 1 - k] = swap;
	}
	gather_from(&g, e->root, 0);
}

static void add_leaf(struct node *item, const char *name, const char *value)
{
	struct node *leaf = node_new(name, -1);

	node_set(leaf, value != NULL ? value : "");
	node_append(item, leaf);
}

struct node *entry_list_tree(struct entry *e, const struct choice_list *l)
{
	size_t at = (size_t)(l - e->form->lists), i, c;
	struct node *root = e->lists[at];

	if (root != NULL)
		return root;
	root = e->lists[at] = node_new("root", -1);
	for (i = 0; i < l->count; i++) {
		struct node *item = node_new("item", -1);
		/* a row of a table has its columns alone */
		if (l->choices[i].name[0] != '\0' && !l->own_columns) {
			add_leaf(item, "name", l->choices[i].name);
			add_leaf(item, "label", choice_text(&l->choices[i]));
		}
		for (c = 0; c < l->column_count; c++)
			add_leaf(item, l->column_names[c], l->choices[i].columns[c]);
		node_append(root, item);
	}
	return root;
}

static struct node *instance(void *arg, const char *id)
{
	struct entry *e = arg;
	const struct choice_list *l = form_table(e->form, id);

	return l != NULL ? entry_list_tree(e, l) : NULL;
}

static const char *choice_label(void *arg, const char *field, const char *value)
{
	const struct entry *e = arg;
	int i = form_find(e->form, field);
	const struct choice_list *l = i >= 0 ? e->form->fields[i].list : NULL;
	size_t k;

	for (k = 0; l != NULL && k < l->count; k++)
		if (strcmp(l->choices[k].name, value) == 0)
			return choice_text(&l->choices[k]);
	return NULL;
}

static const char *column_of(const struct choice_list *l, const struct choice *c, const char *name)
{
	size_t i;

	for (i = 0; i < l->column_count; i++)
		if (strcmp(l->column_names[i], name) == 0)
			return c->columns[i];
	if (l->own_columns)
		return NULL;
	if (strcmp(name, "name") == 0)
		return c->name;
	return strcmp(name, "label") == 0 ? choice_text(c) : NULL;
}

/* pulldata('file', 'wanted column', 'key column', key) */
static bool function(
	void *arg, const char *name, const struct value *args, size_t count, struct value *out)
{
	struct entry *e = arg;
	struct buf text[4] = {{0}, {0}, {0}, {0}};
	const struct choice_list *l;
	const char *found = "", *key;
	size_t i;

	if (strcmp(name, "pulldata") != 0 || count != 4)
		return false;
	for (i = 0; i < 4; i++)
		value_string(&args[i], &text[i]);
	l = form_table(e->form, buf_str(&text[0]));
	for (i = 0; l != NULL && i < l->count; i++) {
		key = column_of(l, &l->choices[i], buf_str(&text[2]));
		if (key != NULL && strcmp(key, buf_str(&text[3])) == 0) {
			found = column_of(l, &l->choices[i], buf_str(&text[1]));
			break;
		}
	}
	*out = (struct value){.type = VALUE_STRING};
	out->as.string = mem_strdup(found != NULL ? found : "");
	for (i = 0; i < 4; i++)
		buf_fini(&text[i]);
	return true;
}

void entry_environment(struct entry *e)
{
	e->env = (struct expr_env){.clock = e->clock,
		.reference = reference,
		.instance = instance,
		.choice_label = choice_label,
		.meta = e->meta,
		.function = function,
		.arg = e};
}

bool entry_truth(struct entry *e, const struct expr *rule, struct node *context, bool on_error)
{
	struct value v;
	bool truth = on_error;

	e->context = context;
	if (expr_eval(rule, &e->env, context, &v, NULL) == OK) {
		truth = value_boolean(&v);
		value_fini(&v);
	}
	return truth;
}

/* A number that is none yet stands empty: something it needs is not answered. */
static void put_value(struct value *v, struct buf *out)
{
	if (v->type == VALUE_NUMBER && isnan(v->as.number))
		return;
	if (v->type == VALUE_NUMBER)
		v->as.number = number_sure(v->as.number);
	value_string(v, out);
}

/* why: what is in the way when it is false; NULL: nobody asks. */
static bool value_or_why(struct entry *e, const struct expr *rule, struct node *context,
	struct buf *out, struct buf *why)
{
	struct value v;

	struct buf spoilt = {0};
	bool computed;

	e->context = context;
	computed = expr_eval(rule, &e->env, context, &v, &spoilt) == OK;
	if (computed && spoilt.len == 0 && v.type == VALUE_NUMBER && isinf(v.as.number))
		buf_adds(&spoilt, tr("结果太大"));
	if (why != NULL)
		buf_adds(why, buf_str(&spoilt));
	if (computed && spoilt.len == 0)
		put_value(&v, out);
	if (computed)
		value_fini(&v);
	computed = computed && spoilt.len == 0;
	buf_fini(&spoilt);
	if (!computed)
		return false;
	if (out->len <= VALUE_MAX_BYTES)
		return true;
	buf_clear(out); /* a rule that gathers its own result grows without end */
	if (why != NULL)
		buf_adds(why, tr("结果太长, 放不下"));
	return false;
}

bool entry_value(struct entry *e, const struct expr *rule, struct node *context, struct buf *out)
{
	return value_or_why(e, rule, context, out, NULL);
}

bool entry_holds(struct entry *e, const struct expr *rule)
{
	return entry_truth(e, rule, e->root, true);
}

/* ---- the plan ---- */

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
	note->failed =
		value_or_why(e, f->calculation, n, &value, &why) ? NULL : mem_strdup(buf_str(&why));
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
	const bool *row = e->affects + from * n;

	for (size_t k = flags_next(row, n, 0); k < n; k = flags_next(row, n, k + 1))
		touched[k] = 1;
}

/*
 * In their order once; what came out as it was touches nothing after it. Where paths leave the
 * order open, again until nothing differs.
 */
static void compute_fields(struct entry *e, char *touched, int changed)
{
	struct roll r;
	bool differs;
	int passes = 0;

	call_roll(e, &r);
	do {
		differs = false;
		for (size_t i = 0; i < e->form->count; i++) {
			if (!touched[e->order[i]] || !compute_field(e, &r, e->order[i], changed))
				continue;
			touch(e, e->order[i], touched);
			differs = true;
		}
	} while (differs && e->unordered && ++passes < PASSES_MAX);
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

/* What an expression sees of an application, and what it makes of it: a truth or a value. */
#include "forms/entry_private.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr_number.h"

enum {
	VALUE_MAX_BYTES = 64 << 10 /* of a computed answer */
};

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

static const struct node *sole(void *arg, const char *name)
{
	struct entry *e = arg;
	int field = only_field(e, name);
	const struct node *n = field < 0 ? NULL : e->alone[field];

	return n != NULL && n->value != NULL ? n : NULL; /* a group is not one answer */
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

/* The words of a choice with the answers in them, seen from where the rule is evaluated. */
static const char *say_choice(struct entry *e, const struct choice *c)
{
	struct node *context = e->context;
	const char *said =
		entry_said(e, context != NULL ? context : e->root, choice_text(c), SAID_VALUE);

	e->context = context;
	return said;
}

/* Labels that mention answers say what is answered now. */
static void say_labels(struct entry *e, const struct choice_list *l, struct node *root)
{
	struct node *item = root->first;

	for (size_t i = 0; i < l->count && item != NULL && !l->own_columns; i++, item = item->next)
		if (l->choices[i].name[0] != '\0' &&
			strstr(choice_text(&l->choices[i]), "${") != NULL)
			node_set(node_child(item, "label", 0), say_choice(e, &l->choices[i]));
}

static struct node *instance(void *arg, const char *id)
{
	struct entry *e = arg;
	const struct choice_list *l = form_table(e->form, id);
	struct node *root = l != NULL ? entry_list_tree(e, l) : NULL;

	if (root != NULL)
		say_labels(e, l, root);
	return root;
}

static const char *choice_label(void *arg, const char *field, const char *value)
{
	struct entry *e = arg;
	int i = form_find(e->form, field);
	const struct choice_list *l = i >= 0 ? e->form->fields[i].list : NULL;
	size_t k;

	for (k = 0; l != NULL && k < l->count; k++)
		if (strcmp(l->choices[k].name, value) == 0)
			return say_choice(e, &l->choices[k]);
	return NULL;
}

static const char *column_of(
	struct entry *e, const struct choice_list *l, const struct choice *c, const char *name)
{
	size_t i;

	for (i = 0; i < l->column_count; i++)
		if (strcmp(l->column_names[i], name) == 0)
			return c->columns[i];
	if (l->own_columns)
		return NULL;
	if (strcmp(name, "name") == 0)
		return c->name;
	return strcmp(name, "label") == 0 ? say_choice(e, c) : NULL;
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
		key = column_of(e, l, &l->choices[i], buf_str(&text[2]));
		if (key != NULL && strcmp(key, buf_str(&text[3])) == 0) {
			found = column_of(e, l, &l->choices[i], buf_str(&text[1]));
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
		.zone = &e->zone,
		.reference = reference,
		.sole = sole,
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

bool entry_value_or_why(struct entry *e, const struct expr *rule, struct node *context,
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
	return entry_value_or_why(e, rule, context, out, NULL);
}

bool entry_holds(struct entry *e, const struct expr *rule)
{
	return entry_truth(e, rule, e->root, true);
}

/* What can only be checked when the whole definition is read: names that rules refer to, and
 * circles. */
#include "forms/form_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/choice_mentions.h"
#include "forms/expr.h"
#include "forms/flags.h"

struct visit {
	struct builder *b;
	int field; /* whose rule it is */
	const char *column;
	int at;	    /* its number */
	bool *uses; /* NULL, or count flags: which fields it refers to */
	bool whole; /* all rows are fields: what is wrong is not wrong for another's fault */
};

/* What a form notes of itself, unless it says that it does not. What a case is called is a field,
 * unless the rule for it is faulty. */
static bool own_note(const struct builder *b, const char *name)
{
	return (b->instance_id && strcmp(name, "instanceID") == 0) ||
	       (b->names_cases && strcmp(name, "instanceName") == 0);
}

/* The builder stands at the row of this field, until it leaves. */
static const struct sheet *go_to(struct builder *b, size_t field, struct sheet_row *row)
{
	const struct sheet *was = b->sheet;

	*row = (struct sheet_row){b->field_rows[field], NULL, 0};
	b->row = row;
	if ((int)field == b->naming)
		b->sheet = b->naming_sheet;
	return was;
}

static void leave(struct builder *b, const struct sheet *to)
{
	b->sheet = to;
	b->row = NULL;
}

static void see(void *arg, const char *name, bool path)
{
	struct visit *v = arg;
	const struct form *f = v->b->form;
	const int *fields;
	size_t n, i;

	if (path)
		return;
	n = form_named(f, name, &fields);
	if (n == 0 && strcmp(name, "instanceName") == 0 && !v->b->names_cases && v->uses == NULL) {
		builder_fault(v->b, v->at,
			tr("%s 的 %s 提到了 ${instanceName}, 但 settings 没有写 instance_name: "
			   "请加上这一列, 写一件事怎么称呼, 如 concat(${姓名}, ' ', ${日期})"),
			f->fields[v->field].name, v->column);
		return;
	}
	if (n == 0 && (own_note(v->b, name) || builder_lost(v->b, name)))
		return;
	if (n == 0 && v->uses == NULL)
		say_no_field(v->b, v->at, v->field, v->column, name);
	else if (n > 1 && v->uses == NULL && v->whole)
		builder_fault(v->b, v->at,
			tr("%s 的 %s 提到了 ${%s}, 但叫这个名的有 %zu 栏, 请改成不同的名"),
			f->fields[v->field].name, v->column, name, n);
	for (i = 0; v->uses != NULL && i < n; i++)
		v->uses[fields[i]] = true;
}

static void see_table(void *arg, const char *name)
{
	const struct visit *v = arg;

	build_table(v->b, name, ".csv", v->at);
}

/* What labels, hints and messages mention. */
static void check_mentions(struct builder *b, bool whole)
{
	const struct sheet *survey = b->sheet;

	for (size_t i = 0; i < b->mention_count; i++) {
		const struct mention *m = &b->mentions[i];
		struct sheet_row row = {m->row, NULL, 0};
		struct sheet sheet = {.file = (char *)(uintptr_t)m->sheet};
		const int *fields;
		size_t n = form_named(b->form, m->name, &fields);
		if (n == 1 || (n > 1 && !whole) || builder_lost(b, m->name) ||
			own_note(b, m->name) || strncmp(m->name, "last-saved#", 11) == 0)
			continue;
		b->sheet = &sheet;
		b->row = &row;
		if (n == 0)
			builder_fault(b, m->column,
				tr("文字里提到了 ${%s}, 但没有这一栏, 请改名或补上"), m->name);
		else
			builder_fault(b, m->column,
				tr("文字里提到了 ${%s}, 但叫这个名的有 %zu 栏, 请改成不同的名"),
				m->name, n);
		b->sheet = survey;
		b->row = NULL;
	}
}

/* The choices of a list that a search fills are columns of its file, not answers. */
static void check_search(struct builder *b, size_t i)
{
	const struct field *x = &b->form->fields[i];

	if (x->list == NULL || strstr(x->appearance, "search(") == NULL)
		return;
	for (size_t k = 0; k < b->form->count; k++) {
		const struct field *y = &b->form->fields[k];
		struct sheet_row row = {b->field_rows[k], NULL, 0};
		if (y->list != x->list || strstr(y->appearance, "search(") != NULL)
			continue;
		b->row = &row;
		builder_fault(b, 1, tr("列表 %s 由 %s 的 search() 填充, %s 请另用一个列表"),
			x->list->name, x->name, y->name);
		b->row = NULL;
	}
}

static void check_names(struct builder *b, const struct path_rule *rule, bool whole)
{
	struct visit v = {b, rule->field, rule->column, rule->column_at, NULL, whole};

	expr_references(rule->expr, see, &v);
	expr_tables(rule->expr, see_table, &v);
}

/* Names first: paths may look into the tables that they bring. */
static void check_one(struct builder *b, const struct path_rule *path, bool paths, bool whole)
{
	const bool naming = path->field == b->naming;

	if (path->expr == NULL || (paths && naming && b->naming_vain))
		return; /* vain: words that are no path to anything, told already */
	if (paths) {
		const size_t faults = b->fault_count;
		check_paths(b, path);
		check_rule(b, path);
		if (b->fault_count == faults)
			check_long_numbers(b, path);
	} else {
		check_names(b, path, whole);
	}
}

static void check_rules(struct builder *b, int i, bool paths, bool whole)
{
	const struct field *x = &b->form->fields[i];
	const struct {
		const struct expr *rule;
		const char *column;
		enum column kind;
	} rules[] = {{x->relevant, "relevant", COL_RELEVANT},
		{x->constraint, "constraint", COL_CONSTRAINT},
		{x->calculation, "calculation", COL_CALCULATION},
		{x->required, "required", COL_REQUIRED}, {x->readonly_if, "readonly", COL_READONLY},
		{x->dynamic_default, "default", COL_DEFAULT},
		{x->choice_filter, "choice_filter", COL_CHOICE_FILTER},
		{x->repeat_count, "repeat_count", COL_REPEAT_COUNT}};
	const bool naming = i == b->naming;
	struct sheet_row row;
	const struct sheet *survey = go_to(b, (size_t)i, &row);
	size_t k;

	for (k = 0; k < sizeof rules / sizeof rules[0]; k++) {
		struct path_rule path = {rules[k].rule, i,
			naming ? "instance_name" : rules[k].column,
			naming ? b->naming_column : builder_column_number(b, rules[k].kind),
			rules[k].kind == COL_CHOICE_FILTER, NULL};
		check_one(b, &path, paths, whole);
	}
	for (k = 0; k < x->soft_count; k++)
		check_one(b,
			&(struct path_rule){x->soft[k].expr, i, "soft_constraint",
				builder_column_number(b, COL_SOFT), false, NULL},
			paths, whole);
	if (!paths && x->same_as != NULL)
		check_same_as(b, i);
	if (!paths && x->repeat_count != NULL)
		check_count_rule(b, i);
	for (const char *const *name = x->trigger; !paths && name != NULL && *name != NULL; name++)
		check_trigger(b, i, *name);
	if (!paths) {
		check_default_meets(b, i);
		check_never_asked(b, i);
	}
	leave(b, survey);
}

/* ---- circles ---- */

enum colour {
	WHITE,
	GREY, /* on the way here */
	BLACK
};

struct walk {
	struct builder *b;
	bool *uses; /* count x count: row i uses column j to be computed */
	enum colour *colour;
};

static void say_circle(struct builder *b, size_t i, size_t k)
{
	const struct field *x = &b->form->fields[i];
	enum column column = x->calculation != NULL    ? COL_CALCULATION
			     : x->repeat_count != NULL ? COL_REPEAT_COUNT
						       : COL_RELEVANT;
	struct sheet_row row;
	const struct sheet *survey = go_to(b, i, &row);

	builder_fault(b, (int)i == b->naming ? b->naming_column : builder_column_number(b, column),
		tr("%s 和 %s 互相推算, 成了一个圈。请让其中一个不依赖另一个。"), x->name,
		b->form->fields[k].name);
	leave(b, survey);
}

/* true: a circle was found and said. Depth is bounded by the number of fields, at most thousands.
 */
static bool walk_from(struct walk *w, size_t i)
{
	const struct form *f = w->b->form;
	const bool *uses = w->uses + i * f->count;
	size_t k;

	w->colour[i] = GREY;
	for (k = flags_next(uses, f->count, 0); k < f->count;
		k = flags_next(uses, f->count, k + 1)) {
		if (w->colour[k] == BLACK)
			continue;
		if (w->colour[k] == GREY) {
			say_circle(w->b, i, k);
			return true;
		}
		if (walk_from(w, k))
			return true;
	}
	w->colour[i] = BLACK;
	return false;
}

enum {
	CIRCLE_FIELDS_MAX = 3000
};

static void add_uses(struct visit *v, const struct expr *rule)
{
	struct path_rule path = {rule, v->field, "", 1, false, v->uses};

	if (rule == NULL)
		return;
	expr_references(rule, see, v);
	choice_mentions(v->b->form, rule, v->uses);
	check_paths(v->b, &path);
}

static void check_circles(struct builder *b)
{
	const size_t n = b->form->count;
	struct walk w = {b, NULL, NULL};
	size_t i;

	if (n > CIRCLE_FIELDS_MAX) {
		builder_fault(b, 1, tr("一张表最多 %d 栏, 请拆成几张"), CIRCLE_FIELDS_MAX);
		return;
	}
	w.uses = mem_array(n * n, sizeof *w.uses);
	w.colour = mem_array(n, sizeof *w.colour);
	for (i = 0; i < n; i++) {
		const struct field *x = &b->form->fields[i];
		struct visit v = {b, (int)i, "", 1, w.uses + i * n, true};
		/* A trigger runs the calculation only when it changes: no circle through itself. */
		if (x->trigger == NULL)
			add_uses(&v, x->calculation);
		add_uses(&v, x->relevant);
		add_uses(&v, x->repeat_count);
		/* what is in a group is there only when the group is */
		if (x->parent >= 0)
			v.uses[x->parent] = true;
	}
	for (i = 0; i < n; i++)
		if (w.colour[i] == WHITE && walk_from(&w, i))
			break;
	free(w.uses);
	free(w.colour);
}

void build_references(struct builder *b)
{
	/* Faulty expressions leave the tree as it is; a faulty row leaves a gap, so that of what
	 * refers to others only the names that nothing has are told beside it. */
	const bool whole = b->fault_count == b->rule_faults;
	size_t i;

	for (i = 0; i < b->form->count; i++) {
		check_rules(b, (int)i, false, whole);
		if (whole)
			check_search(b, i);
	}
	for (i = 0; whole && i < b->form->count; i++)
		check_rules(b, (int)i, true, true);
	check_name_case(b);
	check_mentions(b, whole);
	if (whole)
		check_circles(b);
}

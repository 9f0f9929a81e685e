/* Where the paths of a rule lead: each step is taken over the definition as it will be taken over
 * the answers. What a filter or a * may pick is not known before: anything may follow it. */
#include "forms/form_check.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"
#include "forms/expr_number.h"
#include "forms/fn.h"

enum place_kind {
	PLACE_UNKNOWN,
	PLACE_NOWHERE,
	PLACE_FIELD, /* of the form */
	PLACE_LIST,
	PLACE_ITEM,
	PLACE_CELL,
	PLACE_DAY /* no place: what today() gives */
};

struct place {
	enum place_kind kind;
	int field; /* PLACE_FIELD; -1: the form itself */
	const struct choice_list *list;
};

static const struct place unknown = {PLACE_UNKNOWN, -1, NULL};
static const struct place nowhere = {PLACE_NOWHERE, -1, NULL};

struct survey_of {
	struct builder *b;
	const struct path_rule *rule;
	struct place origin; /* current() */
	bool said;	     /* one sentence a rule */
};

static struct place field_place(int field)
{
	return (struct place){PLACE_FIELD, field, NULL};
}

static struct place visit(struct survey_of *s, int32_t at, struct place here);

static const struct enode *node_at(const struct survey_of *s, int32_t at)
{
	return &s->rule->expr->nodes[at];
}

/* The sentence of what is wrong with this rule, once. */
__attribute__((format(printf, 2, 3))) static void say(struct survey_of *s, const char *fmt, ...)
{
	struct buf sentence = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&sentence, fmt, ap);
	va_end(ap);
	if (!s->said && s->rule->uses == NULL)
		builder_fault(s->b, s->rule->column_at, "%s", buf_str(&sentence));
	s->said = true;
	buf_fini(&sentence);
}

static const char *rule_name(const struct survey_of *s)
{
	return s->b->form->fields[s->rule->field].name;
}

/* ---- steps ---- */

static struct place child_field(const struct form *f, int parent, const char *name)
{
	int i = parent + 1, end = parent < 0 ? (int)f->count : f->fields[parent].end;

	for (; i < end; i = f->fields[i].end)
		if (strcmp(f->fields[i].name, name) == 0)
			return field_place(i);
	/* the form's own notes on itself */
	return parent < 0 && strcmp(name, "meta") == 0 ? unknown : nowhere;
}

static bool has_column(const struct choice_list *l, const char *name)
{
	for (size_t i = 0; i < l->column_count; i++)
		if (strcmp(l->column_names[i], name) == 0)
			return true;
	return !l->own_columns && (strcmp(name, "name") == 0 || strcmp(name, "label") == 0);
}

static struct place child_of(const struct survey_of *s, struct place from, const char *name)
{
	switch (from.kind) {
	case PLACE_FIELD:
		return child_field(s->b->form, from.field, name);
	case PLACE_LIST:
		return strcmp(name, "item") == 0 ? (struct place){PLACE_ITEM, -1, from.list}
						 : nowhere;
	case PLACE_ITEM: /* a list whose file is not here may have any column */
		if (from.list->column_names == NULL)
			return unknown;
		return has_column(from.list, name) ? (struct place){PLACE_CELL, -1, from.list}
						   : nowhere;
	case PLACE_UNKNOWN:
		return unknown;
	default:
		return nowhere;
	}
}

static struct place parent_of(const struct survey_of *s, struct place from)
{
	if (from.kind == PLACE_FIELD && from.field >= 0)
		return field_place(s->b->form->fields[from.field].parent);
	if (from.kind == PLACE_CELL || from.kind == PLACE_ITEM)
		return (struct place){
			from.kind == PLACE_CELL ? PLACE_ITEM : PLACE_LIST, -1, from.list};
	return from.kind == PLACE_UNKNOWN ? unknown : nowhere;
}

static struct place step_from(
	const struct survey_of *s, const struct enode *step, struct place from)
{
	switch ((enum axis)step->op) {
	case AXIS_SELF:
		return step->any ? from : unknown;
	case AXIS_PARENT:
		return step->any ? parent_of(s, from) : unknown;
	case AXIS_CHILD:
		break;
	}
	return step->any ? unknown : child_of(s, from, expr_text(s->rule->expr, step));
}

static bool is_leaf(const struct survey_of *s, struct place p)
{
	const struct field *f =
		p.kind == PLACE_FIELD && p.field >= 0 ? &s->b->form->fields[p.field] : NULL;

	return f != NULL && f->type != FIELD_GROUP && f->type != FIELD_REPEAT;
}

static void say_nowhere(struct survey_of *s, const struct enode *step, struct place from)
{
	const char *name = step->op == AXIS_CHILD ? expr_text(s->rule->expr, step) : "..";

	if (is_leaf(s, from) && step->op == AXIS_CHILD)
		say(s, tr("%s 的 %s 里 %s 不是分组，后面不能写 /%s；相除请写 div，如 ${%s} div ${%s}"),
			rule_name(s), s->rule->column, s->b->form->fields[from.field].name, name,
			s->b->form->fields[from.field].name, name);
	else if (from.kind == PLACE_ITEM && near_column(from.list, name) != NULL)
		say(s, tr("%s 的 %s 里写了 %s，但选项列表 %s 没有这一列，是不是 %s？"),
			rule_name(s), s->rule->column, name, from.list->name,
			near_column(from.list, name));
	else if (from.kind == PLACE_ITEM || from.kind == PLACE_LIST)
		say(s, tr("%s 的 %s 里写了 %s，但选项列表 %s 没有这一列，请改名或补上"),
			rule_name(s), s->rule->column, name, from.list->name);
	else
		say(s, tr("%s 的 %s 里的路径走到 %s 就没有所指了，引用栏请写 ${栏名}"),
			rule_name(s), s->rule->column, name);
}

/* A word alone: it was meant to be a text, or a field by its name. */
static void say_bare_word(struct survey_of *s, const char *word)
{
	if (form_find(s->b->form, word) >= 0)
		say(s, tr("%s 的 %s 里的 %s 是一栏，引用它请写 ${%s}"), rule_name(s),
			s->rule->column, word, word);
	else if (strcasecmp(word, "null") == 0 || strcmp(word, "空") == 0)
		say(s, tr("%s 的 %s 里的 %s 请写成 ''（两个单引号），没有填就等于它"), rule_name(s),
			s->rule->column, word);
	else
		say(s, tr("%s 的 %s 里的 %s 若是文字，请加引号写成 '%s'；若是一栏，请写 ${栏名}"),
			rule_name(s), s->rule->column, word, word);
}

static bool is_word_alone(const struct survey_of *s, const struct enode *path, struct place here)
{
	const struct enode *step = path->first != EXPR_NONE ? node_at(s, path->first) : NULL;

	return path->op == PATH_RELATIVE && step != NULL && step->next == EXPR_NONE &&
	       step->op == AXIS_CHILD && !step->any && here.kind == PLACE_FIELD &&
	       step_from(s, step, here).kind == PLACE_NOWHERE;
}

/* The steps from at on; *filtered when a predicate picks among what they lead to. */
static struct place take_steps(struct survey_of *s, int32_t at, struct place from, bool *filtered)
{
	for (; at != EXPR_NONE; at = node_at(s, at)->next) {
		const struct enode *step = node_at(s, at);
		struct place to = step_from(s, step, from);

		if (to.kind == PLACE_NOWHERE) {
			say_nowhere(s, step, from);
			return unknown;
		}
		from = to;
		for (int32_t p = step->first; p != EXPR_NONE; p = node_at(s, p)->next) {
			*filtered = true;
			visit(s, p, from);
		}
	}
	return from;
}

/* Settings that do not name the form leave it to the paths: what the first of them calls it. */
static void adopt_root(struct survey_of *s, const struct enode *step)
{
	struct builder *b = s->b;

	if (b->root_named || step->op != AXIS_CHILD || step->any)
		return;
	if (child_field(b->form, -1, expr_text(s->rule->expr, step)).kind == PLACE_NOWHERE) {
		b->form->root = form_keep(b->form, expr_text(s->rule->expr, step));
		b->root_named = true;
	}
}

/* The first step names the top of the tree itself; a table's rows may follow at once. */
static struct place from_top(struct survey_of *s, int32_t *step, struct place top, const char *name)
{
	const struct enode *n = node_at(s, *step);

	if (n->op == AXIS_CHILD && (n->any || strcmp(expr_text(s->rule->expr, n), name) == 0)) {
		for (int32_t p = n->first; p != EXPR_NONE; p = node_at(s, p)->next)
			visit(s, p, top);
		*step = n->next;
		return top;
	}
	if (top.kind == PLACE_LIST)
		return top;
	say_nowhere(s, n, top);
	return unknown;
}

static bool calls(
	const struct survey_of *s, int32_t at, enum err (*fn)(struct call *, struct value *))
{
	return node_at(s, at)->kind == EN_CALL && node_at(s, at)->fn->eval == fn;
}

static struct place visit_path(struct survey_of *s, const struct enode *path, struct place here)
{
	int32_t step = path->first;
	bool filtered = false, self = false;

	if (is_word_alone(s, path, here)) {
		say_bare_word(s, expr_text(s->rule->expr, node_at(s, step)));
		return unknown;
	}
	if (path->op == PATH_ABSOLUTE) {
		here = field_place(-1);
		if (step != EXPR_NONE)
			adopt_root(s, node_at(s, step));
		if (step != EXPR_NONE)
			here = from_top(s, &step, here, s->b->form->root);
	} else if (path->op == PATH_FROM) {
		int32_t start = step;
		here = visit(s, start, here);
		filtered = node_at(s, start)->kind == EN_FILTER;
		step = node_at(s, start)->next;
		if (calls(s, start, fn_set_instance) && here.kind == PLACE_LIST)
			here = from_top(s, &step, here, "root");
	}
	/* . is the answer itself, no dependence */
	self = step != EXPR_NONE && node_at(s, step)->op == AXIS_SELF &&
	       node_at(s, step)->next == EXPR_NONE;
	here = take_steps(s, step, here, &filtered);
	if (s->rule->uses != NULL && here.kind == PLACE_FIELD && here.field >= 0 && !filtered &&
		!self)
		s->rule->uses[here.field] = true;
	return here;
}

/* ---- functions that name fields and lists ---- */

static struct place visit_instance(struct survey_of *s, int32_t argument)
{
	const char *id = expr_text(s->rule->expr, node_at(s, argument));
	const struct choice_list *l;

	if (node_at(s, argument)->kind != EN_STRING)
		return unknown;
	l = form_table(s->b->form, id);
	if (l != NULL)
		return (struct place){PLACE_LIST, -1, l};
	if (strncmp(id, "__", 2) != 0)
		say(s, tr("%s 的 %s 要看 instance('%s')，但没有叫这个名的选项列表或数据文件"),
			rule_name(s), s->rule->column, id);
	return unknown;
}

/* indexed-repeat(field, repeat, index, …): field stands in each of the repeats. */
static struct place visit_indexed(struct survey_of *s, int32_t first, struct place here)
{
	const struct form *f = s->b->form;
	struct place wanted = visit(s, first, here);
	int i = 1;

	for (int32_t a = node_at(s, first)->next; a != EXPR_NONE; a = node_at(s, a)->next, i++) {
		struct place at = visit(s, a, here);

		if (i % 2 == 0 || at.kind != PLACE_FIELD)
			continue;
		if (at.field < 0 || f->fields[at.field].type != FIELD_REPEAT)
			say(s, tr("%s 的 %s 里 indexed-repeat() 的第 %d 个参数 %s 不是重复组"),
				rule_name(s), s->rule->column, i + 1,
				at.field < 0 ? f->root : f->fields[at.field].name);
		else if (wanted.kind == PLACE_FIELD &&
			 (wanted.field <= at.field || wanted.field >= f->fields[at.field].end))
			say(s, tr("%s 的 %s 里 indexed-repeat() 要的栏不在重复组 %s 里"),
				rule_name(s), s->rule->column, f->fields[at.field].name);
	}
	return wanted;
}

static void visit_choice_name(struct survey_of *s, int32_t value, struct place here)
{
	int32_t named = node_at(s, value)->next;
	struct buf name = {0};
	int at;

	visit(s, value, here);
	if (node_at(s, named)->kind != EN_STRING) {
		visit(s, named, here);
		return;
	}
	fn_field_name(expr_text(s->rule->expr, node_at(s, named)), &name);
	at = form_find(s->b->form, buf_str(&name));
	if (at < 0)
		say(s, tr("%s 的 %s 提到了 ${%s}, 但没有这一栏, 请改名或补上"), rule_name(s),
			s->rule->column, buf_str(&name));
	else if (!field_chooses(&s->b->form->fields[at]))
		say(s, tr("%s 的 %s 里 jr:choice-name() 要一个选择栏，%s 没有选项"), rule_name(s),
			s->rule->column, buf_str(&name));
	buf_fini(&name);
}

/* The columns that pulldata() names are the file's: what is taken, and by which key. */
static void check_pulled(struct survey_of *s, int32_t table)
{
	const struct choice_list *l;
	int32_t taken = node_at(s, table)->next, key = node_at(s, taken)->next;

	if (node_at(s, table)->kind != EN_STRING)
		return;
	l = form_table(s->b->form, expr_text(s->rule->expr, node_at(s, table)));
	if (l == NULL || l->column_names == NULL) /* its file is not here */
		return;
	for (int i = 0; i < 2; i++) {
		const struct enode *n = node_at(s, i == 0 ? taken : key);
		if (n->kind == EN_STRING && !has_column(l, expr_text(s->rule->expr, n)))
			say_no_column(s->b, s->rule, l, expr_text(s->rule->expr, n));
	}
}

/* ---- what is compared ---- */

static const struct field a_day = {.type = FIELD_DATE, .name = "today()"};

static void check_constant(struct survey_of *s, struct place with, int32_t constant, bool one)
{
	const struct enode *n = node_at(s, constant);
	struct buf number = {0};
	struct compared c = {s->rule, NULL, NULL, n->kind == EN_NUMBER, one};

	if (with.kind == PLACE_FIELD && with.field >= 0)
		c.with = &s->b->form->fields[with.field];
	else if (with.kind == PLACE_DAY)
		c.with = &a_day;
	if (s->rule->uses != NULL || c.with == NULL ||
		(n->kind != EN_NUMBER && n->kind != EN_STRING))
		return;
	if (c.number)
		number_write(&number, n->number);
	c.text = c.number ? buf_str(&number) : expr_text(s->rule->expr, n);
	check_compared(s->b, &c);
	buf_fini(&number);
}

/* selected-at(${m}, 0) is one of the choices of m; today() is a day. */
static struct place place_of_call(struct survey_of *s, int32_t at, struct place here, bool *one)
{
	if (calls(s, at, fn_date_today))
		return (struct place){PLACE_DAY, -1, NULL};
	*one = calls(s, at, fn_select_at);
	return *one ? visit(s, node_at(s, at)->first, here) : unknown;
}

/* Choices may be numbers, so that more or less than one that there is not is told too. */
static bool is_ordered(const struct survey_of *s, struct place p)
{
	const struct field *f =
		p.kind == PLACE_FIELD && p.field >= 0 ? &s->b->form->fields[p.field] : NULL;

	return p.kind == PLACE_DAY ||
	       (f != NULL && f->list == NULL && f->type != FIELD_ACKNOWLEDGE);
}

static void visit_compare(struct survey_of *s, const struct enode *n, struct place here)
{
	int32_t a = n->first, b = node_at(s, a)->next;
	struct place left = visit(s, a, here), right = visit(s, b, here);
	enum oper op = (enum oper)node_at(s, b)->op2;
	bool one_left = false, one_right = false;

	for (int32_t c = node_at(s, b)->next; c != EXPR_NONE; c = node_at(s, c)->next)
		visit(s, c, here);
	if (node_at(s, b)->next != EXPR_NONE)
		return;
	if (left.kind == PLACE_UNKNOWN)
		left = place_of_call(s, a, here, &one_left);
	if (right.kind == PLACE_UNKNOWN)
		right = place_of_call(s, b, here, &one_right);
	if (op == OP_EQ || op == OP_NE || is_ordered(s, left))
		check_constant(s, left, b, one_left);
	if (op == OP_EQ || op == OP_NE || is_ordered(s, right))
		check_constant(s, right, a, one_right);
}

/* ---- the whole rule ---- */

static struct place visit_call(struct survey_of *s, const struct enode *call, struct place here)
{
	const bool selected = call->fn->eval == fn_select_selected;
	struct place first = unknown;
	bool keeps = call->fn->eval == fn_set_randomize;

	if (call->fn->eval == fn_set_current)
		return s->origin;
	if (call->fn->eval == fn_set_instance)
		return visit_instance(s, call->first);
	if (call->fn->eval == fn_set_indexed_repeat)
		return visit_indexed(s, call->first, here);
	if (call->fn->eval == fn_select_choice_name) {
		visit_choice_name(s, call->first, here);
		return unknown;
	}
	for (int32_t a = call->first; a != EXPR_NONE; a = node_at(s, a)->next) {
		struct place p = visit(s, a, here);
		if (a == call->first && keeps)
			first = p;
		if (a == call->first && selected)
			check_constant(s, p, node_at(s, a)->next, true);
	}
	if (call->fn->eval == fn_set_pulldata && s->rule->uses == NULL)
		check_pulled(s, call->first);
	return first;
}

static struct place reference_place(const struct survey_of *s, const char *name)
{
	const int *fields;

	return form_named(s->b->form, name, &fields) == 1 ? field_place(fields[0]) : unknown;
}

static struct place visit(struct survey_of *s, int32_t at, struct place here)
{
	const struct enode *n = node_at(s, at);
	struct place first = unknown;

	if (n->kind == EN_REF)
		return reference_place(s, expr_text(s->rule->expr, n));
	if (n->kind == EN_PATH)
		return visit_path(s, n, here);
	if (n->kind == EN_CALL)
		return visit_call(s, n, here);
	if (n->kind == EN_FILTER) {
		first = visit(s, n->first, here);
		for (int32_t p = node_at(s, n->first)->next; p != EXPR_NONE;
			p = node_at(s, p)->next)
			visit(s, p, first);
		return first;
	}
	if (n->kind == EN_COMPARE) {
		visit_compare(s, n, here);
		return unknown;
	}
	for (int32_t c = n->first; c != EXPR_NONE; c = node_at(s, c)->next)
		visit(s, c, here);
	return unknown;
}

void check_paths(struct builder *b, const struct path_rule *rule)
{
	const struct field *x = &b->form->fields[rule->field];
	struct survey_of s = {b, rule, field_place(rule->field), false};
	struct place here = s.origin;

	if (rule->of_choices) /* seen from a choice; choices that are repetitions have any name */
		here = x->list != NULL ? (struct place){PLACE_ITEM, -1, x->list} : unknown;
	visit(&s, rule->expr->root, here);
}

/* Where the paths of a rule lead: each step is taken over the definition as it will be taken over
 * the answers. What a filter or a * may pick is not known before: anything may follow it. */
#include "forms/form_place.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"

static const struct place unknown = {PLACE_UNKNOWN, -1, NULL, NULL};
static const struct place nowhere = {PLACE_NOWHERE, -1, NULL, NULL};

static struct place field_place(int field)
{
	return (struct place){PLACE_FIELD, field, NULL, NULL};
}

const struct enode *path_node(const struct survey_of *s, int32_t at)
{
	return &s->rule->expr->nodes[at];
}

/* The sentence of what is wrong with this rule, once. */
static void tell(struct survey_of *s, bool wrong, const char *fmt, va_list ap)
{
	struct buf sentence = {0};

	buf_vprintf(&sentence, fmt, ap);
	if (!s->said && s->rule->uses == NULL)
		(wrong ? builder_fault : builder_doubt)(
			s->b, s->rule->column_at, "%s", buf_str(&sentence));
	s->said = true;
	buf_fini(&sentence);
}

__attribute__((format(printf, 2, 3))) static void say(struct survey_of *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(s, true, fmt, ap);
	va_end(ap);
}

/* What leads nowhere, but gives what its writer may have meant. */
__attribute__((format(printf, 2, 3))) static void doubt(struct survey_of *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(s, false, fmt, ap);
	va_end(ap);
}

static const char *rule_name(const struct survey_of *s)
{
	return s->b->form->fields[s->rule->field].name;
}

/* ---- steps ---- */

static struct place child_field(const struct form *f, int parent, const char *name)
{
	int i = parent + 1, end = parent < 0 ? (int)f->count : f->fields[parent].end;
	/* the form's own notes on itself: only some of them are fields */
	const bool meta = parent < 0 ? strcmp(name, "meta") == 0
				     : strcmp(f->fields[parent].name, "meta") == 0;

	for (; i < end; i = f->fields[i].end)
		if (strcmp(f->fields[i].name, name) == 0)
			return field_place(i);
	return meta ? unknown : nowhere;
}

bool list_has_column(const struct choice_list *l, const char *name)
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
		return strcmp(name, "item") == 0 ? (struct place){PLACE_ITEM, -1, from.list, NULL}
						 : nowhere;
	case PLACE_ITEM: /* a list whose file is not here may have any column */
		if (from.list->column_names == NULL)
			return unknown;
		return list_has_column(from.list, name)
			       ? (struct place){PLACE_CELL, -1, from.list, name}
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
			from.kind == PLACE_CELL ? PLACE_ITEM : PLACE_LIST, -1, from.list, NULL};
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
	else if (from.kind == PLACE_ITEM) /* empty, as the specification has it */
		doubt(s, tr("%s 的 %s 里写了 %s，但选项列表 %s 没有这一列，请改名或补上"),
			rule_name(s), s->rule->column, name, from.list->name);
	else if (from.kind == PLACE_LIST)
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
		doubt(s, tr("%s 的 %s 里的 %s 请写成 ''（两个单引号），没有填就等于它"),
			rule_name(s), s->rule->column, word);
	else if (strcasecmp(word, "false") == 0)
		doubt(s, tr("%s 的 %s 里的 %s 请写成 false()"), rule_name(s), s->rule->column,
			word);
	else if (strcasecmp(word, "true") == 0)
		say(s, tr("%s 的 %s 里的 %s 请写成 true()"), rule_name(s), s->rule->column, word);
	else
		say(s, tr("%s 的 %s 里的 %s 若是文字，请加引号写成 '%s'；若是一栏，请写 ${栏名}"),
			rule_name(s), s->rule->column, word, word);
}

static bool is_word_alone(const struct survey_of *s, const struct enode *path, struct place here)
{
	const struct enode *step = path->first != EXPR_NONE ? path_node(s, path->first) : NULL;

	return path->op == PATH_RELATIVE && step != NULL && step->next == EXPR_NONE &&
	       step->op == AXIS_CHILD && !step->any && here.kind == PLACE_FIELD &&
	       step_from(s, step, here).kind == PLACE_NOWHERE;
}

/* The steps from at on; *filtered when a predicate picks among what they lead to. */
static struct place take_steps(struct survey_of *s, int32_t at, struct place from, bool *filtered)
{
	for (; at != EXPR_NONE; at = path_node(s, at)->next) {
		const struct enode *step = path_node(s, at);
		struct place to = step_from(s, step, from);

		if (to.kind == PLACE_NOWHERE) {
			say_nowhere(s, step, from);
			return unknown;
		}
		from = to;
		for (int32_t p = step->first; p != EXPR_NONE; p = path_node(s, p)->next) {
			*filtered = true;
			path_visit(s, p, from);
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
	const struct enode *n = path_node(s, *step);

	if (n->op == AXIS_CHILD && (n->any || strcmp(expr_text(s->rule->expr, n), name) == 0)) {
		for (int32_t p = n->first; p != EXPR_NONE; p = path_node(s, p)->next)
			path_visit(s, p, top);
		*step = n->next;
		return top;
	}
	if (top.kind == PLACE_LIST)
		return top;
	say_nowhere(s, n, top);
	return unknown;
}

bool path_calls(
	const struct survey_of *s, int32_t at, enum err (*fn)(struct call *, struct value *))
{
	return path_node(s, at)->kind == EN_CALL && path_node(s, at)->fn->eval == fn;
}

static struct place visit_path(struct survey_of *s, const struct enode *path, struct place here)
{
	int32_t step = path->first;
	bool filtered = false, self = false;

	if (is_word_alone(s, path, here)) {
		say_bare_word(s, expr_text(s->rule->expr, path_node(s, step)));
		return unknown;
	}
	if (path->op == PATH_ABSOLUTE) {
		here = field_place(-1);
		if (step != EXPR_NONE)
			adopt_root(s, path_node(s, step));
		if (step != EXPR_NONE)
			here = from_top(s, &step, here, s->b->form->root);
	} else if (path->op == PATH_FROM) {
		int32_t start = step;
		here = path_visit(s, start, here);
		filtered = path_node(s, start)->kind == EN_FILTER;
		step = path_node(s, start)->next;
		if (path_calls(s, start, fn_set_instance) && here.kind == PLACE_LIST)
			here = from_top(s, &step, here, "root");
	}
	/* . is the answer itself, no dependence */
	self = step != EXPR_NONE && path_node(s, step)->op == AXIS_SELF &&
	       path_node(s, step)->next == EXPR_NONE;
	here = take_steps(s, step, here, &filtered);
	if (s->rule->uses != NULL && here.kind == PLACE_FIELD && here.field >= 0 && !filtered &&
		!self)
		s->rule->uses[here.field] = true;
	return here;
}

/* ---- functions that name fields and lists ---- */

static struct place visit_instance(struct survey_of *s, int32_t argument)
{
	const char *id = expr_text(s->rule->expr, path_node(s, argument));
	const struct choice_list *l;

	if (path_node(s, argument)->kind != EN_STRING)
		return unknown;
	l = form_table(s->b->form, id);
	if (l != NULL)
		return (struct place){PLACE_LIST, -1, l, NULL};
	if (strncmp(id, "__", 2) != 0)
		say(s, tr("%s 的 %s 要看 instance('%s')，但没有叫这个名的选项列表或数据文件"),
			rule_name(s), s->rule->column, id);
	return unknown;
}

/* indexed-repeat(field, repeat, index, …): field stands in each of the repeats. */
static struct place visit_indexed(struct survey_of *s, int32_t first, struct place here)
{
	const struct form *f = s->b->form;
	struct place wanted = path_visit(s, first, here);
	int i = 1;

	for (int32_t a = path_node(s, first)->next; a != EXPR_NONE;
		a = path_node(s, a)->next, i++) {
		struct place at = path_visit(s, a, here);

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
	int32_t named = path_node(s, value)->next;
	struct buf name = {0};
	int at;

	path_visit(s, value, here);
	if (path_node(s, named)->kind != EN_STRING) {
		path_visit(s, named, here);
		return;
	}
	fn_field_name(expr_text(s->rule->expr, path_node(s, named)), &name);
	at = form_find(s->b->form, buf_str(&name));
	if (at < 0)
		say(s, tr("%s 的 %s 提到了 ${%s}, 但没有这一栏, 请改名或补上"), rule_name(s),
			s->rule->column, buf_str(&name));
	else if (!field_chooses(&s->b->form->fields[at]))
		say(s, tr("%s 的 %s 里 jr:choice-name() 要一个选择栏，%s 没有选项"), rule_name(s),
			s->rule->column, buf_str(&name));
	buf_fini(&name);
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
	for (int32_t a = call->first; a != EXPR_NONE; a = path_node(s, a)->next) {
		struct place p = path_visit(s, a, here);
		path_counted_call(s, call, p);
		if (a == call->first && keeps)
			first = p;
		if (a == call->first && selected)
			path_constant(s, p, path_node(s, a)->next, true);
	}
	if (call->fn->eval == fn_set_pulldata && s->rule->uses == NULL)
		path_pulled(s, call->first);
	return first;
}

static struct place reference_place(const struct survey_of *s, const char *name)
{
	const int *fields;

	return form_named(s->b->form, name, &fields) == 1 ? field_place(fields[0]) : unknown;
}

/* The operator before an operand of a chain; of the first one that after it. */
static enum oper operator_beside(
	const struct survey_of *s, const struct enode *chain, int32_t operand)
{
	if (operand == chain->first && path_node(s, operand)->next != EXPR_NONE)
		operand = path_node(s, operand)->next;
	return (enum oper)path_node(s, operand)->op2;
}

struct place path_visit(struct survey_of *s, int32_t at, struct place here)
{
	const struct enode *n = path_node(s, at);
	struct place first = unknown;

	if (n->kind == EN_REF)
		return reference_place(s, expr_text(s->rule->expr, n));
	if (n->kind == EN_PATH)
		return visit_path(s, n, here);
	if (n->kind == EN_CALL)
		return visit_call(s, n, here);
	if (n->kind == EN_FILTER) {
		first = path_visit(s, n->first, here);
		for (int32_t p = path_node(s, n->first)->next; p != EXPR_NONE;
			p = path_node(s, p)->next)
			path_visit(s, p, first);
		return first;
	}
	if (n->kind == EN_COMPARE) {
		path_compare(s, n, here);
		return unknown;
	}
	for (int32_t c = n->first; c != EXPR_NONE; c = path_node(s, c)->next) {
		struct place operand = path_visit(s, c, here);
		if (n->kind == EN_ARITH)
			path_counted(s, operand, operator_beside(s, n, c));
		else if (n->kind == EN_NEG)
			path_counted(s, operand, OP_SUB);
	}
	if (n->kind == EN_AND || n->kind == EN_OR)
		path_junction(s, at, here);
	return unknown;
}

void check_paths(struct builder *b, const struct path_rule *rule)
{
	const struct field *x = &b->form->fields[rule->field];
	struct survey_of s = {b, rule, field_place(rule->field), false, false};
	struct place here = s.origin;

	if (rule->of_choices) /* seen from a choice; choices that are repetitions have any name */
		here = x->list != NULL ? (struct place){PLACE_ITEM, -1, x->list, NULL} : unknown;
	path_visit(&s, rule->expr->root, here);
	if (rule->uses == NULL && has_known_choices(x) &&
		(rule->expr == x->calculation || rule->expr == x->dynamic_default))
		path_results(&s, rule->expr->root);
}

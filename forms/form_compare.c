/* Constants in rules: what a field is compared with, what a file is asked for, what a select is
 * computed to be. */
#include "forms/form_place.h"

#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_number.h"

/* The columns that pulldata() names are the file's: what is taken, and by which key. */
void path_pulled(struct survey_of *s, int32_t table)
{
	const struct choice_list *l;
	int32_t taken = path_node(s, table)->next, key = path_node(s, taken)->next;

	if (path_node(s, table)->kind != EN_STRING)
		return;
	l = form_table(s->b->form, expr_text(s->rule->expr, path_node(s, table)));
	if (l == NULL || l->column_names == NULL) /* its file is not here */
		return;
	for (int i = 0; i < 2; i++) {
		const struct enode *n = path_node(s, i == 0 ? taken : key);
		if (n->kind == EN_STRING && !list_has_column(l, expr_text(s->rule->expr, n)))
			say_no_column(s->b, s->rule, l, expr_text(s->rule->expr, n));
	}
}

/* ---- what is compared ---- */

static const struct field a_day = {.type = FIELD_DATE, .name = "today()"};

/* A number with a number: most comparisons, and nothing to say of them. */
static bool are_numbers(const struct enode *constant, const struct field *with)
{
	return constant->kind == EN_NUMBER &&
	       (with->type == FIELD_INTEGER || with->type == FIELD_DECIMAL ||
		       with->type == FIELD_RANGE);
}

void path_constant(struct survey_of *s, struct place with, int32_t constant, bool one)
{
	const struct enode *n = path_node(s, constant);
	struct buf number = {0};
	struct compared c = {s->rule, NULL, NULL, n->kind == EN_NUMBER, one};

	if (with.kind == PLACE_FIELD && with.field >= 0)
		c.with = &s->b->form->fields[with.field];
	else if (with.kind == PLACE_DAY)
		c.with = &a_day;
	if (s->rule->uses != NULL || c.with == NULL ||
		(n->kind != EN_NUMBER && n->kind != EN_STRING) || are_numbers(n, c.with))
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
	if (path_calls(s, at, fn_date_today))
		return (struct place){PLACE_DAY, -1, NULL, NULL};
	*one = path_calls(s, at, fn_select_at);
	return *one ? path_visit(s, path_node(s, at)->first, here)
		    : (struct place){PLACE_UNKNOWN, -1, NULL, NULL};
}

/* Choices may be numbers, so that more or less than one that there is not is told too. */
static bool is_ordered(const struct survey_of *s, struct place p)
{
	const struct field *f =
		p.kind == PLACE_FIELD && p.field >= 0 ? &s->b->form->fields[p.field] : NULL;

	return p.kind == PLACE_DAY ||
	       (f != NULL && f->list == NULL && f->type != FIELD_ACKNOWLEDGE);
}

static bool list_has_value(const struct choice_list *l, const char *column, const char *value)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct choice *c = &l->choices[i];
		if ((strcmp(column, "name") == 0 && strcmp(c->name, value) == 0) ||
			(strcmp(column, "label") == 0 &&
				(strcmp(c->label, value) == 0 || strcmp(c->label_en, value) == 0)))
			return true;
		for (size_t k = 0; k < l->column_count; k++)
			if (strcmp(l->column_names[k], column) == 0 &&
				strcmp(c->columns[k], value) == 0)
				return true;
	}
	return false;
}

/* A choice_filter that no choice passes. */
static void check_cell(struct survey_of *s, struct place cell, int32_t constant)
{
	const struct enode *n = path_node(s, constant);
	const struct choice_list *l = cell.list;

	if (cell.kind != PLACE_CELL || s->rule->uses != NULL || !s->rule->of_choices ||
		n->kind != EN_STRING || expr_text(s->rule->expr, n)[0] == '\0' ||
		form_list_file(l->name) ||
		list_has_value(l, cell.column, expr_text(s->rule->expr, n)))
		return;
	builder_doubt(s->b, s->rule->column_at,
		tr("%s 的 %s 要 %s 是 '%s' 的选项, 列表 %s 里一个也没有"),
		s->b->form->fields[s->rule->field].name, s->rule->column, cell.column,
		expr_text(s->rule->expr, n), l->name);
}

void path_compare(struct survey_of *s, const struct enode *n, struct place here)
{
	int32_t a = n->first, b = path_node(s, a)->next;
	struct place left = path_visit(s, a, here), right = path_visit(s, b, here);
	enum oper op = (enum oper)path_node(s, b)->op2;
	bool one_left = false, one_right = false;

	for (int32_t c = path_node(s, b)->next; c != EXPR_NONE; c = path_node(s, c)->next)
		path_visit(s, c, here);
	if (path_node(s, b)->next != EXPR_NONE)
		return;
	path_counted_compare(s, left, op, path_node(s, b));
	path_counted_compare(s, right, op, path_node(s, a));
	if (left.kind == PLACE_UNKNOWN)
		left = place_of_call(s, a, here, &one_left);
	if (right.kind == PLACE_UNKNOWN)
		right = place_of_call(s, b, here, &one_right);
	if (op == OP_EQ) {
		check_cell(s, left, b);
		check_cell(s, right, a);
	}
	if (op == OP_EQ || op == OP_NE || is_ordered(s, left))
		path_constant(s, left, b, one_left);
	if (op == OP_EQ || op == OP_NE || is_ordered(s, right))
		path_constant(s, right, a, one_right);
}

/* ---- what a select is computed to be ---- */

/* The constants that the rule may come to: '…', and those of if(). */
void path_results(struct survey_of *s, int32_t at)
{
	const struct field *x = &s->b->form->fields[s->rule->field];
	const struct enode *n = path_node(s, at);
	const char *text = n->kind == EN_STRING ? expr_text(s->rule->expr, n) : "";

	if (path_calls(s, at, fn_logic_if)) {
		int32_t yes = path_node(s, n->first)->next;
		path_results(s, yes);
		path_results(s, path_node(s, yes)->next);
	}
	if (text[0] != '\0' && x->type == FIELD_SELECT_ONE &&
		!is_choice(x->list, text, strlen(text))) {
		struct buf which = {0};
		say_choices(x->list, text, &which);
		builder_doubt(s->b, s->rule->column_at,
			tr("%s 的 %s 会得出 '%s', 它的选项 (列表 %s) 里没有这个; %s"), x->name,
			s->rule->column, text, x->list->name, buf_str(&which));
		buf_fini(&which);
	}
}

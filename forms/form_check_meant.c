/* What is right by itself and does not go together: names that differ in case alone, a default that
 * its own constraint refuses, a question that must be answered and is never asked. */
#include "forms/form_check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/entry_private.h" /* how a default becomes an answer */
#include "forms/expr_node.h"
#include "forms/fn.h"

/* ---- names ---- */

struct cased {
	const char *name;
	int field;
};

static int by_letters(const void *a, const void *b)
{
	const struct cased *x = a, *y = b;
	int order = strcasecmp(x->name, y->name);

	return order != 0 ? order : x->field - y->field;
}

void check_name_case(struct builder *b)
{
	const struct form *f = b->form;
	struct cased *list = mem_array(f->count + 1, sizeof *list);

	for (size_t i = 0; i < f->count; i++)
		list[i] = (struct cased){f->fields[i].name, (int)i};
	qsort(list, f->count, sizeof *list, by_letters);
	for (size_t i = 1; i < f->count; i++) {
		struct sheet_row row = {b->field_rows[list[i].field], NULL, 0};
		if (list[i].name[0] == '\0' || strcasecmp(list[i - 1].name, list[i].name) != 0 ||
			strcmp(list[i - 1].name, list[i].name) == 0 || list[i].field == b->naming)
			continue;
		b->row = &row;
		builder_doubt(b, builder_column_number(b, COL_NAME),
			tr("栏名 %s 和第 %d 行的 %s 只差大小写, 写规则时容易认错: 请把其中一个改得不一样"),
			list[i].name, b->field_rows[list[i - 1].field], list[i - 1].name);
	}
	free(list);
	b->row = NULL;
}

/* ---- defaults ---- */

static void note_any(void *arg, const char *name, bool path)
{
	(void)name;
	(void)path;
	*(bool *)arg = true;
}

/* It looks at nothing but the answer itself, and says the same each day. */
static bool of_itself(const struct expr *rule)
{
	bool others = expr_volatile(rule);

	expr_references(rule, note_any, &others);
	for (int32_t i = 0; i < rule->count; i++)
		others = others || (rule->nodes[i].kind == EN_CALL &&
					   (rule->nodes[i].fn->eval == fn_set_pulldata ||
						   rule->nodes[i].fn->eval == fn_set_instance ||
						   rule->nodes[i].fn->eval == fn_set_current));
	return !others;
}

static bool holds_for(const struct expr *rule, const char *value)
{
	const struct expr_env env = {.clock = &clock_system, .tz_fixed = true};
	struct node *n = node_new("value", -1);
	struct value v;
	bool holds = true;

	node_set(n, value);
	if (expr_eval(rule, &env, n, &v, NULL) == OK) {
		holds = value_boolean(&v);
		value_fini(&v);
	}
	node_free(n);
	return holds;
}

void check_default_meets(struct builder *b, int field)
{
	const struct field *f = &b->form->fields[field];
	struct buf value = {0};

	if (f->default_text == NULL || f->constraint == NULL || f->kind != NULL ||
		f->calculation != NULL || !form_asks(f) || !of_itself(f->constraint))
		return;
	entry_normalise(NULL, f, f->default_text, &value); /* no clock: there is no kind */
	if (value.len > 0 && !holds_for(f->constraint, buf_str(&value)))
		builder_doubt(b, builder_column_number(b, COL_DEFAULT),
			tr("%s 的 default %s 不合它自己的 constraint, 表一打开这一栏就是错的: 请改 "
			   "default, 或者空着"),
			f->name, f->default_text);
	buf_fini(&value);
}

/* ---- never shown ---- */

/* The same for every answer, and no: false(), 1 = 2. */
static bool is_never(const struct expr *rule)
{
	const struct expr_env env = {.clock = &clock_system, .tz_fixed = true};
	struct value v;
	bool never;

	for (int32_t i = 0; rule != NULL && i < rule->count; i++) {
		const struct enode *n = &rule->nodes[i];
		if (n->kind == EN_REF || n->kind == EN_PATH || n->kind == EN_STEP ||
			(n->kind == EN_CALL && n->fn->eval != fn_logic_true &&
				n->fn->eval != fn_logic_false && n->fn->eval != fn_logic_not))
			return false;
	}
	if (rule == NULL || expr_eval(rule, &env, NULL, &v, NULL) != OK)
		return false;
	never = !value_boolean(&v);
	value_fini(&v);
	return never;
}

void check_never_asked(struct builder *b, int field)
{
	const struct form *f = b->form;
	const struct field *x = &f->fields[field];
	int up = field;

	if (!x->always_required || !form_asks(x))
		return;
	while (up >= 0 && !is_never(f->fields[up].relevant))
		up = f->fields[up].parent;
	if (up == field)
		builder_doubt(b, builder_column_number(b, COL_RELEVANT),
			tr("%s 是必填的, relevant 却从不成立, 永远不会问: 请改 relevant, 或删去这一栏"),
			x->name);
	else if (up >= 0)
		builder_doubt(b, builder_column_number(b, COL_REQUIRED),
			tr("%s 是必填的, 它在的 %s (第 %d 行) relevant 却从不成立, 永远不会问: 请改那一行的 "
			   "relevant, 或删去这一栏"),
			x->name, f->fields[up].name, b->field_rows[up]);
}

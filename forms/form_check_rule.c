/* Rules that are right as expressions and yet say nothing: always the same, or three compared at
 * once; and columns of a row that wait for another. */
#include "forms/form_check.h"

#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"

/* Only constants and what is made of them; true() and the like are meant. */
static bool is_constant(const struct expr *e)
{
	for (int32_t i = 0; i < e->count; i++)
		switch ((enum node_kind)e->nodes[i].kind) {
		case EN_NUMBER:
		case EN_STRING:
		case EN_OR:
		case EN_AND:
		case EN_COMPARE:
		case EN_ARITH:
		case EN_NEG:
			break;
		default:
			return false;
		}
	return true;
}

/* 1 < . < 10 */
static bool compares_three(const struct expr *e)
{
	for (int32_t i = 0; i < e->count; i++) {
		const struct enode *n = &e->nodes[i];
		int32_t second = n->kind == EN_COMPARE ? e->nodes[n->first].next : EXPR_NONE;
		if (second != EXPR_NONE && e->nodes[second].next != EXPR_NONE &&
			e->nodes[second].op2 != OP_EQ && e->nodes[second].op2 != OP_NE)
			return true;
	}
	return false;
}

static bool is_soft(const struct field *f, const struct expr *rule)
{
	for (size_t i = 0; i < f->soft_count; i++)
		if (f->soft[i].expr == rule)
			return true;
	return false;
}

void check_rule(struct builder *b, const struct path_rule *rule)
{
	const struct field *x = &b->form->fields[rule->field];

	if (compares_three(rule->expr))
		builder_doubt(b, rule->column_at,
			tr("%s 的 %s 把三个连着比, 结果总是一样: 请拆成两个, 如 . > 1 and . < 10"),
			x->name, rule->column);
	else if ((rule->expr == x->constraint || rule->expr == x->relevant ||
			 is_soft(x, rule->expr)) &&
		 is_constant(rule->expr))
		builder_doubt(b, rule->column_at,
			tr("%s 的 %s 不看任何一栏, 结果总是一样: 本栏写 ., 别的栏写 ${栏名}, 范围写 . "
			   ">= 18 and . <= 60"),
			x->name, rule->column);
}

/* Written for a rule that the row does not have. */
static void check_pair(
	struct builder *b, const struct field *f, enum column message, enum column of)
{
	static const char *const names[COLUMN__MAX] = {[COL_CONSTRAINT] = "constraint",
		[COL_CONSTRAINT_MESSAGE] = "constraint_message",
		[COL_CONSTRAINT_MESSAGE_EN] = "constraint_message",
		[COL_SOFT] = "soft_constraint",
		[COL_SOFT_MESSAGE] = "soft_constraint_message",
		[COL_SOFT_MESSAGE_EN] = "soft_constraint_message",
		[COL_REQUIRED] = "required",
		[COL_REQUIRED_MESSAGE] = "required_message",
		[COL_REQUIRED_MESSAGE_EN] = "required_message"};
	int at = 0;

	if (builder_cell(b, message, &at)[0] != '\0' && builder_cell(b, of, NULL)[0] == '\0')
		builder_doubt(b, at, tr("%s 写了 %s, 却没有写 %s, 这句话不会出现"), f->name,
			names[message], names[of]);
}

static bool may_choose(enum field_type type)
{
	return type == FIELD_SELECT_ONE || type == FIELD_SELECT_MULTIPLE || type == FIELD_RANK;
}

void check_lone_columns(struct builder *b, const struct field *f)
{
	int at = 0;

	check_pair(b, f, COL_CONSTRAINT_MESSAGE, COL_CONSTRAINT);
	check_pair(b, f, COL_CONSTRAINT_MESSAGE_EN, COL_CONSTRAINT);
	check_pair(b, f, COL_SOFT_MESSAGE, COL_SOFT);
	check_pair(b, f, COL_SOFT_MESSAGE_EN, COL_SOFT);
	check_pair(b, f, COL_REQUIRED_MESSAGE, COL_REQUIRED);
	check_pair(b, f, COL_REQUIRED_MESSAGE_EN, COL_REQUIRED);
	if (f->soft_count > 0 && !form_asks(f))
		builder_fault(b, builder_column_number(b, COL_SOFT),
			tr("%s 不是填的栏, 没有人能在那里写明理由: 请把 soft_constraint 写在它的答案由来的那一栏"),
			f->name);
	if (f->type != FIELD_REPEAT && builder_cell(b, COL_REPEAT_COUNT, &at)[0] != '\0')
		builder_doubt(b, at,
			tr("%s 不是重复组, repeat_count 不起作用: 请写在 begin_repeat 那一行"),
			f->name);
	if (f->choice_filter != NULL && !may_choose(f->type))
		builder_doubt(b, builder_column_number(b, COL_CHOICE_FILTER),
			tr("%s 没有选项, choice_filter 不起作用"), f->name);
}

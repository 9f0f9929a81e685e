/* Numbers that are none: an identity number, a card's, a telephone's. Counted with, its digits
 * after the 15th go, its letters make it nothing, its zeros in front are lost. */
#include <ctype.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/form_place.h"

enum {
	SURE_DIGITS = 15
};

/* Digits that a number holds all of: only zeros in front are lost. */
static bool is_short(const char *kind)
{
	static const char *const kinds[] = {"mobile", "phone", "contact", "postcode", "region"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

static const struct field *numbered(const struct survey_of *s, struct place p)
{
	const struct field *f =
		p.kind == PLACE_FIELD && p.field >= 0 ? &s->b->form->fields[p.field] : NULL;

	return s->rule->uses == NULL && !s->counted && f != NULL && f->kind != NULL ? f : NULL;
}

/* which: where it is counted, "number()", "+". */
static void say_counted(struct survey_of *s, const struct field *f, const char *which)
{
	const char *own = s->b->form->fields[s->rule->field].name, *name = f->name;

	s->counted = true;
	if (is_short(f->kind))
		builder_doubt(s->b, s->rule->column_at,
			tr("%s 的 %s 把 %s (%s) 当数算 (%s), 号码不是数, 开头的 0 会丢: 比是不是一样写 "
			   "${%s} = '…', 取几位写 substr(${%s}, 0, 3), 位数写 string-length(${%s})"),
			own, s->rule->column, name, f->kind, which, name, name, name);
	else
		builder_fault(s->b, s->rule->column_at,
			tr("%s 的 %s 把 %s (%s) 当数算 (%s), 号码不是数, 超过 15 位就不准, 有字母就算不出: "
			   "比是不是一样写 ${%s} = '…' (加引号), 取几位写 substr(${%s}, 6, 10), 位数写 "
			   "string-length(${%s})"),
			own, s->rule->column, name, f->kind, which, name, name, name);
}

/* Functions that make a number of what they are given. */
static bool counts(const struct fn *fn)
{
	return fn->eval == fn_number_number || fn->eval == fn_number_int ||
	       fn->eval == fn_number_round || fn->eval == fn_number_floor ||
	       fn->eval == fn_number_ceiling || fn->eval == fn_number_abs ||
	       fn->eval == fn_number_pow || fn->eval == fn_number_sqrt ||
	       fn->eval == fn_number_sum || fn->eval == fn_number_min || fn->eval == fn_number_max;
}

void path_counted_call(struct survey_of *s, const struct enode *call, struct place argument)
{
	const struct field *f = counts(call->fn) ? numbered(s, argument) : NULL;
	struct buf which = {0};

	if (f == NULL)
		return;
	buf_printf(&which, "%s()", call->fn->name);
	say_counted(s, f, buf_str(&which));
	buf_fini(&which);
}

const char *path_sign(enum oper op)
{
	static const char *const signs[] = {[OP_NONE] = "+",
		[OP_EQ] = "=",
		[OP_NE] = "!=",
		[OP_LT] = "<",
		[OP_LE] = "<=",
		[OP_GT] = ">",
		[OP_GE] = ">=",
		[OP_ADD] = "+",
		[OP_SUB] = "-",
		[OP_MUL] = "*",
		[OP_DIV] = "div",
		[OP_MOD] = "mod"};

	return signs[op];
}

void path_counted(struct survey_of *s, struct place operand, enum oper op)
{
	const struct field *f = numbered(s, operand);

	if (f != NULL)
		say_counted(s, f, path_sign(op));
}

void path_counted_compare(
	struct survey_of *s, struct place with, enum oper op, const struct enode *other)
{
	/* the same or not: texts, unless one of them is a number */
	if ((op != OP_EQ && op != OP_NE) || other->kind == EN_NUMBER)
		path_counted(s, with, op);
}

/* ---- long numbers that stand in a rule ---- */

/* From the first digit that is not 0 to the last: 10000 is one digit and its size. */
static size_t digits_at(const char *text)
{
	size_t digits = 0, last = 0;

	for (; isdigit((unsigned char)*text) || *text == '.'; text++) {
		digits += *text != '.' && (digits > 0 || *text != '0');
		if (*text != '.' && *text != '0')
			last = digits;
	}
	return last;
}

void check_long_numbers(struct builder *b, const struct path_rule *rule)
{
	const struct expr *e = rule->expr;

	for (int32_t i = 0; i < e->count; i++) {
		const char *at = e->source + e->nodes[i].at;
		if (e->nodes[i].kind != EN_NUMBER || digits_at(at) <= SURE_DIGITS)
			continue;
		builder_doubt(b, rule->column_at,
			tr("%s 的 %s 里的数 %.*s 有 %zu 位, 只有前 15 位是准的: 若是号码, 请加引号写成 '%.*s'"),
			b->form->fields[rule->field].name, rule->column,
			(int)strspn(at, "0123456789."), at, digits_at(at),
			(int)strspn(at, "0123456789."), at);
		return;
	}
}

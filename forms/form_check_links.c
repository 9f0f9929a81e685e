/* Names that are not there, told with what may have been meant; and the fields that a field speaks
 * of outside its rules: same-as, trigger, the number of a repeat. */
#include "forms/form_check.h"

#include <math.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"
#include "forms/near.h"

const char *near_field(const struct form *f, const char *name)
{
	struct near n = {name, NULL, 0};

	for (size_t i = 0; i < f->count; i++)
		near_try(&n, f->fields[i].name);
	return n.best;
}

const char *near_column(const struct choice_list *l, const char *name)
{
	struct near n = {name, NULL, 0};

	for (size_t i = 0; i < l->column_count; i++)
		near_try(&n, l->column_names[i]);
	if (!l->own_columns) {
		near_try(&n, "name");
		near_try(&n, "label");
	}
	return n.best;
}

/* A field as its writer knows it: “成员” (r), or just r. */
static void put_field(struct buf *out, const struct field *f)
{
	const char *label = field_label(f);

	if (strcmp(label, f->name) != 0)
		buf_printf(out, tr("“%s” (%s)"), label, f->name);
	else
		buf_adds(out, f->name);
}

/* The number of a repeat is told in the words of what is repeated. */
static void say_no_count(
	struct builder *b, int at, const struct field *repeat, const char *name, const char *near)
{
	struct buf words = {0};

	put_field(&words, repeat);
	if (near != NULL)
		builder_fault(b, at,
			tr("%s 有几份要看 repeat_count 里写的 %s, 没有这一栏, 是不是 %s?"),
			buf_str(&words), name, near);
	else
		builder_fault(b, at,
			tr("%s 有几份要看 repeat_count 里写的 %s, 没有这一栏, "
			   "请改成问份数的那一栏的 name"),
			buf_str(&words), name);
	buf_fini(&words);
}

void say_no_field(struct builder *b, int at, int field, const char *column, const char *name)
{
	const struct field *f = &b->form->fields[field];
	const char *near = near_field(b->form, name);

	if (strcmp(column, "repeat_count") == 0)
		say_no_count(b, at, f, name, near);
	else if (near != NULL)
		builder_fault(b, at, tr("%s 的 %s 提到了 ${%s}, 但没有这一栏, 是不是 ${%s}?"),
			f->name, column, name, near);
	else
		builder_fault(b, at, tr("%s 的 %s 提到了 ${%s}, 但没有这一栏, 请改名或补上"),
			f->name, column, name);
}

void say_no_column(struct builder *b, const struct path_rule *rule, const struct choice_list *l,
	const char *column)
{
	const char *field = b->form->fields[rule->field].name;
	struct near n = {column, NULL, 0};
	struct buf there = {0};

	for (size_t i = 0; i < l->column_count; i++) {
		near_try(&n, l->column_names[i]);
		buf_printf(&there, "%s%s", i > 0 ? ", " : "", l->column_names[i]);
	}
	if (n.best != NULL)
		builder_fault(b, rule->column_at,
			tr("%s 的 %s 里 pulldata() 要的列 %s, 数据文件 %s 里没有, 是不是 %s?"),
			field, rule->column, column, l->name, n.best);
	else
		builder_fault(b, rule->column_at,
			tr("%s 的 %s 里 pulldata() 要的列 %s, 数据文件 %s 里没有, 它的列是: %s"),
			field, rule->column, column, l->name, buf_str(&there));
	buf_fini(&there);
}

void check_same_as(struct builder *b, int field)
{
	const struct field *x = &b->form->fields[field];
	int at = builder_column_number(b, COL_APPEARANCE), of = form_find(b->form, x->same_as);
	const char *near = of < 0 ? near_field(b->form, x->same_as) : NULL;

	if (strcmp(x->same_as, x->name) == 0)
		builder_fault(b, at, tr("%s 的 same-as 指着自己, 请写问同一件事的另一栏的 name"),
			x->name);
	else if (of < 0 && builder_lost(b, x->same_as))
		return;
	else if (of < 0 && near != NULL)
		builder_fault(
			b, at, tr("same-as 提到了 %s, 但没有这一栏, 是不是 %s?"), x->same_as, near);
	else if (of < 0)
		builder_fault(b, at, tr("same-as 提到了 %s, 但没有这一栏, 请改名"), x->same_as);
	else if (x->calculation == NULL)
		builder_fault(b, at,
			tr("%s 没有 calculation, 算出来的栏才写 same-as: 请补上算式, 或去掉 same-as"),
			x->name);
	else if (!form_asks(&b->form->fields[of]))
		builder_fault(b, at,
			tr("%s 的 same-as 写了 %s, 那一栏不是要人填的: 请写问同一件事的那一栏"),
			x->name, x->same_as);
}

/* A trigger is what somebody answers: nobody changes a computed field. */
void check_trigger(struct builder *b, int field, const char *name)
{
	const struct field *x = &b->form->fields[field];
	int of = form_find(b->form, name), at = builder_column_number(b, COL_TRIGGER);
	const struct field *t = of < 0 ? NULL : &b->form->fields[of];
	bool bare = t != NULL && t->label[0] == '\0' && t->label_en[0] == '\0';
	const char *near = of < 0 ? near_field(b->form, name) : NULL;

	if (t == NULL && builder_lost(b, name))
		return;
	if (t == NULL && near != NULL)
		builder_fault(b, at, tr("%s 的 trigger 提到了 ${%s}, 但没有这一栏, 是不是 ${%s}?"),
			x->name, name, near);
	else if (t == NULL)
		builder_fault(b, at, tr("%s 的 trigger 提到了 ${%s}, 但没有这一栏"), x->name, name);
	else if (of == field)
		builder_fault(b, at,
			tr("%s 的 trigger 写了它自己, 请写另一栏: 那一栏一改, 这里就重算"),
			x->name);
	else if (t->type == FIELD_CALCULATE || (bare && t->calculation != NULL))
		builder_fault(b, at, tr("%s 的 trigger ${%s} 是算出来的, 请写一个有人填的栏"),
			x->name, name);
}

/* ---- the number of a repeat ---- */

static void check_count_field(struct builder *b, const struct field *repeat, const struct field *of)
{
	struct buf words = {0}, count = {0};
	int at = builder_column_number(b, COL_REPEAT_COUNT);

	put_field(&words, repeat);
	put_field(&count, of);
	switch (of->type) {
	case FIELD_DATE:
	case FIELD_TIME:
	case FIELD_DATETIME:
	case FIELD_NOTE:
	case FIELD_FILE:
	case FIELD_GROUP:
	case FIELD_REPEAT:
	case FIELD_ACKNOWLEDGE:
		builder_fault(b, at, tr("%s 有几份要看 %s, 那一栏填的不是数: 请改成 integer 的栏"),
			buf_str(&words), buf_str(&count));
		break;
	case FIELD_SELECT_MULTIPLE:
	case FIELD_RANK:
		builder_doubt(b, at,
			tr("%s 有几份要看 %s, 那是多选的栏: 选了几项就要几份, 请写 "
			   "count-selected(${%s})"),
			buf_str(&words), buf_str(&count), of->name);
		break;
	case FIELD_TEXT:
		builder_doubt(b, at,
			tr("%s 有几份要看 %s, 那是文字栏, 填了字就没有份数: 请改成 integer 的栏"),
			buf_str(&words), buf_str(&count));
		break;
	default:
		break;
	}
	buf_fini(&words);
	buf_fini(&count);
}

void check_count_rule(struct builder *b, int field)
{
	const struct field *x = &b->form->fields[field];
	const struct expr *e = x->repeat_count;
	const struct enode *root = &e->nodes[e->root];
	struct buf words = {0};
	const int *fields;

	if (root->kind == EN_REF) {
		if (form_named(b->form, expr_text(e, root), &fields) == 1)
			check_count_field(b, x, &b->form->fields[fields[0]]);
	} else if (root->kind == EN_STRING || root->kind == EN_NEG ||
		   (root->kind == EN_NUMBER && root->number != floor(root->number))) {
		put_field(&words, x);
		builder_fault(b, builder_column_number(b, COL_REPEAT_COUNT),
			tr("%s 有几份, repeat_count 要是 0 以上的整数, 或者 ${问份数的栏}"),
			buf_str(&words));
		buf_fini(&words);
	}
}

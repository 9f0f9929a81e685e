/* What a select is compared with must be one of its choices, or the rule is never true; of the
 * choices themselves, names that answers could not hold and lists that nothing uses. */
#include "forms/form_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"
#include "forms/expr.h"
#include "forms/expr_time.h"
#include "forms/near.h"

enum {
	SHOWN_MAX = 6 /* choices that a sentence lists */
};

/* ---- the choices of a field ---- */

bool has_known_choices(const struct field *f)
{
	return f->list != NULL && f->list->count > 0 && !form_list_file(f->list->name) &&
	       (f->appearance == NULL || strstr(f->appearance, "search(") == NULL);
}

bool is_choice(const struct choice_list *l, const char *name, size_t len_bytes)
{
	for (size_t i = 0; i < l->count; i++)
		if (strlen(l->choices[i].name) == len_bytes &&
			memcmp(l->choices[i].name, name, len_bytes) == 0)
			return true;
	return false;
}

/* The choice that these are the words of, or NULL. */
static const struct choice *labelled(const struct choice_list *l, const char *text)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct choice *c = &l->choices[i];
		if (strcmp(c->label, text) == 0 || strcasecmp(c->label_en, text) == 0)
			return c;
	}
	return NULL;
}

bool say_choices(const struct choice_list *l, const char *written, struct buf *out)
{
	const struct choice *same = labelled(l, written);
	struct near n = {written, NULL, 0};

	for (size_t i = 0; i < l->count; i++)
		near_try(&n, l->choices[i].name);
	if (same != NULL) {
		buf_printf(out, tr("那是选项的文字, 请写它的代号 '%s'"), same->name);
	} else if (n.best != NULL) {
		buf_printf(out, tr("是不是 '%s'?"), n.best);
	} else {
		buf_adds(out, tr("选项有: "));
		for (size_t i = 0; i < l->count && i < SHOWN_MAX; i++)
			buf_printf(out, "%s%s", i > 0 ? ", " : "", l->choices[i].name);
		if (l->count > SHOWN_MAX)
			buf_printf(out, tr(" 等 %zu 个"), l->count);
	}
	return same != NULL || n.best != NULL;
}

/* ---- what a rule compares a field with ---- */

static const char *rule_name(const struct builder *b, const struct compared *c)
{
	return b->form->fields[c->rule->field].name;
}

/* Of a word that is none of them nor like one the rule may have been meant so: it is never true. */
static void say_no_choice(struct builder *b, const struct compared *c, const char *word)
{
	struct buf which = {0};
	bool meant = say_choices(c->with->list, word, &which);

	(meant ? builder_fault : builder_doubt)(b, c->rule->column_at,
		tr("%s 的 %s 里拿 %s 与 '%s' 比, 它的选项 (列表 %s) 里没有这个; %s"),
		rule_name(b, c), c->rule->column, c->with->name, word, c->with->list->name,
		buf_str(&which));
	buf_fini(&which);
}

/* 1 is the choice 01 too, when a number is meant. */
static bool is_number_of(const struct choice_list *l, const char *text)
{
	for (size_t i = 0; i < l->count; i++)
		if (is_decimal(l->choices[i].name) &&
			strtod(l->choices[i].name, NULL) == strtod(text, NULL))
			return true;
	return false;
}

static void check_select(struct builder *b, const struct compared *c)
{
	const struct choice_list *l = c->with->list;
	const bool several = !c->one && c->with->type != FIELD_SELECT_ONE;
	const char *at = c->text;
	struct buf word = {0};

	if (!has_known_choices(c->with) || (c->number && is_number_of(l, c->text)))
		return;
	while (*(at += several ? strspn(at, " ") : 0) != '\0') {
		size_t n = several ? strcspn(at, " ") : strlen(at);
		buf_clear(&word);
		buf_add(&word, at, n);
		if (!is_choice(l, at, n)) {
			say_no_choice(b, c, word.data);
			break;
		}
		at += n;
	}
	buf_fini(&word);
}

static void check_day(struct builder *b, const struct compared *c)
{
	const struct expr_env env = {.tz_fixed = true};
	int64_t ms;

	if (c->number)
		builder_doubt(b, c->rule->column_at,
			tr("%s 的 %s 里拿日期 %s 与数 %s 比: 日期按 1970 年起的天数算; 比日期请写 "
			   "'2026-12-31', 比年份请写 format-date(…, '%%Y')"),
			rule_name(b, c), c->rule->column, c->with->name, c->text);
	else if (!time_read(&env, c->text, &ms))
		builder_fault(b, c->rule->column_at,
			tr("%s 的 %s 里拿日期 %s 与 '%s' 比, 没有这一天或写法不对, 请写成 "
			   "'2026-12-31' 这样"),
			rule_name(b, c), c->rule->column, c->with->name, c->text);
}

/* ---- answers given before the form (情形) ---- */

/* The question of this name that some guide asks first; *has: one that is asked has the answer. */
static const struct field *asked_before(
	const struct builder *b, const char *name, const char *answer, size_t len, bool *has)
{
	const struct field *first = NULL;

	*has = false;
	for (size_t i = 0; i < b->asked->count; i++) {
		const struct form *f = b->asked->forms[i];
		int at = form_find(f, name);
		if (at < 0)
			continue;
		if (first == NULL)
			first = &f->fields[at];
		*has = *has || f->fields[at].list == NULL ||
		       is_choice(f->fields[at].list, answer, len);
	}
	return first;
}

/* Asked by none: told only when one of nearly this name is. */
static void say_not_asked(struct builder *b, const struct compared *c)
{
	struct near n = {c->with->name, NULL, 0};

	for (size_t i = 0; i < b->asked->count; i++)
		for (size_t k = 0; k < b->asked->forms[i]->count; k++)
			near_try(&n, b->asked->forms[i]->fields[k].name);
	if (n.best != NULL)
		builder_doubt(b, c->rule->column_at,
			tr("%s 的 %s 要看情形 %s, 用这张表的指南没有问这个, 是不是 %s?"),
			rule_name(b, c), c->rule->column, c->with->name, n.best);
}

static void check_asked(struct builder *b, const struct compared *c)
{
	const struct field *question = NULL;
	bool has = true;
	struct buf word = {0}, which = {0};

	for (const char *at = c->text; has && *(at += strspn(at, " ")) != '\0'; at += word.len) {
		buf_clear(&word);
		buf_add(&word, at, strcspn(at, " "));
		question = asked_before(b, c->with->name, at, word.len, &has);
		if (question == NULL) {
			say_not_asked(b, c);
			break;
		}
	}
	if (question != NULL && !has) {
		say_choices(question->list, buf_str(&word), &which);
		builder_doubt(b, c->rule->column_at,
			tr("%s 的 %s 里拿情形 %s 与 '%s' 比, 用这张表的指南里没有这个答案; %s"),
			rule_name(b, c), c->rule->column, c->with->name, buf_str(&word),
			buf_str(&which));
	}
	buf_fini(&word);
	buf_fini(&which);
}

void check_compared(struct builder *b, const struct compared *c)
{
	if (c->text[0] == '\0')
		return;
	switch (c->with->type) {
	case FIELD_HIDDEN:
		if (b->asked != NULL && b->asked->count > 0)
			check_asked(b, c);
		break;
	case FIELD_SELECT_ONE:
	case FIELD_SELECT_MULTIPLE:
	case FIELD_RANK:
		check_select(b, c);
		break;
	case FIELD_DATE:
	case FIELD_DATETIME:
		check_day(b, c);
		break;
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
	case FIELD_RANGE:
		if (!c->number && !is_decimal(c->text) && strcmp(c->text, "NaN") != 0)
			builder_fault(b, c->rule->column_at,
				tr("%s 的 %s 里拿 %s 与 '%s' 比, 可 %s 是数, 不会是这个"),
				rule_name(b, c), c->rule->column, c->with->name, c->text,
				c->with->name);
		break;
	case FIELD_ACKNOWLEDGE:
		if (c->number || strcmp(c->text, "OK") != 0)
			builder_fault(b, c->rule->column_at,
				tr("%s 的 %s 里拿 %s 与 '%s' 比, 确认了的是 'OK', 没有确认的是 ''"),
				rule_name(b, c), c->rule->column, c->with->name, c->text);
		break;
	default:
		break;
	}
}

/* ---- the sheet of choices ---- */

/* The list is the field's, or what or_other made its own of. */
static bool is_of(const struct field *f, const struct choice_list *l)
{
	return f->list != NULL && f->list->name == l->name;
}

static bool takes_several(const struct form *f, const struct choice_list *l)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_of(&f->fields[i], l) && (f->fields[i].type == FIELD_SELECT_MULTIPLE ||
						       f->fields[i].type == FIELD_RANK))
			return true;
	return false;
}

void check_choice_names(struct builder *b)
{
	const struct sheet *survey = b->sheet;

	for (size_t i = 0; i < b->spaced_count; i++) {
		const struct spaced_choice *c = &b->spaced[i];
		struct sheet sheet = {.file = (char *)(uintptr_t)c->sheet};
		struct sheet_row row = {c->row, NULL, 0};
		if (!takes_several(b->form, &b->form->lists[c->list]))
			continue;
		b->sheet = &sheet;
		b->row = &row;
		builder_fault(b, c->column,
			tr("选项 %s 的 name 里有空格, 列表 %s 却可以多选: 多选的答案用空格隔开, "
			   "请去掉这里的空格"),
			c->name, b->form->lists[c->list].name);
	}
	b->sheet = survey;
	b->row = NULL;
}

static bool is_name_part(char c)
{
	return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The whole word stands in the text: instance('name'), begin_loop over name, tick_labelset=name. */
static bool mentions(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name))
		if ((at == text || !is_name_part(at[-1])) && !is_name_part(at[n]))
			return true;
	return false;
}

static bool is_mentioned(const struct sheet *survey, const char *name)
{
	for (size_t r = 1; survey != NULL && r < survey->count; r++)
		for (size_t c = 0; c < survey->rows[r].count; c++)
			if (mentions(survey->rows[r].cells[c], name))
				return true;
	return false;
}

static bool is_used(const struct form *f, const struct choice_list *l)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_of(&f->fields[i], l))
			return true;
	return false;
}

/* b is at the first row of the list; false: it has none on this sheet. */
static bool find_list(
	struct builder *b, const struct sheet *s, const char *name, struct sheet_row *row, int *at)
{
	size_t column = 0;

	if (s == NULL || s->count == 0)
		return false;
	while (column < s->rows[0].count &&
		builder_column(s->rows[0].cells[column]) != COL_LIST_NAME)
		column++;
	for (size_t i = 1; i < s->count; i++)
		if (column < s->rows[i].count && strcmp(s->rows[i].cells[column], name) == 0) {
			*row = s->rows[i];
			*at = (int)column + 1;
			b->sheet = s;
			b->row = row;
			return true;
		}
	return false;
}

/* Pictures stand for words. */
static bool has_media(const struct sheet *s)
{
	for (size_t i = 0; s != NULL && s->count > 0 && i < s->rows[0].count; i++) {
		enum column c = builder_column(s->rows[0].cells[i]);
		if (c == COL_IMAGE || c == COL_BIG_IMAGE || c == COL_MEDIA)
			return true;
	}
	return false;
}

/* Asked by a select of its own, not taken from elsewhere by search(). */
static bool is_asked(const struct form *f, const struct choice_list *l)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_of(&f->fields[i], l) && has_known_choices(&f->fields[i]))
			return true;
	return false;
}

/* The list, counted among the form's, is one of the sheet external_choices. */
static bool is_external(const struct builder *b, size_t list)
{
	return list >= b->external_first && list < b->external_end;
}

/* What or_other made its own of: the first of that name is told of. */
static bool is_copy(const struct form *f, const struct choice_list *l)
{
	for (const struct choice_list *other = f->lists; other < l; other++)
		if (other->name == l->name)
			return true;
	return false;
}

void check_choice_words(struct builder *b, const struct workbook *w)
{
	const struct sheet *was = b->sheet, *choices = workbook_sheet(w, "choices");

	for (size_t i = 0; choices != NULL && !has_media(choices) && i < b->form->list_count; i++) {
		const struct choice_list *l = &b->form->lists[i];
		const struct choice *first = NULL;
		struct sheet_row row;
		size_t bare = 0;
		int at = 0;
		for (size_t k = 0; k < l->count; k++)
			if (l->choices[k].label[0] == '\0' && l->choices[k].label_en[0] == '\0' &&
				l->choices[k].name[0] != '\0' && bare++ == 0)
				first = &l->choices[k];
		if (bare == 0 || is_external(b, i) || !is_asked(b->form, l) ||
			is_copy(b->form, l) || !find_list(b, choices, l->name, &row, &at))
			continue;
		builder_doubt(b, at,
			tr("列表 %s 有 %zu 个选项没有 label (从 %s 起), 窗口上只看得到代号: 请填上文字"),
			l->name, bare, first->name);
	}
	b->sheet = was;
	b->row = NULL;
}

void check_unused_lists(struct builder *b, const struct workbook *w)
{
	const struct sheet *was = b->sheet, *survey = workbook_sheet(w, "survey");

	for (size_t i = 0; i < b->form->list_count; i++) {
		const struct choice_list *l = &b->form->lists[i];
		struct sheet_row row;
		int at = 0;
		if (is_used(b->form, l) || form_list_file(l->name) || is_mentioned(survey, l->name))
			continue;
		if (find_list(b, is_external(b, i) ? b->external : workbook_sheet(w, "choices"),
			    l->name, &row, &at))
			builder_doubt(b, at, tr("列表 %s 没有一栏用到, 是不是 type 里写错了名字?"),
				l->name);
	}
	b->sheet = was;
	b->row = NULL;
}

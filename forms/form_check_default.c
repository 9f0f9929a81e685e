/* A constant default that could never be an answer: it would stand there wrong in every form. */
#include "forms/form_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/entry_private.h" /* how a default becomes an answer */
#include "forms/form_types.h"

static void check_choice(struct builder *b, const struct field *f, int at, const char *value)
{
	const bool other = type_other(builder_cell(b, COL_TYPE, NULL)) != NULL;
	struct buf word = {0}, which = {0};

	if (!has_known_choices(f))
		return;
	for (const char *p = value; *p != '\0';) {
		size_t n = f->type == FIELD_SELECT_ONE ? strlen(p) : strcspn(p, " ");
		buf_clear(&word);
		buf_add(&word, p, n);
		if (n > 0 && !is_choice(f->list, p, n) &&
			!(other && strcmp(word.data, "other") == 0)) {
			say_choices(f->list, word.data, &which);
			builder_fault(b, at, tr("%s 的 default %s 不在选项 (列表 %s) 里; %s"),
				f->name, word.data, f->list->name, buf_str(&which));
			break;
		}
		p += n;
		p += strspn(p, " ");
	}
	buf_fini(&word);
	buf_fini(&which);
}

static void check_number(struct builder *b, const struct field *f, int at, const char *value)
{
	double n = strtod(value, NULL);
	double low = fmin(f->range_start, f->range_end), high = fmax(f->range_start, f->range_end);

	/* pyxform takes any: only a doubt */
	if (!is_decimal(value))
		builder_doubt(b, at,
			tr("%s 是数的栏, default 不能是 %s: 请只写数字, 不带单位和文字"), f->name,
			value);
	else if (f->type == FIELD_INTEGER && strchr(value, '.') != NULL)
		builder_doubt(b, at,
			tr("%s 是整数栏, default 不能是 %s: 请写整数, 或把 type 改成 decimal"),
			f->name, value);
	else if (f->type == FIELD_RANGE && low < high && (n < low || n > high))
		builder_fault(b, at, tr("%s 的 default %s 不在 parameters 写的 %g 到 %g 之间"),
			f->name, value, low, high);
}

static void check_moment(struct builder *b, const struct field *f, int at, const char *value)
{
	struct buf why = {0};

	if (!entry_date_right(f->type, value, &why))
		builder_fault(
			b, at, tr("%s 的 default %s 不对: %s"), f->name, value, buf_str(&why));
	buf_fini(&why);
}

void check_default(struct builder *b, const struct field *f)
{
	struct buf value = {0};
	int at = 0;

	/* What is computed replaces it. */
	if (f->kind != NULL || (builder_cell(b, COL_CALCULATION, NULL)[0] != '\0'))
		return;
	builder_cell(b, COL_DEFAULT, &at);
	entry_normalise(NULL, f, f->default_text, &value); /* no clock: there is no kind */
	switch (f->type) {
	case FIELD_SELECT_ONE:
	case FIELD_SELECT_MULTIPLE:
	case FIELD_RANK:
		check_choice(b, f, at, buf_str(&value));
		break;
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
	case FIELD_RANGE:
		check_number(b, f, at, buf_str(&value));
		break;
	case FIELD_DATE:
	case FIELD_TIME:
	case FIELD_DATETIME:
		check_moment(b, f, at, buf_str(&value));
		break;
	case FIELD_ACKNOWLEDGE:
		if (value.len > 0 && strcmp(value.data, "OK") != 0)
			builder_fault(
				b, at, tr("%s 是确认栏, default 只能写 OK 或者空着"), f->name);
		break;
	default:
		break;
	}
	buf_fini(&value);
}

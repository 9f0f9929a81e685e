#include "tui/slip_fill.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/documents/slip_facts.h"

/* How each fact that can lack is typed; any other is a text. */
enum form {
	FORM_TEXT,
	FORM_DAY,
	FORM_LIST /* name: second member, more after ; */
};

static const struct shape {
	const char *lack, *list;
	enum form form;
	const char *second; /* member after the colon */
	const char *hint;   /* N_() */
} shapes[] = {
	{"due_date", NULL, FORM_DAY, NULL, N_("年-月-日")},
	{"last_day", NULL, FORM_DAY, NULL, N_("年-月-日")},
	{"corrections", "corrections", FORM_LIST, "defect", N_("材料: 问题; 材料: 问题")},
	{"corrections.defect", "corrections", FORM_LIST, "defect", N_("材料: 问题; 材料: 问题")},
	{"owed", "owed", FORM_LIST, "due_date", N_("材料: 年-月-日; 材料: 年-月-日")},
	{"owed.due_date", "owed", FORM_LIST, "due_date", N_("材料: 年-月-日; 材料: 年-月-日")},
	{"documents", "documents", FORM_LIST, "number", N_("名称: 编号; 名称: 编号")},
	{"materials", "materials", FORM_LIST, "form", N_("材料: 形式; 材料: 形式")},
};

static const struct shape *shape_of(const char *lack)
{
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (strcmp(shapes[i].lack, lack) == 0)
			return &shapes[i];
	return NULL;
}

void slip_fill_label(struct buf *out, const char *lack, const char *help)
{
	const struct shape *s = shape_of(lack);

	buf_adds(out, tr(help));
	if (s != NULL)
		buf_printf(out, " (%s)", tr(s->hint));
}

/* Signs of a Chinese input method count as their half-width twins. */
static char *half_width(const char *typed)
{
	struct buf b = {0};

	text_halfwidth(&b, typed);
	return buf_take(&b);
}

/* One element: the name, and what stands after the colon. false: nothing. */
static bool put_element(struct buf *out, const struct shape *s, char *one)
{
	char *second = strchr(one, ':');

	if (second != NULL)
		*second++ = '\0';
	text_trim(one);
	if (*one == '\0')
		return false;
	json_comma(out);
	buf_addc(out, '{');
	json_member_str(out, "name", one);
	if (second != NULL) {
		text_trim(second);
		json_member_str(out, s->second, second);
	}
	buf_addc(out, '}');
	return true;
}

static bool put_list(struct buf *out, const struct shape *s, const char *typed)
{
	char *text = half_width(typed), *rest = text, *one;
	bool any = false;

	buf_addc(out, '[');
	while ((one = strtok_r(rest, ";", &rest)) != NULL)
		any |= put_element(out, s, one);
	buf_addc(out, ']');
	free(text);
	return any;
}

static bool put_day(struct buf *out, const char *typed)
{
	char *text = half_width(typed);
	struct date d;
	bool good;

	text_trim(text);
	good = date_parse(text, &d);
	json_put_str(out, text);
	free(text);
	return good;
}

/* {"name": what was typed}. */
static bool put_fact(struct buf *out, const struct shape *s, const char *lack, const char *typed)
{
	bool good = true;

	buf_addc(out, '{');
	json_member(out, s != NULL && s->list != NULL ? s->list : lack);
	if (s == NULL)
		json_put_str(out, typed);
	else
		good = s->form == FORM_DAY ? put_day(out, typed) : put_list(out, s, typed);
	buf_addc(out, '}');
	return good;
}

enum err slip_fill(
	struct buf *out, const char *given, const char *lack, const char *typed, struct buf *why)
{
	const struct shape *s = shape_of(lack);
	struct buf fact = {0};
	json *before = NULL, *now = NULL;
	enum err e = OK;

	if (!put_fact(&fact, s, lack, typed)) {
		buf_why(why, tr("要写成: %s"), tr(s->hint));
		e = ERR_INVALID;
	}
	if (e == OK && given != NULL)
		e = json_parse(&before, given, strlen(given), why);
	if (e == OK)
		e = json_parse(&now, fact.data, fact.len, why);
	if (e == OK)
		slip_facts_merge(out, before, now);
	json_free(before);
	json_free(now);
	buf_fini(&fact);
	return e;
}

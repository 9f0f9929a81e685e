#include "tui/form_line.h"

#include <string.h>

#include "forms/entry.h"

bool form_line_is_heading(const struct entry_line *l)
{
	return l->field->type == FIELD_GROUP || l->field->type == FIELD_REPEAT;
}

bool form_line_is_adder(const struct entry_line *l)
{
	return l->field->type == FIELD_REPEAT && l->repetition == 0;
}

bool form_line_is_shown(const struct entry_line *l)
{
	if (l->field->type == FIELD_HIDDEN)
		return false;
	return l->field->type != FIELD_CALCULATE || *field_label(l->field);
}

bool form_line_is_reviewed(const struct entry_line *l)
{
	enum field_type type = l->field->type;

	return !form_line_is_heading(l) && type != FIELD_NOTE && type != FIELD_HIDDEN &&
	       *entry_label(l);
}

bool form_line_can_focus(const struct entry_line *l)
{
	if (!form_line_is_shown(l) || l->readonly)
		return false;
	if (form_line_is_heading(l))
		return form_line_is_adder(l);
	return l->field->type != FIELD_NOTE && l->field->type != FIELD_CALCULATE;
}

bool form_line_is_select(const struct field *f)
{
	return f->type == FIELD_SELECT_ONE || f->type == FIELD_SELECT_MULTIPLE ||
	       f->type == FIELD_RANK;
}

bool form_line_holds(const char *value, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = value; *p;) {
		size_t n = strcspn(p, " ");
		if (n == len && memcmp(p, name, n) == 0)
			return true;
		p += n;
		p += strspn(p, " ");
	}
	return false;
}

bool form_line_is_certificate(const struct field *f)
{
	return f->kind && (strcmp(f->kind, "id-card") == 0 || strcmp(f->kind, "person-id") == 0);
}

bool form_line_is_twice(const struct field *f)
{
	return f->appearance && form_line_holds(f->appearance, "twice");
}

bool form_line_same(const char *first, const char *second)
{
	do {
		first += strspn(first, " -");
		second += strspn(second, " -");
		if (*first != *second)
			return false;
	} while (*first++ && *second++);
	return true;
}
